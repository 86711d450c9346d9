/** What the journals' writing thread is told, and what it answers: plain data. */
import type { MessagePort } from "node:worker_threads";
import type { Durability, RowWriter, WrittenSnapshot } from "./row-writer.js";
import type { AppendedRows } from "./rows-of-entries.js";

/** Worked in the order of sending. */
export type WriterOrder =
  | { readonly type: "append"; readonly file: string; readonly durability: Durability; readonly rows: AppendedRows }
  | {
      readonly type: "snapshot";
      readonly file: string;
      readonly durability: Durability;
      readonly snapshot: WrittenSnapshot;
    };

/** One for each order, in their order. */
export interface WriterAnswer {
  /** Why it could not be done. */
  readonly failure?: { readonly message: string; readonly isJournalError: boolean };
}

export interface WriterThreadData {
  readonly port: MessagePort;
  /** One 32-bit number: how many orders have been answered. */
  readonly answered: SharedArrayBuffer;
}

/** Does what an order says. @throws what RowWriter does */
export function obey(order: WriterOrder, writer: RowWriter): void {
  if (order.type === "append") writer.append(order.rows);
  else writer.keepSnapshot(order.snapshot);
}
