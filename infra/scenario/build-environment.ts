/** What the environment publisher will tell, brought onto the run's periods and local days. */
import type { EnvironmentSeries, EnvironmentSpecification } from "../../agents/environment/specification.js";
import { dayMs, minuteMs } from "../../shared/time.js";
import { InputError } from "../series/input-error.js";
import { readMean } from "../series/read-series.js";
import { meanPerPeriod } from "../series/resample.js";
import type { SeriesReference } from "../series/series-reference.js";
import type { EnvironmentEntry } from "./environment-schema.js";
import { localDays } from "./local-day.js";
import type { Path } from "./located-yaml.js";
import { columnSource, onRun, type RunContext } from "./run-series.js";
import type { ScenarioEntry } from "./scenario-schema.js";

/** Longest stretch of days that is written out; beyond it days are 24 hours long. */
const writtenDaysMs = 400 * dayMs;

/** @throws InputError for a column's faults, or a typical day that is none. */
export function builtEnvironment(entry: ScenarioEntry, seed: number, run: RunContext): EnvironmentSpecification {
  const { environment } = entry;
  const { periodMinutes, periods, startMs } = run.calendar.terms;
  const endMs = run.calendar.firstPeriodMs + Math.max(periods * periodMinutes * minuteMs, writtenDaysMs);
  return {
    market: entry.market,
    seed,
    periodMinutes,
    solarOutputWm2:
      environment.solar === undefined
        ? { fromMs: run.calendar.firstPeriodMs, values: [0], repeats: true }
        : meanOnRun(environment.solar, "irradiance", ["environment", "solar"], run),
    temperatureC:
      environment.temperature === undefined
        ? null
        : meanOnRun(environment.temperature, "temperature", ["environment", "temperature"], run),
    typicalKw: typicalDay(environment, run),
    days: localDays(startMs, endMs, run.zone),
  };
}

function meanOnRun(
  reference: SeriesReference,
  quantity: "irradiance" | "temperature",
  path: Path,
  run: RunContext,
): EnvironmentSeries {
  const series = readMean(columnSource(reference, path, run), run.calendar.terms.periodMinutes, quantity);
  return onRun(series, path, run, (values) => values);
}

function typicalDay(environment: EnvironmentEntry, run: RunContext): number[] {
  const { typicalLoad } = environment;
  const { periodMinutes } = run.calendar.terms;
  const path = ["environment", "typicalLoad"];
  if (Array.isArray(typicalLoad)) {
    const stepMinutes = dayMs / minuteMs / typicalLoad.length;
    if (!Number.isInteger(stepMinutes)) {
      throw new InputError(
        run.placeOf(path),
        `${typicalLoad.length} values are no equal whole minutes of a day; give 24, 48 or 96`,
      );
    }
    return meanPerPeriod({ fromMs: 0, stepMinutes, values: typicalLoad }, periodMinutes);
  }
  if (typicalLoad.repeats !== "day") {
    throw new InputError(run.placeOf([...path, "file"]), "the typical consumption is one day: set repeats: day");
  }
  return readMean(columnSource(typicalLoad, path, run), periodMinutes, "power").values;
}
