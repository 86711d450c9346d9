/** Looks into any journal of a state folder: those that this process writes, and those of managers that run elsewhere. */
import { existsSync } from "node:fs";
import type { Log } from "../../market/ports.js";
import type { ReadJournal } from "../journal/handovers-agree.js";
import type { JournalledRole } from "../journal/hosted-actor.js";
import type { ActorJournal } from "../journal/journal.js";
import { journalFile, openJournals } from "../journal/journal-folder.js";
import { programVersion } from "../version.js";

/** @param here those that this process has open */
export function readerIn(
  stateFolder: string,
  here: readonly JournalledRole[],
  journalOf: (role: JournalledRole) => ActorJournal,
  log: Log,
): ReadJournal {
  return (role, read) => {
    if (here.includes(role)) return read(journalOf(role));
    if (!existsSync(journalFile(stateFolder, role))) return undefined;
    try {
      const opened = openJournals(stateFolder, {
        ...{ roles: [role], readonly: true, programVersion, durability: "full" },
      });
      try {
        return read(opened.journalOf(role));
      } finally {
        opened.close();
      }
    } catch (error) {
      // It may be of another version, which its own manager is.
      log.warn(`the journal of ${role}, which runs elsewhere, cannot be looked at`, { reason: String(error) });
      return undefined;
    }
  };
}
