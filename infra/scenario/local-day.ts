/** Days and clock times of the scenario's timezone (elecbay.md 0, rule 11): local days have 23, 24 or 25 hours. */
import { DateTime, type IANAZone } from "luxon";
import type { LocalDay } from "../../agents/environment/specification.js";
import { dayMs, minuteMs } from "../../shared/time.js";

/** Every local day from the one that contains `fromMs` to the one that contains `toMs`, and one more. */
export function localDays(fromMs: number, toMs: number, zone: IANAZone): LocalDay[] {
  const days: LocalDay[] = [];
  let day = DateTime.fromMillis(fromMs, { zone }).startOf("day");
  for (;;) {
    days.push({ date: day.toFormat("yyyy-MM-dd"), fromMs: day.toMillis() });
    if (day.toMillis() > toMs) return days;
    day = day.plus({ days: 1 }).startOf("day");
  }
}

/** Which period of a 24-hour day, by the wall clock, starts at an instant. */
export function clockSlot(instantMs: number, periodMinutes: number, zone: IANAZone): number {
  const localMs = instantMs + zone.offset(instantMs) * minuteMs;
  return Math.floor((((localMs % dayMs) + dayMs) % dayMs) / (periodMinutes * minuteMs));
}
