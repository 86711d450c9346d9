/** The local day in which an instant lies. */
import { DateTime } from "luxon";

/** @returns a function from UTC milliseconds to a day such as 2016-08-01, in `timezone` */
export function localDays(timezone: string): (instantMs: number) => string {
  return (instantMs) => DateTime.fromMillis(instantMs, { zone: timezone }).toISODate() ?? "";
}

/** The local time of an instant, as 14:30. */
export function localTime(instantMs: number, timezone: string): string {
  return DateTime.fromMillis(instantMs, { zone: timezone }).toFormat("HH:mm");
}

/** A month such as 2016-08 in words. */
export function monthInWords(month: string): string {
  return DateTime.fromISO(`${month}-01`, { zone: "utc", locale: "en" }).toFormat("LLLL yyyy");
}
