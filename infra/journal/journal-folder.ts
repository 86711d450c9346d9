/** The journals of a state folder, or of a simulation's results: `<folder>/journal/<role>.sqlite`, one for each actor that decides. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { isoUtc } from "../../shared/time.js";
import { makeFolder } from "../make-folder.js";
import { hostedRoles, type JournalledRole, journalledRoles } from "./hosted-actor.js";
import { type ActorJournal, JournalError } from "./journal.js";
import { createJournalWriter } from "./journal-writer.js";
import { type JournalOptions, openJournal } from "./sqlite-journal.js";
import { takeWriterLock, type WriterLock } from "./writer-lock.js";

export interface JournalFolder {
  /** Those that were there already: a market goes on. */
  readonly begun: ReadonlySet<JournalledRole>;
  /** @throws RangeError for a role that was not opened. */
  journalOf(role: JournalledRole): ActorJournal;
  close(): void;
}

export interface FolderOptions extends Omit<JournalOptions, "role" | "writer"> {
  /** The built writer-thread.ts: what is appended is written by a thread. Undefined: by whoever appends. */
  readonly writerFile?: string;
  /** Whose journals; those of a simulation by default, or where they are only read, all that are there. */
  readonly roles?: readonly JournalledRole[];
}

/** Names of persons, beside the journals in a state folder and in a backup of it: infra/registry/persons.ts. */
export const personsName = "persons.sqlite";

export function journalsFolder(folder: string): string {
  return join(folder, "journal");
}

export function journalFile(folder: string, role: JournalledRole): string {
  return join(journalsFolder(folder), `${role}.sqlite`);
}

/** The roles that have a journal in this folder; none where nothing was ever journalled. */
export function journalsIn(folder: string): JournalledRole[] {
  return journalledRoles.filter((role) => existsSync(journalFile(folder, role)));
}

/** Opens the journals of `folder`, all or none. @throws JournalError, where another market writes them too. */
export function openJournals(folder: string, { roles, writerFile, ...options }: FolderOptions): JournalFolder {
  const begun = journalsIn(folder);
  if (options.readonly === true && begun.length === 0) {
    throw new JournalError(
      `${folder} holds no journals: name the state folder of a market, or what elecbay simulate wrote`,
    );
  }
  if (options.readonly !== true) makeDurableFolder(folder);
  const opened = new Map<JournalledRole, ActorJournal>();
  const writer = writerFile === undefined ? undefined : createJournalWriter(writerFile);
  const close = (): void => {
    for (const journal of opened.values()) journal.close();
    writer?.end();
  };
  try {
    for (const role of roles ?? (options.readonly === true ? begun : hostedRoles)) {
      opened.set(
        role,
        openJournal(journalFile(folder, role), { ...options, role, ...(writer === undefined ? {} : { writer }) }),
      );
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    begun: new Set(begun),
    journalOf(role) {
      const journal = opened.get(role);
      if (journal === undefined) throw new RangeError(`the journal of ${role} was not opened`);
      return journal;
    },
    close,
  };
}

/**
 * For a market that begins anew: the journals of the one before are moved to `<folder>/journal-<UTC time>`, whole and readable, and with
 * them the names of its persons.
 * @returns where they are now; undefined where there are none. @throws JournalError while a market writes them.
 */
export function setJournalsAside(folder: string, nowMs: number): string | undefined {
  const roles = journalsIn(folder);
  if (roles.length === 0) return undefined;
  const locks: WriterLock[] = [];
  try {
    for (const role of roles) locks.push(takeWriterLock(journalFile(folder, role)));
    const aside = unusedName(`${journalsFolder(folder)}-${isoUtc(nowMs).replaceAll(/[-:]/g, "")}`);
    renameSync(journalsFolder(folder), aside);
    const persons = join(folder, personsName);
    if (existsSync(persons)) renameSync(persons, join(aside, personsName));
    syncFolder(folder);
    return aside;
  } finally {
    for (const lock of locks) lock.release();
  }
}

function unusedName(name: string, number = 2): string {
  if (!existsSync(name)) return name;
  const next = `${name}-${number}`;
  return existsSync(next) ? unusedName(name, number + 1) : next;
}

/** Its name is on the disk too when the first journal is: SQLite only sees to what lies within. */
function makeDurableFolder(folder: string): void {
  makeFolder(journalsFolder(folder));
  syncFolder(folder);
}

/** Makes names given or taken in a folder outlive a power cut, where the system can. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
