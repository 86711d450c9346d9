/**
 * Messages from another thread come many at a time. They are heard in their order, but a few in each turn of the event loop: what is decided
 * on the first is on its way to the disk, and answers go out, while the next are worked.
 */
import type { HeardBatch } from "./inside-messages.js";

/** Measured with 100 clients at once: all of a batch in one turn leaves a quarter of two cores idle, which wait for one another. */
const mostInATurn = 25;

export type Hear = (connection: number, topic: string, payload: Buffer, retained: boolean) => void;

/**
 * @param hear what it throws keeps nothing else from being heard; it is thrown in a turn of its own
 * @param onWorked all of a batch is heard
 */
export function heardInTurns(hear: Hear, onWorked: (batch: HeardBatch) => void): (batch: HeardBatch) => void {
  const waiting: HeardBatch[] = [];
  /** In the first of them. */
  let next = 0;

  function hearOne({ ids, topics, retained, starts, ends, bytes }: HeardBatch, place: number): void {
    const [start = 0, end = 0] = [starts[place], ends[place]];
    const payload = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    try {
      hear(ids[place] ?? 0, topics[place] ?? "", payload, retained[place] ?? false);
    } catch (error) {
      throwLater(error);
    }
  }

  function work(): void {
    let left = mostInATurn;
    for (let batch = waiting[0]; batch !== undefined; batch = waiting[0]) {
      for (; next < batch.ids.length; next += 1) {
        if (left === 0) return void setImmediate(work);
        left -= 1;
        hearOne(batch, next);
      }
      waiting.shift();
      next = 0;
      onWorked(batch);
    }
  }

  return (batch) => {
    waiting.push(batch);
    if (waiting.length === 1) work();
  };
}

/** In a turn of its own: it is nobody else's who hears something in this one. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
