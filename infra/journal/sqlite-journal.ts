/**
 * The journal of one actor as one SQLite file: what an append returned from outlives the process and, with durability `full`,
 * the power. Readers of any program may look at it meanwhile (journal-views.ts, docs/journal.md).
 *
 * Writes go to the log beside the file (WAL), which SQLite merges into it every 4 MB. One writer (writer-lock.ts).
 * Known limit: where the disk reports a failure only as the log is synced, and the process dies before the next append, what was not
 * acknowledged may be found again as if it had been.
 */
import type { ProcessRole } from "../../shared/participant-id.js";
import { entryRowsOf } from "./entry-rows.js";
import type { ActorJournal } from "./journal.js";
import { damaged, type JournalFile, journalError, openFile } from "./journal-file.js";
import { type FactPlace, rowsOf, writtenSnapshot } from "./journal-rows.js";
import type { JournalWriter } from "./journal-writer.js";
import { checkJournal, migrate } from "./migrations.js";
import { type Durability, inOneTransaction, onlyRead, readyToWrite, rowWriterOn } from "./row-writer.js";
import { rowsOfEntries } from "./rows-of-entries.js";
import { takeWriterLock, type WriterLock } from "./writer-lock.js";
import { type SharedJournal, writtenLater } from "./written-later.js";

export interface JournalOptions {
  readonly role: ProcessRole;
  readonly programVersion: string;
  /** `normal`: for runs that could be run again. */
  readonly durability: Durability;
  /** Only to read, also while a market writes it. */
  readonly readonly?: boolean;
  /** Writes what is appended and may be durable later. */
  readonly writer?: JournalWriter;
}

/**
 * Made where it is missing (unless only to read), brought up to date where an older program wrote it.
 * @throws JournalError saying which file, what is wrong and what to do.
 */
export function openJournal(file: string, options: JournalOptions): ActorJournal {
  const { role, programVersion, durability, readonly = false, writer } = options;
  const lock = readonly ? undefined : takeWriterLock(file);
  let database: JournalFile | undefined;
  try {
    database = openFile(file, readonly ? "read" : "create");
    if (!readonly) {
      readyToWrite(database, durability);
      migrate(database, role, programVersion);
    }
    checkJournal(database, file, role);
    const journal = journalOn(database, file, lock);
    return writer === undefined || readonly ? journal : writtenLater(journal, file, durability, writer);
  } catch (error) {
    database?.close();
    lock?.release();
    throw journalError(file, "opened", error);
  }
}

function journalOn(database: JournalFile, file: string, lock: WriterLock | undefined): SharedJournal {
  const rows = rowsOf(database);
  const rowWriter = lock === undefined ? undefined : rowWriterOn(database, file);
  const transaction = inOneTransaction(database, file);
  const entryRows = entryRowsOf(database);
  /** Acknowledgements that go into the next append: losing them costs a hand-over sent once more, syncing each would cost a sync. */
  const acknowledged = new Map<string, readonly [n: number, receiver: ProcessRole]>();
  const reading = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof SyntaxError) throw damaged(file, `what it holds is not readable (${error.message})`);
      throw journalError(file, "read", error);
    }
  };
  const writing = (write: () => void): void => {
    if (lock === undefined) throw onlyRead(file);
    transaction(write);
  };
  const lastNumber = (): number => reading(() => rows.last.get() as unknown as [number])[0];
  return {
    append(entries, retained) {
      if (rowWriter === undefined) throw onlyRead(file);
      rowWriter.append(rowsOfEntries(entries, retained, [...acknowledged.values()]));
      acknowledged.clear();
    },
    waitingAcknowledgements: () => [...acknowledged.values()],
    appended(acknowledgements) {
      for (const [handedOver, receiver] of acknowledgements) acknowledged.delete(`${handedOver} ${receiver}`);
    },
    assertWritable() {
      if (rowWriter === undefined) throw onlyRead(file);
      rowWriter.tryOut();
    },
    lastNumber,
    *inputs(after) {
      const end = lastNumber();
      for (let from = after; from < end; ) {
        const page = reading(() => rows.inputsAfter(from, end));
        for (const input of page) {
          from += 1;
          if (input.n !== from) throw damaged(file, `input ${from} is missing`);
          yield input;
        }
        if (page.length === 0) throw damaged(file, `input ${from + 1} is missing`);
      }
    },
    *recorded(after) {
      const end = lastNumber();
      const pages = entryRows.pages(after, end);
      let from = after;
      for (let page = reading(() => pages.next()); page.done !== true; page = reading(() => pages.next())) {
        for (const entry of page.value) {
          from += 1;
          if (entry.n !== from) throw damaged(file, `input ${from} is missing`);
          yield entry;
        }
      }
      if (from < end) throw damaged(file, `input ${from + 1} is missing`);
    },
    handedOver: (n) => reading(() => entryRows.handedOver(n)),
    lastHandedOver: () => reading(() => entryRows.lastHandedOver()),
    *facts(until = lastNumber()) {
      let from: FactPlace = [0, -1];
      for (;;) {
        const page = reading(() => rows.factsAfter(from, until));
        for (const { fact } of page) yield fact;
        const end = page.at(-1);
        if (end === undefined) return;
        from = end.place;
      }
    },
    outstanding: () =>
      reading(() =>
        rows.outstanding().flatMap((waiting) => {
          const receivers = waiting.receivers.filter((role) => !acknowledged.has(`${waiting.n} ${role}`));
          return receivers.length === 0 ? [] : [{ ...waiting, receivers }];
        }),
      ),
    acknowledged: (n, receiver) => {
      acknowledged.set(`${n} ${receiver}`, [n, receiver]);
    },
    retained: () => reading(() => new Map(rows.retained.all() as [string, string][])),
    snapshot: () => reading(() => rows.snapshot()),
    keepSnapshot(snapshot) {
      if (rowWriter === undefined) throw onlyRead(file);
      rowWriter.snapshots.keep(writtenSnapshot(snapshot));
    },
    remember(name, value) {
      const json = JSON.stringify(value) as string | undefined;
      if (json !== undefined) writing(() => rows.remember.run([name, json]));
    },
    recall: (name) =>
      reading(() => {
        const row = rows.recall.get([name]) as unknown as [string] | undefined;
        return row === undefined ? undefined : (JSON.parse(row[0]) as unknown);
      }),
    close(aloneWithinMs = 0) {
      if (!database.open) return;
      try {
        if (rowWriter !== undefined) {
          if (acknowledged.size > 0) rowWriter.append(rowsOfEntries([], new Map(), [...acknowledged.values()]));
          // One file alone remains, which can be read from anywhere; while others read, SQLite refuses and the log stays beside it.
          mergeLog(database, aloneWithinMs);
        }
      } catch {
        // Nothing is lost: what was appended is in the log, and acknowledgements may be lost.
      } finally {
        database.close();
        lock?.release();
      }
    },
  };
}

/** @param withinMs how long a connection that is being closed may still be there @throws where another one is */
function mergeLog(database: JournalFile, withinMs: number): void {
  const [endMs, clock] = [performance.now() + withinMs, new Int32Array(new SharedArrayBuffer(4))];
  for (;;) {
    try {
      database.pragma("journal_mode = DELETE");
      return;
    } catch (error) {
      if (performance.now() >= endMs) throw error;
      Atomics.wait(clock, 0, 0, 5);
    }
  }
}
