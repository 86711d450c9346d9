/**
 * Market time that runs `rate` times as fast as the wall clock, from `startMs` on. At rate 1 it is the wall clock.
 *
 * It stands still until `begin`, so that a market can be set up before its time runs. It never steps back, whatever the
 * system clock does: it counts monotonic time.
 */
import type { Clock } from "../../market/managers/alarm.js";

/** The platform's timers take no longer delay. */
const longestTimerMs = 2 ** 31 - 1;

export interface ScaledClock extends Clock {
  readonly rate: number;
  /** Lets time run. */
  begin(): void;
  /** Wall time, in milliseconds since 1970, at which market time is `instantMs`. */
  wallTimeOf(instantMs: number): number;
}

interface Pending {
  readonly dueMs: number;
  readonly callback: () => void;
  timer?: NodeJS.Timeout;
}

export function scaledClock(startMs: number, rate: number): ScaledClock {
  let begun: { readonly at: number; readonly wallMs: number } | undefined;
  const held = new Set<Pending>();
  const now = (): number =>
    begun === undefined ? startMs : startMs + Math.floor((performance.now() - begun.at) * rate);

  function arm(pending: Pending): void {
    const leftMs = Math.ceil((pending.dueMs - now()) / rate);
    pending.timer = setTimeout(
      () => {
        if (now() >= pending.dueMs) pending.callback();
        else arm(pending); // the platform's timers end early at times, and cannot wait for months
      },
      Math.min(longestTimerMs, Math.max(0, leftMs)),
    );
  }

  return {
    rate,
    now,
    begin() {
      begun ??= { at: performance.now(), wallMs: Date.now() };
      for (const pending of held) arm(pending);
      held.clear();
    },
    wallTimeOf: (instantMs) => (begun?.wallMs ?? Date.now()) + (instantMs - startMs) / rate,
    setTimeout(callback, delayMs) {
      const pending: Pending = { dueMs: now() + Math.max(0, delayMs), callback };
      if (begun === undefined) held.add(pending);
      else arm(pending);
      return pending;
    },
    clearTimeout(handle) {
      held.delete(handle as Pending);
      clearTimeout((handle as Pending).timer);
    },
  };
}
