/** What the journals' writing thread is told, and what it answers: plain data. */
import type { MessagePort } from "node:worker_threads";
import type { Durability } from "./row-writer.js";
import type { AppendedRows } from "./rows-of-entries.js";
import type { SnapshotHead } from "./snapshot-rows.js";

interface OfFile {
  readonly file: string;
  readonly durability: Durability;
}

/** Worked in the order of sending. */
export type WriterOrder = OfFile &
  (
    | { readonly type: "append"; readonly rows: AppendedRows }
    | { readonly type: "snapshot-part"; readonly place: number; readonly bytes: Uint8Array }
    /** Its parts went before. */
    | { readonly type: "snapshot"; readonly head: SnapshotHead }
    /** Whether it can write at all. */
    | { readonly type: "trial" }
  );

/** Undefined: no order; it only finds out whether the thread is still there. */
export type WriterMessage = { readonly n: number; readonly order: WriterOrder } | undefined;

/** One for each order, in their order. */
export interface WriterAnswer {
  /** Number of the order. */
  readonly n: number;
  /** Why it could not be done. */
  readonly failure?: { readonly message: string; readonly isJournalError: boolean };
}

export interface WriterThreadData {
  readonly port: MessagePort;
  /** One 32-bit number, which changes and is notified with each answer: for who waits for one. */
  readonly answered: SharedArrayBuffer;
}
