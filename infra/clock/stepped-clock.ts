/** A market clock that moves only when told, one due timer at a time, so that chained deadlines keep their own instants. */
import type { Clock } from "../../market/managers/alarm.js";

interface Timer {
  readonly dueMs: number;
  readonly rank: number;
  readonly callback: () => void;
}

export interface SteppedClock extends Clock {
  /** When the next timer is due; undefined where none is set. */
  nextDueMs(): number | undefined;
  /** Runs every timer due until `targetMs`, earliest first; of equal ones the lowest rank first, then in the order of their creation. */
  advanceTo(targetMs: number): void;
}

export function steppedClock(startMs: number): SteppedClock {
  let nowMs = startMs;
  const pending = new Set<Timer>(); // keeps the order of creation

  /** Of all that is pending, sought again only after it was taken away: whoever hosts an actor asks for it at every input. */
  let known: Timer | undefined;

  function earliest(): Timer | undefined {
    if (known === undefined) {
      for (const timer of pending) if (known === undefined || ringsBefore(timer, known)) known = timer;
    }
    return known;
  }

  function remove(timer: Timer): void {
    pending.delete(timer);
    if (timer === known) known = undefined;
  }

  return {
    now: () => nowMs,
    nextDueMs: () => earliest()?.dueMs,
    setTimeout(callback, delayMs, rank = 0) {
      const timer: Timer = { dueMs: nowMs + delayMs, rank, callback };
      pending.add(timer);
      if (known !== undefined && ringsBefore(timer, known)) known = timer;
      return timer;
    },
    clearTimeout(timer) {
      remove(timer as Timer);
    },
    advanceTo(targetMs) {
      for (let timer = earliest(); timer !== undefined && timer.dueMs <= targetMs; timer = earliest()) {
        remove(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.callback();
      }
      nowMs = Math.max(nowMs, targetMs);
    },
  };
}

function ringsBefore(one: Timer, other: Timer): boolean {
  return one.dueMs === other.dueMs ? one.rank < other.rank : one.dueMs < other.dueMs;
}
