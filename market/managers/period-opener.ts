/**
 * Which period a manager takes up next, and when: the part that every period manager has alike.
 *
 * Bidding takes a period up when its bidding opens; exchange and settlement when its exchange starts.
 */
import { minuteMs } from "../../shared/time.js";
import type { CalendarTerms } from "../terms.js";
import { lastPeriod, type PeriodTimes, timesOf } from "./calendar.js";

/** Far beyond any market time: an alarm that never rings. */
const neverMs = 8_640_000_000_000_000;

/** The instant at which `periodMs` is taken up, or far away when the run has no such period. */
export function takenUpAt(
  periodMs: number,
  calendar: CalendarTerms,
  instantOf: (times: PeriodTimes) => number,
): number {
  return periodMs > lastPeriod(calendar) ? neverMs : instantOf(timesOf(periodMs, calendar));
}

export function periodAfter(periodMs: number, calendar: CalendarTerms): number {
  return periodMs + calendar.periodMinutes * minuteMs;
}
