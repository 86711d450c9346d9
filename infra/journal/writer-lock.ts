/**
 * One writer per journal: whoever writes `bidding.sqlite` holds an exclusive transaction on the empty database `bidding.lock`
 * beside it for as long as it does. The operating system lets go of it when the process ends, however it ends; readers do not
 * look at it. Two connections of one process exclude each other too.
 */
import { dirname } from "node:path";
import { JournalError } from "./journal.js";
import { journalError, openFile } from "./journal-file.js";

export interface WriterLock {
  release(): void;
}

/** @throws JournalError where another writer is at work, or the lock cannot be written. */
export function takeWriterLock(journalFile: string): WriterLock {
  const file = `${journalFile.replace(/\.sqlite$/, "")}.lock`;
  const lock = openFile(file, "lock");
  try {
    // Nothing is ever written: without this a file for taking it back would lie there after a kill.
    lock.pragma("journal_mode = MEMORY");
    // Begun alone, a transaction on a file that may only be read would pass, and lock nothing.
    lock.exec("BEGIN EXCLUSIVE; CREATE TABLE held(one)");
  } catch (error) {
    lock.close();
    if ((error as { code?: unknown }).code !== "SQLITE_BUSY") throw journalError(file, "written", error);
    throw new JournalError(
      `${journalFile} is being written by another process: a market already runs on ${dirname(dirname(journalFile))}; stop it first, or name another state folder`,
    );
  }
  return {
    release() {
      if (!lock.open) return;
      lock.exec("ROLLBACK");
      lock.close();
    },
  };
}
