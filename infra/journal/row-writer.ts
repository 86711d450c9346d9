/** Writes what an append brings into a journal's tables: all of it in one transaction, or nothing. */
import { JournalError } from "./journal.js";
import { type JournalFile, journalError } from "./journal-file.js";
import { rowKeeper } from "./row-keeper.js";
import type { AppendedRows } from "./rows-of-entries.js";
import { type SnapshotWriter, snapshotWriterOn } from "./snapshot-rows.js";
import { factColumns } from "./stored-fact.js";
import { inputColumns } from "./stored-input.js";

/** Rows kept at once. */
const inputsAtOnce = 50;
const factsAtOnce = 10;

/** Pages of 4 kB after which the log is merged, and what of the log stays on the disk when it was larger. */
const mergedAfterPages = 1000;
const largestIdleLogBytes = 16 * 2 ** 20;

/** What is written on trial: about as much as a busy turn, so that a disk with room for less counts as full. */
const trialName = "written on trial";
const trialText = JSON.stringify("x".repeat(60_000));

export interface RowWriter {
  readonly snapshots: SnapshotWriter;
  /** @throws JournalError, or RangeError where the rows do not follow what is there */
  append(rows: AppendedRows): void;
  /** Writes some kB and takes them away again. @throws JournalError where an append could not be written either */
  tryOut(): void;
}

/** `full`: an append outlives a power cut. `normal`: it outlives the process. */
export type Durability = "full" | "normal";

/** Sets a connection up to write. */
export function readyToWrite(database: JournalFile, durability: Durability): void {
  database.pragma("journal_mode = WAL");
  database.pragma(`synchronous = ${durability}`);
  database.pragma(`wal_autocheckpoint = ${mergedAfterPages}`);
  database.pragma(`journal_size_limit = ${largestIdleLogBytes}`);
}

/** The tables are there: migrations.ts. */
export function rowWriterOn(database: JournalFile, file: string): RowWriter {
  const prepared = (sql: string) => database.prepare(sql);
  const keepInputs = rowKeeper(database, "inputs", inputColumns, inputsAtOnce);
  const keepFacts = rowKeeper(database, "facts", factColumns, factsAtOnce);
  const keepHandedOver = rowKeeper(database, "handed_over", ["n", "topic", "message", "input"], 1);
  const keepUnacknowledged = rowKeeper(database, "unacknowledged", ["n", "place", "receiver"], 1);
  const setRetained = prepared(
    "INSERT INTO retained(topic, payload) VALUES (?, ?) ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload",
  );
  const clearRetained = prepared("DELETE FROM retained WHERE topic = ?");
  const acknowledge = prepared("DELETE FROM unacknowledged WHERE n = ? AND receiver = ?");
  const forget = prepared("DELETE FROM remembered WHERE name = ?");
  const remember = prepared("INSERT INTO remembered VALUES (?, ?)");
  const lastInput = database.prepare("SELECT coalesce(max(n), 0) FROM inputs").raw();
  const write = inOneTransaction(database, file);
  const lastNumber = (): number => (lastInput.get() as unknown as [number])[0];
  return {
    append({ first, count, inputs, facts, handedOver, unacknowledged, retained, acknowledged }) {
      write(() => {
        const last = lastNumber();
        if (count > 0 && first !== last + 1) throw new RangeError(`${file} ends with ${last}; ${first} cannot be next`);
        keepInputs(inputs);
        keepFacts(facts);
        keepHandedOver(handedOver);
        keepUnacknowledged(unacknowledged);
        for (const [topic, payload] of retained) {
          if (payload === null) clearRetained.run([topic]);
          else setRetained.run([topic, payload]);
        }
        for (const [n, receiver] of acknowledged) acknowledge.run([n, receiver]);
      });
    },
    snapshots: snapshotWriterOn(database, file, write, lastNumber),
    tryOut() {
      write(() => {
        forget.run([trialName]); // of a process that died in between
        remember.run([trialName, trialText]);
      });
      write(() => forget.run([trialName]));
    },
  };
}

/** @returns what writes something whole, or not at all */
export function inOneTransaction(database: JournalFile, file: string): (write: () => void) => void {
  const [begin, commit, rollback] = ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].map((sql) => database.prepare(sql));
  return (write) => {
    try {
      begin?.run();
      write();
      commit?.run();
    } catch (error) {
      if (database.inTransaction) rollback?.run();
      throw journalError(file, "written", error);
    }
  };
}

/** What a journal says to its writer that was only opened to be read. */
export function onlyRead(file: string): JournalError {
  return new JournalError(`${file} was opened only to be read`);
}
