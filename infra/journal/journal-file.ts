/** One SQLite file through libsql: how it is opened, and what its complaints mean to an operator. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { JournalError } from "./journal.js";

export type JournalFile = InstanceType<typeof Database>;

/** Reads and writes wait this long for another process, such as a backup that holds all journals for a moment. */
const longestWaitMs = 10_000;

/**
 * `create`: made where it is missing; `write`: must be there; `read`: nothing is written, beside it perhaps what SQLite keeps for
 * readers; `lock`: made where it is missing, not looked at, and nobody is waited for.
 * @throws JournalError
 */
export function openFile(file: string, access: "create" | "write" | "read" | "lock"): JournalFile {
  const folder = dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new JournalError(`${file}: there is no folder ${folder}`);
  }
  const mustExist = access === "write" || access === "read";
  if (mustExist && statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new JournalError(`${file}: there is no such journal`);
  }
  try {
    if (access === "lock") return connectedTo(file, "mode=rwc", 0);
    return access === "read" ? openForReading(file) : looked(connectedTo(file, mustExist ? "mode=rw" : "mode=rwc"));
  } catch (error) {
    throw journalError(file, "opened", error);
  }
}

/** SQLite's readers want to write a small index beside the file. Where they cannot, a file that was closed in order is read without. */
function openForReading(file: string): JournalFile {
  try {
    return looked(connectedTo(file, "mode=ro"));
  } catch (error) {
    if (resultOf(error) !== cannotOpen || unmergedBytes(file) > 0) throw error;
    return looked(connectedTo(file, "immutable=1"));
  }
}

function connectedTo(file: string, how: string, timeout = longestWaitMs): JournalFile {
  return new Database(`${pathToFileURL(file).href}?${how}`, { timeout });
}

/** Reads it for the first time: what is no database, or out of reach, shows now. */
function looked(database: JournalFile): JournalFile {
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").raw().get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What stands in the log beside the file and not yet in it. */
function unmergedBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

const cannotOpen = 14;

/** What SQLite's result codes mean here: https://www.sqlite.org/rescode.html */
const meanings: Readonly<Record<number, string>> = {
  5: "another process has held it too long; end what writes to it and try again",
  6: "another process has held it too long; end what writes to it and try again",
  8: "it or its folder may only be read; give this user the right to write there",
  10: "the disk failed or holds no more; see to the disk",
  11: "the file is damaged; restore a backup of this state folder (elecbay restore)",
  13: "the disk is full; make room on it",
  14: "it cannot be opened; this user needs the right to read and write it and its folder",
  26: "it is no journal: the file is damaged or another program's",
};

/**
 * What SQLite complains of as a JournalError; another error as it is.
 * @param done what could not be done with the file
 */
export function journalError(file: string, done: "opened" | "read" | "written", error: unknown): unknown {
  const result = resultOf(error);
  if (result === undefined || !(error instanceof Error)) return error;
  const meaning = meanings[result];
  const why = meaning === undefined ? error.message : `${meaning} (${error.message})`;
  return new JournalError(`${file} cannot be ${done}: ${why}`, { cause: error });
}

/** A row that cannot be what this program wrote. */
export function damaged(file: string, what: string): JournalError {
  return new JournalError(`${file} is damaged: ${what}; restore a backup of this state folder (elecbay restore)`);
}

/** SQLite's primary result code; undefined where the complaint is not SQLite's. */
function resultOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { rawCode } = error as { rawCode?: unknown };
  if (typeof rawCode === "number") return rawCode & 0xff;
  // What fails within `new Database` comes as a text with the code at its end.
  const atEnd = /^ConnectionFailed\(.*: (\d+)"?\)$/s.exec(error.message)?.[1];
  return atEnd === undefined ? undefined : Number(atEnd) & 0xff;
}
