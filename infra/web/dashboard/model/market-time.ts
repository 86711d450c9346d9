/** Market time between two ticks of the published clock, as far as it is sure to have come. */
import type { ClockTick } from "../../../../shared/messages/clock.js";
import { minuteMs } from "../../../../shared/time.js";

/** A tick, and when it came here. */
export interface HeardTick {
  readonly tick: ClockTick;
  readonly wallMs: number;
}

/**
 * Market time at `wallMs`: the tick's time, brought forward at its rate, and no further than the next tick, so that a market that
 * stands still is seen to stand still. In lockstep time is what the last tick says.
 * @returns milliseconds UTC; undefined before the first tick
 */
export function marketTime(
  heard: HeardTick | undefined,
  wallMs: number,
  periodMinutes: number | undefined,
): number | undefined {
  if (heard === undefined) return undefined;
  const { ts, rate, mode, rounds } = heard.tick;
  const tickMs = Date.parse(ts);
  if (mode === "lockstep" || periodMinutes === undefined) return tickMs;
  const passedMs = Math.max(0, wallMs - heard.wallMs) * rate;
  return tickMs + Math.min(passedMs, (periodMinutes * minuteMs) / rounds);
}
