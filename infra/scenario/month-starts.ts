/** Local calendar months as instants, for mechanisms that price a month at a time (elecbay.md 0, rules 6 and 11). */
import { DateTime } from "luxon";
import { firstPeriod, lastPeriod } from "../../market/managers/calendar.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import { zoneOf } from "./run-series.js";

/** A market that goes on for ever knows its months that far ahead. */
const monthsAhead = 1200;

/** The terms with the months that the mechanism prices; as they are where it prices each period by itself. */
export function withMonths(terms: MarketTerms, mechanism: Mechanism): MarketTerms {
  if (mechanism.kind !== "pool" || mechanism.horizon !== "month") return terms;
  const { calendar, timezone } = terms;
  const monthStartsMs = monthStarts(firstPeriod(calendar), lastPeriod(calendar), timezone);
  return { ...terms, calendar: { ...calendar, monthStartsMs } };
}

/** Starts of the local months from the one that holds `fromMs` to the first after `toMs`. */
export function monthStarts(fromMs: number, toMs: number, timezone: string): number[] {
  const first = DateTime.fromMillis(fromMs, { zone: zoneOf(timezone) }).startOf("month");
  const starts = [first.toMillis()];
  for (let months = 1; months <= monthsAhead && (starts.at(-1) ?? 0) <= toMs; months += 1) {
    starts.push(first.plus({ months }).startOf("month").toMillis());
  }
  return starts;
}
