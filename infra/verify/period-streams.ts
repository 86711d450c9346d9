/** The files of a run read side by side, each as far as the same delivery period. */
import { type CsvRow, csvReader } from "../results/csv-reader.js";
import { Cells } from "../results/row-facts.js";
import { headers, type ResultFile } from "../results/rows.js";
import type { ReadRow } from "./order-check.js";
import { rowsByPeriod } from "./rows-by-period.js";

/** Files whose rows go by period. */
export const streamedFiles = [
  "orders",
  "trades",
  "cuts",
  "contracts",
  "meters",
  "tariffs",
  "positions",
  "statements",
  "bills",
  "ledger",
] as const satisfies readonly ResultFile[];
export type StreamedFile = (typeof streamedFiles)[number];

/** Rows of each file that belong to a period, or came late about then. */
export type Taken = Readonly<Record<StreamedFile, readonly CsvRow[]>>;

export interface PeriodStreams {
  path(name: StreamedFile): string;
  /** Moves all files on to a period. */
  take(periodMs: number): Taken;
  /** What was taken too early is taken next time. */
  putBack(name: StreamedFile, rows: readonly CsvRow[]): void;
  rowCount(name: StreamedFile): number;
  /** SHA-256 of each file by its name. @throws Difference where one has rows left. */
  end(): Record<string, string>;
}

/** @throws Difference where a file is missing. */
export function openStreams(folder: string): PeriodStreams {
  const streams = byName((name) => rowsByPeriod(folder, name));
  return {
    path: (name) => streams[name].file,
    take: (periodMs) => byName((name) => streams[name].take(periodMs)),
    putBack: (name, rows) => streams[name].putBack(rows),
    rowCount: (name) => streams[name].rowCount(),
    end: () => Object.fromEntries(streamedFiles.map((name) => [`${name}.csv`, streams[name].end()])),
  };
}

function byName<T>(make: (name: StreamedFile) => T): Record<StreamedFile, T> {
  return Object.fromEntries(streamedFiles.map((name) => [name, make(name)])) as Record<StreamedFile, T>;
}

/** Rows as facts, each with the row that it stands in. */
export function readRows<T>(file: string, rows: readonly CsvRow[], read: (cells: Cells) => T): ReadRow<T>[] {
  return rows.map((row) => ({ row, fact: read(new Cells(file, row)) }));
}

/** Periods of which meters.csv has readings after others': they are kept until those come. */
export function periodsCorrectedLater(folder: string): ReadonlySet<string> {
  const { rows } = rowsOfMeters(folder);
  const corrected = new Set<string>();
  let latest = "";
  for (const { cells } of rows()) {
    const period = cells[0] ?? "";
    if (period < latest) corrected.add(period);
    else latest = period;
  }
  return corrected;
}

function rowsOfMeters(folder: string) {
  return csvReader(`${folder}/meters.csv`, headers.meters);
}
