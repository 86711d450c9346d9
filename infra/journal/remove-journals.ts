/** Takes away the journals of an earlier run whose results are replaced. A state folder's are never removed, but set aside. */
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { journalledRoles } from "./hosted-actor.js";
import { journalsFolder } from "./journal-folder.js";

export function removeJournals(folder: string): void {
  const journals = journalsFolder(folder);
  if (!existsSync(journals)) return;
  for (const name of readdirSync(journals)) {
    // Only what a journal consists of: the file itself, its log, its marks.
    if (journalledRoles.some((role) => name.startsWith(`${role}.`))) rmSync(join(journals, name));
  }
  if (readdirSync(journals).length === 0) rmdirSync(journals);
}
