/**
 * Market time of a process that runs alone: taken from the published clock, and carried on between its ticks.
 *
 * It stands still before the first tick, and never steps back: a tick that comes late finds it waiting. Where no tick comes it stops at the
 * next one's instant: while the clock's process is away, market time stands for everybody, and no gate closes that will open again.
 */
import type { Clock } from "../../market/managers/alarm.js";

/** A timer looks again after so long: a tick may have moved time on meanwhile. */
const longestSliceMs = 250;

export interface FollowedClock extends Clock {
  /** A tick was heard just now, and with it how fast time goes on. */
  follow(tsMs: number, rate: number): void;
}

interface Pending {
  readonly dueMs: number;
  readonly callback: () => void;
  timer?: NodeJS.Timeout;
}

/**
 * @param startMs market time before the first tick
 * @param tickMs market time from one tick to the next
 */
export function followedClock(startMs: number, tickMs: number): FollowedClock {
  let heard: { readonly tsMs: number; readonly at: number; readonly rate: number } | undefined;
  let latestMs = startMs;
  const now = (): number => {
    if (heard === undefined) return latestMs;
    const sinceTickMs = Math.min(tickMs, Math.floor((performance.now() - heard.at) * heard.rate));
    latestMs = Math.max(latestMs, heard.tsMs + sinceTickMs);
    return latestMs;
  };

  function arm(pending: Pending): void {
    const leftMs = heard === undefined ? longestSliceMs : Math.ceil((pending.dueMs - now()) / heard.rate);
    pending.timer = setTimeout(
      () => {
        if (now() >= pending.dueMs) pending.callback();
        else arm(pending);
      },
      Math.min(longestSliceMs, Math.max(0, leftMs)),
    );
  }

  return {
    now,
    follow(tsMs, rate) {
      now(); // how far it has come stands, whatever the tick says
      heard = { tsMs, at: performance.now(), rate };
    },
    setTimeout(callback, delayMs) {
      const pending: Pending = { dueMs: now() + Math.max(0, delayMs), callback };
      arm(pending);
      return pending;
    },
    clearTimeout: (handle) => clearTimeout((handle as Pending).timer),
  };
}
