/**
 * Publishes the clock in scaled and real mode: a tick at every tick's instant of market time.
 *
 * Ticks that were slept through are left out, their numbers are not: `seq` grows by one with each published tick.
 */
import { tickLengthMs } from "../../market/managers/calendar.js";
import type { Outbox } from "../../market/ports.js";
import type { CalendarTerms } from "../../market/terms.js";
import { isoUtc, periodContaining } from "../../shared/time.js";
import type { Topics } from "../../shared/topics.js";
import type { ScaledClock } from "./scaled-clock.js";

export interface TickerOptions {
  readonly calendar: CalendarTerms;
  readonly mode: "scaled" | "real";
  readonly runId: string;
  readonly clock: ScaledClock;
  readonly outbox: Outbox;
  readonly topics: Topics;
  /** Number of the first tick, beyond those of earlier lives of the market. */
  readonly firstSeq: number;
}

/** Starts at once; returns how to stop. */
export function startTicker({ calendar, mode, runId, clock, outbox, topics, firstSeq }: TickerOptions): () => void {
  const tickMs = tickLengthMs(calendar);
  let seq = firstSeq - 1;
  let timer: unknown;

  function tick(): void {
    const ticks = Math.max(0, Math.floor((clock.now() - calendar.startMs) / tickMs));
    const tsMs = calendar.startMs + ticks * tickMs;
    const periodMs = periodContaining(tsMs, calendar.periodMinutes);
    seq += 1;
    outbox.publish(
      topics.public("clock"),
      {
        ...{ v: 1, ts: isoUtc(tsMs), runId, seq, mode, rate: clock.rate, period: isoUtc(periodMs) },
        round: Math.floor((tsMs - periodMs) / tickMs) + 1,
        rounds: calendar.rounds,
        deadline: new Date(clock.wallTimeOf(tsMs + tickMs)).toISOString(),
      },
      true,
    );
    timer = clock.setTimeout(tick, tsMs + tickMs - clock.now());
  }

  tick();
  return () => clock.clearTimeout(timer);
}
