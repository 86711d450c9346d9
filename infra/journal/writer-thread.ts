/**
 * The thread that writes the journals of one process: while it waits for the disk, the market's actors work on.
 *
 * Files are there already, with their tables; who may write them is seen to by whoever sends the orders.
 */
import { workerData } from "node:worker_threads";
import { JournalError } from "./journal.js";
import { openFile } from "./journal-file.js";
import { type Durability, type RowWriter, readyToWrite, rowWriterOn } from "./row-writer.js";
import { obey, type WriterAnswer, type WriterOrder, type WriterThreadData } from "./writer-orders.js";

const { port, answered } = workerData as WriterThreadData;
const count = new Int32Array(answered);
const writers = new Map<string, RowWriter>();

port.on("message", (order: WriterOrder) => {
  port.postMessage(answerTo(order));
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
});

function answerTo(order: WriterOrder): WriterAnswer {
  try {
    obey(order, writerOf(order.file, order.durability));
    return {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, isJournalError: error instanceof JournalError } };
  }
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
