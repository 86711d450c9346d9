/**
 * Columns named by a scenario, brought onto the run: paths resolved, typical days set on the local clock, the run's span covered.
 *
 * A typical day repeats every 24 hours from local midnight where no clock change falls into the run; otherwise it is written out day by
 * day by the wall clock (the hour of the change is left out or comes twice).
 */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { IANAZone } from "luxon";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import type { TableCache } from "../series/csv-table.js";
import { InputError } from "../series/input-error.js";
import type { ColumnSource } from "../series/read-column.js";
import type { PeriodSeries } from "../series/read-series.js";
import type { SeriesReference } from "../series/series-reference.js";
import type { RunCalendar } from "./calendar.js";
import type { PlaceOf } from "./compose-scenario.js";
import { clockSlot, localDays } from "./local-day.js";
import type { Path } from "./located-yaml.js";

/** What every reader of series needs to know about the run. */
export interface RunContext {
  readonly scenarioFile: string;
  readonly dataDir: string | undefined;
  readonly zone: IANAZone;
  readonly calendar: RunCalendar;
  readonly placeOf: PlaceOf;
  readonly cache: TableCache;
}

/** A series on the market's periods. `repeats`: it starts again after its last value. */
export interface RunSeries<T> {
  readonly fromMs: number;
  readonly values: T;
  readonly repeats: boolean;
}

/** @throws InputError where the data folder is missing or was not given. */
export function columnSource(reference: SeriesReference, path: Path, run: RunContext): ColumnSource {
  const place = run.placeOf([...path, "file"]);
  const file = resolvedFile(reference.file, place.line, run);
  if (!existsSync(file)) throw new InputError(place, `there is no file ${file}`);
  return { reference, file, timezone: run.zone, place, cache: run.cache };
}

function resolvedFile(file: string, line: number | undefined, run: RunContext): string {
  if (!file.startsWith("data:")) return resolve(dirname(run.scenarioFile), file);
  if (run.dataDir === undefined) {
    throw new InputError(
      { file: run.scenarioFile, line },
      `reads ${file}: say where the data folder is with --data DIR (or dataDir:)`,
    );
  }
  return resolve(run.dataDir, file.slice("data:".length));
}

const spareMs = 2 * dayMs;

/** @throws InputError with both spans where the data does not cover the run. */
export function onRun<T extends ArrayLike<number>>(
  series: PeriodSeries<T>,
  path: Path,
  run: RunContext,
  make: (values: number[]) => T,
): RunSeries<T> {
  const { periodMinutes, periods } = run.calendar.terms;
  const periodMs = periodMinutes * minuteMs;
  const firstMs = run.calendar.firstPeriodMs;
  const endMs = firstMs + periods * periodMs;
  if (series.day) return dayOnRun(series.values, firstMs, endMs, path, run, make);
  const dataEndMs = series.fromMs + series.values.length * periodMs;
  if (series.fromMs > firstMs || dataEndMs < endMs) {
    throw new InputError(
      run.placeOf([...path, "column"]),
      `the data reaches from ${isoUtc(series.fromMs)} to ${isoUtc(dataEndMs)}, the run of ${periods} periods from ${isoUtc(firstMs)} to ` +
        `${isoUtc(endMs)}; choose fewer periods, another firstPeriod, or repeats: day for a typical day`,
    );
  }
  return { fromMs: series.fromMs, values: series.values, repeats: false };
}

function dayOnRun<T extends ArrayLike<number>>(
  values: T,
  firstMs: number,
  endMs: number,
  path: Path,
  run: RunContext,
  make: (values: number[]) => T,
): RunSeries<T> {
  const { periodMinutes } = run.calendar.terms;
  const periodMs = periodMinutes * minuteMs;
  const midnightMs = localDays(firstMs, firstMs, run.zone)[0]?.fromMs ?? firstMs;
  if (midnightMs % periodMs !== 0) {
    throw new InputError(
      run.placeOf([...path, "repeats"]),
      `midnight in ${run.zone.name} does not lie on periods of ${periodMinutes} minutes, so a typical day cannot be set on them; choose 30 or 15`,
    );
  }
  if (!clockChanges(firstMs, endMs, run.zone)) return { fromMs: midnightMs, values, repeats: true };
  const fromMs = midnightMs - spareMs;
  const count = Math.ceil((endMs + spareMs - fromMs) / periodMs);
  const written = Array.from({ length: count }, (_, index) => {
    return values[clockSlot(fromMs + index * periodMs, periodMinutes, run.zone)] ?? 0;
  });
  return { fromMs, values: make(written), repeats: false };
}

function clockChanges(fromMs: number, toMs: number, zone: IANAZone): boolean {
  const offset = zone.offset(fromMs);
  return localDays(fromMs, toMs, zone).some(
    (day) => zone.offset(day.fromMs + dayMs / 2) !== offset && day.fromMs < toMs,
  );
}

/** The zone of a checked name. */
export const zoneOf = (timezone: string): IANAZone => IANAZone.create(timezone);
