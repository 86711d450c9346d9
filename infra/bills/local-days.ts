/** The local day in which an instant lies. */
import { DateTime } from "luxon";

/** Bills of a period come together, and their day is asked for each time; finding it out takes 20 microseconds. */
const mostRemembered = 1000;

/** @returns a function from UTC milliseconds to a day such as 2016-08-01, in `timezone` */
export function localDays(timezone: string): (instantMs: number) => string {
  const days = new Map<number, string>();
  return (instantMs) => {
    const known = days.get(instantMs);
    if (known !== undefined) return known;
    const day = DateTime.fromMillis(instantMs, { zone: timezone }).toISODate() ?? "";
    if (days.size >= mostRemembered) days.clear();
    days.set(instantMs, day);
    return day;
  };
}

/** The local time of an instant, as 14:30. */
export function localTime(instantMs: number, timezone: string): string {
  return DateTime.fromMillis(instantMs, { zone: timezone }).toFormat("HH:mm");
}

/** A month such as 2016-08 in words. */
export function monthInWords(month: string): string {
  return DateTime.fromISO(`${month}-01`, { zone: "utc", locale: "en" }).toFormat("LLLL yyyy");
}
