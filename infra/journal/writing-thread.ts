/**
 * One life of the thread that writes journals, as its process sees it: orders go there, each is answered in its turn, and its end is heard
 * also by who waits without a turn of the event loop, in which alone Node tells of it.
 *
 *   living ── it ends by itself, or answers what it was not asked ──► over: what was not answered may be written or not
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { JournalError, UnansweredError } from "./journal.js";
import type { WriterAnswer, WriterMessage, WriterOrder, WriterThreadData } from "./writer-orders.js";

/** Called once with what went wrong, where something did. What it throws is thrown in a turn of its own: it is none of who waits. */
export type OnAnswer = (error: unknown) => void;

export interface WritingThread {
  isOver(): boolean;
  /** @throws what cannot be copied to another thread, which is then not sent */
  send(order: WriterOrder, done: OnAnswer): void;
  /** Nothing that was sent waits for its answer. */
  isIdle(): boolean;
  /** Waits until all that was sent before is answered, or the thread is over. @throws JournalError where it is silent for too long */
  settle(): void;
  /** Ends it. What is not answered never will be. */
  end(why: string): void;
}

/** What it is sent is soon gone here: V8 would give it more, and keep that. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** A disk that takes longer for one answer is not working. It counts from the last answer on: who comes later does not wait as long again. */
const longestSilenceMs = 60_000;
/** So often who waits looks whether the thread is still there. */
const lookEveryMs = 250;

/** @param nowMs time that only goes on @throws what Worker does where no thread can be had */
export function startWritingThread(threadFile: string, nowMs: () => number): WritingThread {
  const waiting: OnAnswer[] = [];
  const answered = new SharedArrayBuffer(4);
  const count = new Int32Array(answered);
  const { port1: port, port2 } = new MessageChannel();
  let [sent, heard, heardAtMs] = [0, 0, nowMs()];
  let isOver = false;
  /** Node says of a message whether there is anybody to take it, though its manual does not: known from the first order on. */
  let saysWhetherTaken = false;
  let why = "it ended";

  const workerData: WriterThreadData = { port: port2, answered };
  const worker = new Worker(threadFile, { workerData, transferList: [port2], resourceLimits });
  worker.on("error", (error) => {
    why = error.message;
  });
  worker.on("exit", () => {
    hearAll();
    end(why);
  });
  worker.unref();
  port.on("message", hear);
  port.on("messageerror", (error) => end(`an answer could not be read: ${error.message}`));
  port.unref();

  const post = (message: WriterMessage): boolean => (port.postMessage(message) as unknown) === true;

  function hear({ n, failure }: WriterAnswer): void {
    if (!isOver && n !== heard + 1) end(`it answered order ${n} where ${heard + 1} was next`);
    if (isOver) return;
    [heard, heardAtMs] = [n, nowMs()];
    const done = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if (failure === undefined) tell(done, undefined);
    else tell(done, failure.isJournalError ? new JournalError(failure.message) : new Error(failure.message));
  }

  /** @returns whether there was anything */
  function hearAll(): boolean {
    const before = heard;
    for (let one = receiveMessageOnPort(port); one !== undefined; one = receiveMessageOnPort(port)) {
      hear(one.message as WriterAnswer);
    }
    return heard !== before;
  }

  function end(reason: string): void {
    if (isOver) return;
    isOver = true;
    port.close();
    worker.unref();
    void worker.terminate();
    const error = new UnansweredError(`the thread that writes the journals broke off: ${reason}`);
    for (const done of waiting.splice(0)) tell(done, error);
  }

  /** Waits for one answer at least, or the end. */
  function waitForAnswer(): void {
    const seen = Atomics.load(count, 0); // what is answered from here on does not let anybody wait
    if (hearAll() || isOver) return;
    Atomics.wait(count, 0, seen, lookEveryMs);
    if (hearAll() || isOver) return;
    if (saysWhetherTaken && !post(undefined)) {
      if (!hearAll()) end(why);
    } else if (nowMs() - heardAtMs >= longestSilenceMs) {
      throw new JournalError(`the journals could not be written within ${longestSilenceMs / 1000} s; see to the disk`);
    }
  }

  return {
    isOver: () => isOver,
    send(order, done) {
      saysWhetherTaken = post({ n: sent + 1, order }) || saysWhetherTaken; // first: what cannot be sent is not waited for
      sent += 1;
      if (waiting.length === 0) {
        worker.ref();
        heardAtMs = nowMs();
      }
      waiting.push(done);
    },
    isIdle: () => waiting.length === 0,
    settle() {
      const last = sent; // what an answer has sent anew is none of who waits
      while (waiting.length > 0 && heard < last) waitForAnswer();
    },
    end,
  };
}

function tell(done: OnAnswer | undefined, error: unknown): void {
  try {
    done?.(error);
  } catch (thrown) {
    setImmediate(() => {
      throw thrown;
    });
  }
}
