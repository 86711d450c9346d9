/** `npm run docs`: writes the generated parts of docs/mechanisms.md anew, below the directory it is started in. */
import { readFileSync, writeFileSync } from "node:fs";
import { mechanismsDocument } from "./mechanisms-document.js";

const page = readFileSync("docs/mechanisms.md", "utf8");
writeFileSync("docs/mechanisms.md", await mechanismsDocument(page, "docs/example-book.csv"));
