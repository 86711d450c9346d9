/** Readings as a file of rows: `participant,period,importKwh,exportKwh[,generationKwh,quality]`. A wrong row is told by its line, and the others stand. */
import { CsvError, parse } from "csv-parse/sync";
import * as z from "zod";
import type { Reading } from "../../market/facts.js";
import { whFromKwh } from "../../shared/decimal.js";
import * as f from "../../shared/messages/fields.js";
import { instantFromIso, periodFromTopicLevel } from "../../shared/time.js";
import { InputError } from "../series/input-error.js";

export interface ReadingRow {
  readonly line: number;
  /** As they stand in the file. */
  readonly participant: string;
  readonly period: string;
  /** Undefined: `problem` says why. */
  readonly wanted: { readonly periodMs: number; readonly reading: Reading } | undefined;
  readonly problem: string | undefined;
}

export const mostRows = 20_000;
const needed = ["participant", "period", "importKwh", "exportKwh"] as const;
const possible: readonly string[] = [...needed, "generationKwh", "quality"];

/** Decimal alone: `Number` would read `0x10` and blanks as numbers too. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const number = z.string().transform((text) => (decimal.test(text) ? Number(text) : Number.NaN));
const row = z.object({
  participant: f.participant,
  importKwh: number.pipe(f.amountKwh),
  exportKwh: number.pipe(f.amountKwh),
  generationKwh: z
    .string()
    .transform((text) => (text === "" ? "0" : text))
    .pipe(number)
    .pipe(f.amountKwh)
    .default(0),
  quality: z
    .string()
    .transform((text) => (text === "" ? "actual" : text))
    .pipe(f.quality)
    .default("actual"),
});

/** @param most rows, as many as the market takes at once by default @throws InputError where it is no such file at all. */
export function readingRows(file: string, text: string, most = mostRows): readonly ReadingRow[] {
  const [header, ...rows] = parsed(file, text);
  if (header === undefined)
    throw new InputError({ file, line: 1 }, `is empty; its first line is ${possible.join(",")}`);
  const names = header.cells;
  const wrong = names.find((name, place) => !possible.includes(name) || names.indexOf(name) !== place);
  const lacks = needed.find((name) => !names.includes(name));
  if (wrong !== undefined || lacks !== undefined) {
    const problem = lacks === undefined ? `has a column "${wrong}" too many` : `lacks the column ${lacks}`;
    throw new InputError(
      { file, line: 1 },
      `${problem}; its first line is ${possible.join(",")}, the last two if wanted`,
    );
  }
  if (rows.length > most) {
    throw new InputError(
      { file },
      `has ${rows.length} rows, more than ${most}: send it in parts, as elecbay import-readings does`,
    );
  }
  const seen = new Set<string>();
  return rows.map(({ line, cells }) => {
    const fields = Object.fromEntries(names.map((name, place) => [name, cells[place] ?? ""]));
    const found = rowFrom(line, fields, cells.length === names.length);
    const key = `${found.participant} ${found.wanted?.periodMs}`;
    if (found.wanted === undefined || !seen.has(key)) {
      seen.add(key);
      return found;
    }
    return { ...found, wanted: undefined, problem: "the file has this participant and period already, further up" };
  });
}

function rowFrom(line: number, fields: Record<string, string>, isWhole: boolean): ReadingRow {
  const { participant = "", period = "" } = fields;
  const refused = (problem: string): ReadingRow => ({ line, participant, period, wanted: undefined, problem });
  if (!isWhole) return refused("it has not as many cells as the first line");
  const periodMs = instantFromIso(period) ?? periodFromTopicLevel(period);
  if (periodMs === undefined) return refused("the period is none like 2016-08-01T00:30:00Z or 20160801-0030");
  const checked = row.safeParse(fields);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return refused(`${issue?.path.join(".")} ${issue?.message}`);
  }
  const { importKwh, exportKwh, generationKwh, quality } = checked.data;
  const reading: Reading = {
    ...{ participant, importWh: whFromKwh(importKwh), exportWh: whFromKwh(exportKwh) },
    ...{ generationWh: whFromKwh(generationKwh), quality },
  };
  return { line, participant, period, wanted: { periodMs, reading }, problem: undefined };
}

function parsed(file: string, text: string): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  try {
    const found = parse(text, {
      ...{ bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true },
    }) as unknown as { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
    return found.map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) throw new InputError({ file }, `is no CSV: ${error.message}`);
    throw error;
  }
}
