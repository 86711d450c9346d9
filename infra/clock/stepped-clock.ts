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

  function earliestDue(untilMs: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of pending) {
      if (timer.dueMs <= untilMs && (earliest === undefined || ringsBefore(timer, earliest))) earliest = timer;
    }
    return earliest;
  }

  return {
    now: () => nowMs,
    nextDueMs: () => earliestDue(Number.POSITIVE_INFINITY)?.dueMs,
    setTimeout(callback, delayMs, rank = 0) {
      const timer: Timer = { dueMs: nowMs + delayMs, rank, callback };
      pending.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      pending.delete(timer as Timer);
    },
    advanceTo(targetMs) {
      for (let timer = earliestDue(targetMs); timer !== undefined; timer = earliestDue(targetMs)) {
        pending.delete(timer);
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
