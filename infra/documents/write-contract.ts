/** `npm run docs`: writes docs/contract.md, docs/asyncapi.json and docs/schemas/ anew, below the directory it is started in. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { asyncApiDocument } from "./asyncapi-document.js";
import { contractDocument } from "./contract-document.js";
import { jsonText } from "./json-text.js";
import { schemaFiles } from "./schema-files.js";

writeFileSync("docs/contract.md", contractDocument());
writeFileSync("docs/asyncapi.json", jsonText(asyncApiDocument()));
rmSync("docs/schemas", { recursive: true, force: true });
mkdirSync("docs/schemas");
for (const [name, schema] of schemaFiles()) writeFileSync(`docs/schemas/${name}`, jsonText(schema));
