/** CSV files for tests, in a folder of the platform's temporary place, and columns of them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IANAZone } from "luxon";
import type { ColumnSource } from "../../../infra/series/read-column.js";
import { type SeriesReference, seriesReference } from "../../../infra/series/series-reference.js";

/** Writes `text` to a new file and returns its path, which ends in `/homes.csv`. */
export function tableFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "elecbay-series-")), "homes.csv");
  writeFileSync(file, text);
  return file;
}

/** Column `kwh` of a file with time stamps in its first column; half hours in UTC unless said otherwise. */
export function columnOf(text: string, over: Partial<SeriesReference> = {}, timezone = "Europe/London"): ColumnSource {
  const file = tableFile(text);
  const reference = seriesReference.parse({ file, column: "kwh", unit: "kWh", stepMinutes: 30, clock: "utc", ...over });
  const place = { file: "scenario.yaml", line: 7, column: "load.file" };
  return { reference, file, timezone: IANAZone.create(timezone), place, cache: new Map() };
}

/** A table `at,kwh` with one row per stamp, its values 1, 2, 3, … where none are given. */
export function rows(
  stamps: readonly string[],
  values: readonly (number | string)[] = stamps.map((_, i) => i + 1),
): string {
  return ["at,kwh", ...stamps.map((stamp, index) => `${stamp},${values[index] ?? ""}`)].join("\n");
}
