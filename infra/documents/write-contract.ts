/** `npm run docs`: writes docs/contract.md anew, below the directory it is started in. */
import { writeFileSync } from "node:fs";
import { contractDocument } from "./contract-document.js";

writeFileSync("docs/contract.md", contractDocument());
