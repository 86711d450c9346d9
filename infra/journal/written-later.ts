/** A journal whose appends and snapshots are written by a thread (journal-writer.ts); all else as before. */
import type { ActorJournal } from "./journal.js";
import type { JournalWriter } from "./journal-writer.js";
import type { Durability } from "./row-writer.js";
import { type AppendedRows, rowsOfEntries } from "./rows-of-entries.js";
import { inParts } from "./snapshot-in-parts.js";

/** A journal on this thread that others may append to. */
export interface SharedJournal extends ActorJournal {
  /** Acknowledgements that wait to be written. */
  waitingAcknowledgements(): AppendedRows["acknowledged"];
  /** These acknowledgements were appended elsewhere. */
  appended(acknowledgements: AppendedRows["acknowledged"]): void;
  /** @param aloneWithinMs how long it waits for the thread that has written it to let go of it */
  close(aloneWithinMs?: number): void;
}

/** A thread that has nothing to do ends within this. */
const longestEndMs = 500;

/** @param file its tables are there, and this process alone writes it */
export function writtenLater(
  journal: SharedJournal,
  file: string,
  durability: Durability,
  writer: JournalWriter,
): ActorJournal {
  let isKeeping = false;
  return {
    ...journal,
    append(entries, retained) {
      writer.settle();
      journal.append(entries, retained);
    },
    appendLater(entries, retained, done) {
      const acknowledgements = journal.waitingAcknowledgements();
      const rows = rowsOfEntries(entries, retained, acknowledgements);
      writer.send({ type: "append", file, durability, rows }, (error) => {
        if (error === undefined) journal.appended(acknowledgements);
        done(error);
      });
    },
    settle: () => writer.settle(),
    assertWritable() {
      let failure: unknown;
      writer.send({ type: "trial", file, durability }, (error) => {
        failure = error;
      });
      writer.settle();
      if (failure !== undefined) throw failure;
    },
    keepSnapshot(snapshot, failed) {
      if (isKeeping) return; // a disk that slow is not to be given more: the next one comes
      const send = inParts(snapshot, { writer, file, durability });
      isKeeping = true;
      send((error) => {
        isKeeping = false;
        if (error !== undefined) failed?.(error);
      });
    },
    close() {
      try {
        writer.end(); // of all its journals: they are closed together
      } finally {
        journal.close(longestEndMs);
      }
    },
  };
}
