/**
 * The thread that writes the journals of one process: while it waits for the disk, the market's actors work on.
 *
 * Files are there already, with their tables; who may write them is seen to by whoever sends the orders.
 */
import { workerData } from "node:worker_threads";
import { JournalError } from "./journal.js";
import { openFile } from "./journal-file.js";
import { type Durability, type RowWriter, readyToWrite, rowWriterOn } from "./row-writer.js";
import type { WriterAnswer, WriterMessage, WriterOrder, WriterThreadData } from "./writer-orders.js";

const { port, answered } = workerData as WriterThreadData;
const count = new Int32Array(answered);
const writers = new Map<string, RowWriter>();

port.on("message", (message: WriterMessage) => {
  if (message === undefined) return;
  port.postMessage(answerTo(message));
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
});

// An order that nobody could read is never answered: better the thread ends, which is heard.
port.on("messageerror", (error) => {
  throw error;
});

function answerTo({ n, order }: NonNullable<WriterMessage>): WriterAnswer {
  try {
    obey(order, writerOf(order.file, order.durability));
    return { n };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { n, failure: { message, isJournalError: error instanceof JournalError } };
  }
}

function obey(order: WriterOrder, writer: RowWriter): void {
  if (order.type === "append") writer.append(order.rows);
  else if (order.type === "snapshot-part") writer.snapshots.keepPart(order.place, order.bytes);
  else if (order.type === "snapshot") writer.snapshots.keepParts(order.head);
  else writer.tryOut();
}

function writerOf(file: string, durability: Durability): RowWriter {
  const known = writers.get(file);
  if (known !== undefined) return known;
  const database = openFile(file, "write");
  readyToWrite(database, durability);
  const writer = rowWriterOn(database, file);
  writers.set(file, writer);
  return writer;
}
