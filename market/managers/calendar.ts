/**
 * When each delivery period opens, closes its gate, is exchanged, metered and billed.
 *
 *   opensAt ─openMinutes─► gateAt ─gateMinutes─► start ─periodMinutes─► end ─meterDueMinutes─► dueAt … billAt … clearAt
 *
 * The bill date counts from the period's end, or from the end of the local calendar month where one price pair holds for it
 * (bill sharing, `monthStartsMs`). A period belongs to the month in which it starts.
 * A run counts its periods from the first whose gate lies at least four ticks ahead of its start, however late that is for
 * the period's opening. Source: elecbay.md 0 (defaults), contract.md "The clock".
 */
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import type { CalendarTerms } from "../terms.js";

/** A listing, an order on it and a reply take that long in lockstep. */
export const leastTicksBeforeGate = 4;
const defaultCorrectionDays = 90;
/** A bill stays on its topic that long. */
const billRetainedMs = 7 * dayMs;

/** Corrections are taken that long after a period's end, and all that they need is kept. */
export function correctionLimitMs({ correctionDays = defaultCorrectionDays }: CalendarTerms): number {
  return correctionDays * dayMs;
}

/** The instants of one period, in UTC milliseconds. */
export interface PeriodTimes {
  readonly periodMs: number;
  readonly opensAtMs: number;
  readonly gateAtMs: number;
  readonly endMs: number;
  readonly dueAtMs: number;
  /** End of what is priced and billed together: of the period itself, or of its local month as far as the run reaches. */
  readonly horizonEndMs: number;
  readonly billAtMs: number;
  readonly clearAtMs: number;
}

export function timesOf(periodMs: number, calendar: CalendarTerms): PeriodTimes {
  const gateAtMs = periodMs - calendar.gateMinutes * minuteMs;
  const endMs = periodMs + calendar.periodMinutes * minuteMs;
  const horizonEndMs = horizonOf(periodMs, calendar).endMs;
  const billAtMs = horizonEndMs + calendar.billDays * dayMs;
  return {
    periodMs,
    opensAtMs: gateAtMs - calendar.openMinutes * minuteMs,
    gateAtMs,
    endMs,
    dueAtMs: endMs + calendar.meterDueMinutes * minuteMs,
    horizonEndMs,
    billAtMs,
    clearAtMs: billAtMs + billRetainedMs,
  };
}

/**
 * From the first period's start to the last one's end, of all that is priced together with `periodMs`.
 * @throws RangeError where the calendar names no month that holds it.
 */
export function horizonOf(
  periodMs: number,
  calendar: CalendarTerms,
): { readonly startMs: number; readonly endMs: number } {
  const lengthMs = calendar.periodMinutes * minuteMs;
  if (calendar.monthStartsMs === undefined) return { startMs: periodMs, endMs: periodMs + lengthMs };
  const next = calendar.monthStartsMs.findIndex((startMs) => startMs > periodMs);
  const monthMs = calendar.monthStartsMs[next - 1];
  const nextMonthMs = calendar.monthStartsMs[next];
  if (monthMs === undefined || nextMonthMs === undefined) {
    throw new RangeError(`the calendar names no local month for the period at ${isoUtc(periodMs)}`);
  }
  const onGrid = (instantMs: number): number => Math.ceil(instantMs / lengthMs) * lengthMs;
  return {
    startMs: Math.max(onGrid(monthMs), firstPeriod(calendar)),
    endMs: Math.min(onGrid(nextMonthMs), lastPeriod(calendar) + lengthMs),
  };
}

export function tickLengthMs(calendar: CalendarTerms): number {
  return (calendar.periodMinutes * minuteMs) / calendar.rounds;
}

/** Start of the run's first period. */
export function firstPeriod(calendar: CalendarTerms): number {
  const lengthMs = calendar.periodMinutes * minuteMs;
  const earliestGateMs = calendar.startMs + leastTicksBeforeGate * tickLengthMs(calendar);
  return Math.ceil((earliestGateMs + calendar.gateMinutes * minuteMs) / lengthMs) * lengthMs;
}

/** Start of the run's last period; Infinity where it goes on for ever. */
export function lastPeriod(calendar: CalendarTerms): number {
  if (calendar.periods === undefined) return Number.POSITIVE_INFINITY;
  return firstPeriod(calendar) + (calendar.periods - 1) * calendar.periodMinutes * minuteMs;
}

/** Whether `periodMs` starts a period of this run. */
export function isInRun(periodMs: number, calendar: CalendarTerms): boolean {
  const onGrid = periodMs % (calendar.periodMinutes * minuteMs) === 0;
  return onGrid && periodMs >= firstPeriod(calendar) && periodMs <= lastPeriod(calendar);
}

/** Number of the tick at `instantMs`, counted from the period's opening, from 1. */
export function biddingCycle(instantMs: number, times: PeriodTimes, calendar: CalendarTerms): number {
  return Math.max(1, Math.floor((instantMs - times.opensAtMs) / tickLengthMs(calendar)) + 1);
}
