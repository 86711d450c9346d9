/**
 * Has the journals of a process written by a thread, so that nobody waits for the disk who has something else to do.
 *
 * Orders are worked in the order of sending. Who must not go on before what it sent is durable waits for it (`settle`). A thread that has
 * broken off is started anew with the next order, at most once in a while.
 */
import { existsSync } from "node:fs";
import { JournalError } from "./journal.js";
import type { WriterOrder } from "./writer-orders.js";
import { type OnAnswer, startWritingThread, type WritingThread } from "./writing-thread.js";

export interface JournalWriter {
  /**
   * @param done called once, in the order of sending, later or within `settle`; with what went wrong, where something did: an UnansweredError
   * where it may be written nevertheless
   */
  send(order: WriterOrder, done: OnAnswer): void;
  /** Waits until all that was sent before is done, and its senders have been called. @throws JournalError where the thread does not answer */
  settle(): void;
  /** Waits until all is done, and ends the thread; what is sent afterwards fails. @throws JournalError as `settle` does */
  end(): void;
}

/** One that breaks off at once must not be started again and again by all that there is to write. */
const leastLifeMs = 1000;

/**
 * @param threadFile the built writer-thread.ts. The thread starts with the first order.
 * @param nowMs time that only goes on, in milliseconds
 */
export function createJournalWriter(threadFile: string, nowMs = (): number => performance.now()): JournalWriter {
  let thread: WritingThread | undefined;
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  /** @throws JournalError where there is none */
  function livingThread(): WritingThread {
    if (isClosed) throw new JournalError("the journals are closed");
    if (thread !== undefined && !thread.isOver()) return thread;
    // A thread that cannot start is heard of late: better said at once.
    if (!existsSync(threadFile)) throw new JournalError(`${threadFile} is not there`);
    if (nowMs() - startedAtMs < leastLifeMs) {
      throw new JournalError(
        "the thread that writes the journals broke off soon after its start, and is started again",
      );
    }
    startedAtMs = nowMs();
    thread = startWritingThread(threadFile, nowMs);
    return thread;
  }

  return {
    send(order, done) {
      let living: WritingThread;
      try {
        living = livingThread();
      } catch (error) {
        return done(error);
      }
      living.send(order, done);
    },
    settle: () => thread?.settle(),
    end() {
      if (isClosed) return;
      try {
        while (thread?.isIdle() === false) thread.settle(); // a snapshot's next part is sent with the answer to the one before
      } finally {
        isClosed = true;
        thread?.end("the journals are closed");
      }
    },
  };
}
