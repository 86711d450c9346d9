/**
 * The calendar of a run: ticks, the clock's start and the first delivery period. Source: contract.md, "The clock".
 *
 * At the start every period opens whose gate lies at least four ticks ahead; a run counts from the first of these. So a run that is to
 * begin with a given period (`firstPeriod`, such as the data's first) starts its clock four ticks before that period's gate.
 */

import type { CalendarTerms } from "../../market/terms.js";
import { dayMs, instantFromIso, minuteMs } from "../../shared/time.js";
import { InputError } from "../series/input-error.js";
import type { PlaceOf } from "./compose-scenario.js";
import type { ScenarioEntry } from "./scenario-schema.js";

/** A listing, an order on it, a reply: that many ticks a period must be open. */
const leastOpenTicks = 4;

export interface RunCalendar {
  readonly terms: CalendarTerms & { readonly periods: number };
  readonly firstPeriodMs: number;
}

/** @throws InputError where minutes are no whole ticks, the gate or the opening is too short, or the start is off the grid. */
export function runCalendar(entry: ScenarioEntry, periods: number | undefined, placeOf: PlaceOf): RunCalendar {
  const { calendar } = entry;
  const tickMs = tickLengthMs(entry, placeOf);
  for (const key of ["openMinutes", "gateMinutes", "meterDueMinutes"] as const) {
    if ((calendar[key] * minuteMs) % tickMs !== 0 || calendar[key] * minuteMs < tickMs) {
      const problem = `must be one or more whole ticks of ${tickMs / minuteMs} minutes (a tick is periodMinutes / rounds), not ${calendar[key]}`;
      throw new InputError(placeOf(["calendar", key]), problem);
    }
  }
  if (calendar.openMinutes * minuteMs < leastOpenTicks * tickMs) {
    throw new InputError(
      placeOf(["calendar", "openMinutes"]),
      `bidding must open at least ${leastOpenTicks} ticks of ${tickMs / minuteMs} minutes before the gate, not ${calendar.openMinutes} minutes`,
    );
  }
  if (calendar.correctionDays !== undefined && calendar.correctionDays * dayMs <= calendar.meterDueMinutes * minuteMs) {
    const problem = `corrections must be taken for longer than the ${calendar.meterDueMinutes} minutes in which readings are due`;
    throw new InputError(placeOf(["calendar", "correctionDays"]), problem);
  }
  const periodMs = calendar.periodMinutes * minuteMs;
  const leadMs = calendar.gateMinutes * minuteMs + leastOpenTicks * tickMs;
  const startMs = clockStart(entry, leadMs, periodMs, tickMs, placeOf);
  const terms = { ...calendar, startMs, periods: periods ?? entry.periods };
  return { terms, firstPeriodMs: Math.ceil((startMs + leadMs) / periodMs) * periodMs };
}

function tickLengthMs(entry: ScenarioEntry, placeOf: PlaceOf): number {
  const { periodMinutes, rounds } = entry.calendar;
  const seconds = (periodMinutes * 60) / rounds;
  if (!Number.isInteger(seconds)) {
    const problem = `${periodMinutes} minutes in ${rounds} rounds make ticks of ${seconds} seconds; a tick is a whole number of seconds`;
    throw new InputError(placeOf(["calendar", "rounds"]), problem);
  }
  return seconds * 1000;
}

function clockStart(entry: ScenarioEntry, leadMs: number, periodMs: number, tickMs: number, placeOf: PlaceOf): number {
  if ((entry.start === undefined) === (entry.firstPeriod === undefined)) {
    throw new InputError(
      placeOf([entry.start === undefined ? "name" : "firstPeriod"]),
      "give one of start (the clock's first tick) and firstPeriod (the first delivery period), both in UTC",
    );
  }
  const startMs = instantFromIso(entry.start ?? "");
  const firstMs = instantFromIso(entry.firstPeriod ?? "");
  if (firstMs !== undefined && firstMs % periodMs !== 0) {
    const problem = `must be the start of a period of ${entry.calendar.periodMinutes} minutes, counted from midnight UTC`;
    throw new InputError(placeOf(["firstPeriod"]), problem);
  }
  const result = startMs ?? (firstMs ?? 0) - leadMs;
  if (result % tickMs !== 0) {
    const problem = `must lie on a tick: every ${tickMs / minuteMs} minutes, counted from midnight UTC`;
    throw new InputError(placeOf([entry.start === undefined ? "firstPeriod" : "start"]), problem);
  }
  return result;
}
