/** When a period opens, closes and is billed, counted anew from the terms: the auditor takes no market's word for it. */
import type { CalendarTerms } from "../../../market/terms.js";

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface ModelPeriod {
  readonly periodMs: number;
  readonly opensAtMs: number;
  readonly gateAtMs: number;
  readonly endMs: number;
  readonly dueAtMs: number;
  readonly billAtMs: number;
}

export interface ModelCalendar {
  readonly periods: readonly ModelPeriod[];
  readonly tickMs: number;
  of(periodMs: number): ModelPeriod | undefined;
}

/** The first period is the first whose gate lies at least four ticks after the start. */
export function modelCalendar(terms: CalendarTerms): ModelCalendar {
  const lengthMs = terms.periodMinutes * minuteMs;
  const tickMs = lengthMs / terms.rounds;
  let firstMs = Math.floor(terms.startMs / lengthMs) * lengthMs;
  while (firstMs - terms.gateMinutes * minuteMs < terms.startMs + 4 * tickMs) firstMs += lengthMs;
  const periods = Array.from({ length: terms.periods ?? 0 }, (_, place): ModelPeriod => {
    const periodMs = firstMs + place * lengthMs;
    const gateAtMs = periodMs - terms.gateMinutes * minuteMs;
    const endMs = periodMs + lengthMs;
    return {
      ...{ periodMs, gateAtMs, endMs, opensAtMs: gateAtMs - terms.openMinutes * minuteMs },
      dueAtMs: endMs + terms.meterDueMinutes * minuteMs,
      billAtMs: endMs + terms.billDays * dayMs,
    };
  });
  return { periods, tickMs, of: (periodMs) => periods.find((period) => period.periodMs === periodMs) };
}
