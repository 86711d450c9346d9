/**
 * Where a local day begins, in UTC: needed to lay the consumption curve of a day in the market's timezone over delivery periods.
 *
 * Two corrections suffice: the first lands within an hour of midnight, the second on it, clock changes of that hour included.
 */
const corrections = 2;

/** UTC milliseconds of 00:00 on `date` (`2016-08-01`) in `timezone` (IANA). @throws RangeError for an unknown timezone. */
export function localMidnightMs(date: string, timezone: string): number {
  const wantedMs = Date.parse(`${date}T00:00:00Z`);
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  let instantMs = wantedMs;
  for (let i = 0; i < corrections; i += 1) instantMs += wantedMs - wallClockMs(format, instantMs);
  return instantMs;
}

/** What a wall clock there shows at `instantMs`, read as if it were UTC. */
function wallClockMs(format: Intl.DateTimeFormat, instantMs: number): number {
  const shown = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
