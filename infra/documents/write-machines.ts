/** `npm run docs`: draws docs/machines anew, below the directory it is started in. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineDrawings } from "./machine-drawings.js";

const folder = "docs/machines";
mkdirSync(folder, { recursive: true });
const drawings = await machineDrawings();
for (const name of readdirSync(folder)) if (!drawings.has(name)) rmSync(join(folder, name));
for (const [name, text] of drawings) writeFileSync(join(folder, name), text);
