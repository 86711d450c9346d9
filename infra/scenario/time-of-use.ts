/** Prices by the wall clock, written out for the run's periods: bands may pass midnight and hold on weekdays, at weekends, in some months. */
import { DateTime } from "luxon";
import { microPerKwhFromMajor } from "../../shared/decimal.js";
import { minuteMs } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import { InputError } from "../series/input-error.js";
import type { Path } from "./located-yaml.js";
import type { TimeOfUse } from "./price-schema.js";
import type { RunContext } from "./run-series.js";

type Band = TimeOfUse["timeOfUse"][number];

/** One price per period of the run. @throws InputError where a band does not begin and end with a period */
export function timeOfUsePrices(given: TimeOfUse, path: Path, run: RunContext): MicroPerKwh[] {
  const { periodMinutes, periods } = run.calendar.terms;
  for (const [index, band] of given.timeOfUse.entries()) checkBand(band, [...path, "timeOfUse", index], run);
  return Array.from({ length: periods }, (_, period) => {
    const startMs = run.calendar.firstPeriodMs + period * periodMinutes * minuteMs;
    const local = DateTime.fromMillis(startMs, { zone: run.zone });
    return microPerKwhFromMajor(given.timeOfUse.find((band) => holds(band, local))?.price ?? given.otherwise);
  });
}

/** A band that passes midnight belongs to the day on which each of its halves lies. */
function holds({ from, to, days, months }: Band, local: DateTime): boolean {
  const isWeekend = local.weekday > 5;
  if ((days === "weekdays" && isWeekend) || (days === "weekends" && !isWeekend)) return false;
  if (months !== undefined && !months.includes(local.month)) return false;
  const minute = local.hour * 60 + local.minute;
  const start = minuteOf(from);
  const end = minuteOf(to);
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

function checkBand({ from, to }: Band, path: Path, run: RunContext): void {
  const { periodMinutes } = run.calendar.terms;
  for (const [key, time] of [["from", from] as const, ["to", to] as const]) {
    if (minuteOf(time) % periodMinutes !== 0) {
      const problem = `${time} does not lie on periods of ${periodMinutes} minutes; a tariff changes with a period`;
      throw new InputError(run.placeOf([...path, key]), problem);
    }
  }
  if (from === to) {
    throw new InputError(
      run.placeOf([...path, "to"]),
      `the band from ${from} to ${to} is empty; a whole day is 00:00 to 24:00`,
    );
  }
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
