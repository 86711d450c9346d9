/**
 * Market time that runs `rate` times as fast as the wall clock, from `startMs` on. At rate 1 it is the wall clock.
 *
 * It never steps back, whatever the system clock does: it counts monotonic time from its start.
 */
import type { Clock } from "../../market/managers/alarm.js";

/** The platform's timers take no longer delay. */
const longestTimerMs = 2 ** 31 - 1;

export interface ScaledClock extends Clock {
  readonly rate: number;
  /** Wall time, in milliseconds since 1970, at which market time is `instantMs`. */
  wallTimeOf(instantMs: number): number;
}

export function scaledClock(startMs: number, rate: number): ScaledClock {
  const startedAt = performance.now();
  const startedAtWallMs = Date.now();
  const now = (): number => startMs + Math.floor((performance.now() - startedAt) * rate);
  return {
    rate,
    now,
    wallTimeOf: (instantMs) => startedAtWallMs + (instantMs - startMs) / rate,
    setTimeout(callback, delayMs) {
      const dueMs = now() + delayMs;
      const handle: { timer?: NodeJS.Timeout } = {};
      const arm = (): void => {
        const leftMs = (dueMs - now()) / rate;
        if (leftMs <= 0) callback();
        else handle.timer = setTimeout(arm, Math.min(longestTimerMs, Math.ceil(leftMs)));
      };
      // Never within the caller's own turn, as with the platform's timers.
      handle.timer = setTimeout(arm, Math.min(longestTimerMs, Math.max(0, Math.ceil(delayMs / rate))));
      return handle;
    },
    clearTimeout(handle) {
      clearTimeout((handle as { timer?: NodeJS.Timeout }).timer);
    },
  };
}
