/** The local day that an instant lies in. */
import { dayMs, hourMs } from "../../../../shared/time.js";
import { time } from "../../page/formats.js";

/** @returns its first instant and the next day's, ms UTC; found by looking, for days with a change of clocks have 23 or 25 hours */
export function localDay(instantMs: number, timezone: string | undefined): readonly [fromMs: number, toMs: number] {
  const name = time(instantMs, "day", timezone);
  const quarter = hourMs / 4;
  const isSame = (atMs: number): boolean => time(atMs, "day", timezone) === name;
  let fromMs = Math.floor(instantMs / quarter) * quarter;
  while (isSame(fromMs - quarter) && instantMs - fromMs < 2 * dayMs) fromMs -= quarter;
  let toMs = fromMs + 23 * hourMs;
  while (isSame(toMs) && toMs - fromMs < 2 * dayMs) toMs += quarter;
  return [fromMs, toMs];
}
