/**
 * Market time that is the wall clock's. It never steps back: when the system clock is set back it stands still until that
 * has caught up. Waits are cut into slices, so that a system clock that is set, or a machine that slept, is noticed.
 */
import type { ScaledClock } from "./scaled-clock.js";

const longestSliceMs = 30_000;

interface Pending {
  readonly dueMs: number;
  readonly callback: () => void;
  timer?: NodeJS.Timeout;
}

/** @param wallMs wall time in milliseconds since 1970; the system's by default */
export function realClock(wallMs: () => number = () => Date.now()): ScaledClock {
  let lastMs = wallMs();
  const now = (): number => {
    lastMs = Math.max(lastMs, wallMs());
    return lastMs;
  };

  function arm(pending: Pending): void {
    const waitMs = Math.min(longestSliceMs, Math.max(0, pending.dueMs - now()));
    pending.timer = setTimeout(() => {
      if (now() >= pending.dueMs) pending.callback();
      else arm(pending);
    }, waitMs);
  }

  return {
    rate: 1,
    now,
    begin: () => {},
    wallTimeOf: (instantMs) => instantMs,
    setTimeout(callback, delayMs) {
      const pending: Pending = { dueMs: now() + Math.max(0, delayMs), callback };
      arm(pending);
      return pending;
    },
    clearTimeout: (handle) => clearTimeout((handle as Pending).timer),
  };
}
