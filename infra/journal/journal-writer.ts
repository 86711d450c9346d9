/**
 * Has the journals of a process written by a thread, so that nobody waits for the disk who has something else to do.
 *
 * Orders are worked in the order of sending. Who must not go on before what it sent is durable waits for it (`settle`).
 */
import { existsSync } from "node:fs";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { JournalError } from "./journal.js";
import type { WriterAnswer, WriterOrder, WriterThreadData } from "./writer-orders.js";

export interface JournalWriter {
  /** @param done called in the order of sending, later or within `settle`; with what went wrong, where something did */
  send(order: WriterOrder, done: (error: unknown) => void): void;
  /** Waits until all that was sent is done, and its senders have been called. @throws JournalError where the thread does not answer */
  settle(): void;
  /** Waits until all is done, and ends the thread; what is sent afterwards fails. */
  end(): void;
}

/** What it is sent is soon gone here: V8 would give it more, and keep that. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** A disk that takes longer for all that was sent is not working. */
const longestWaitMs = 60_000;

/** @param threadFile the built writer-thread.ts. The thread starts with the first order. */
export function createJournalWriter(threadFile: string): JournalWriter {
  const waiting: ((error: unknown) => void)[] = [];
  const answered = new SharedArrayBuffer(4);
  const count = new Int32Array(answered);
  const { port1: port, port2 } = new MessageChannel();
  let worker: Worker | undefined;
  let heard = 0;
  let broken: Error | undefined;

  function start(): Worker {
    const workerData: WriterThreadData = { port: port2, answered };
    const started = new Worker(threadFile, { workerData, transferList: [port2], resourceLimits });
    started.on("error", (error) => end(error));
    started.on("exit", () => end(new Error("it ended")));
    started.unref();
    port.on("message", hear);
    return started;
  }

  function hear({ failure }: WriterAnswer): void {
    heard += 1;
    const done = waiting.shift();
    if (waiting.length === 0) port.unref();
    if (failure === undefined) done?.(undefined);
    else done?.(failure.isJournalError ? new JournalError(failure.message) : new Error(failure.message));
  }

  function end(error: Error): void {
    broken = new JournalError(`the thread that writes the journals broke off: ${error.message}`);
    for (let done = waiting.shift(); done !== undefined; done = waiting.shift()) done(broken);
    port.unref();
  }

  function settle(): void {
    while (waiting.length > 0) {
      const isLate = Atomics.wait(count, 0, heard, longestWaitMs) === "timed-out";
      let answers = 0;
      for (let one = receiveMessageOnPort(port); one !== undefined; one = receiveMessageOnPort(port)) {
        answers += 1;
        hear(one.message as WriterAnswer);
      }
      if (isLate && answers === 0) {
        throw new JournalError(`the journals could not be written within ${longestWaitMs / 1000} s; see to the disk`);
      }
    }
  }

  return {
    send(order, done) {
      // A thread that cannot start is heard of in a turn of its own, which never comes to who waits in `settle`.
      if (worker === undefined && !existsSync(threadFile)) broken ??= new JournalError(`${threadFile} is not there`);
      if (broken !== undefined) return done(broken);
      worker ??= start();
      if (waiting.length === 0) port.ref();
      waiting.push(done);
      port.postMessage(order);
    },
    settle,
    end() {
      if (broken !== undefined) return;
      settle();
      broken = new JournalError("the journals are closed");
      port.close();
      void worker?.terminate();
    },
  };
}
