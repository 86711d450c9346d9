/**
 * A CSV file as rows of texts with their line numbers. The first line names the columns.
 *
 * Files are kept in a `TableCache` for one loading of a scenario: eleven homes read eleven columns of one file.
 */
import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { InputError } from "./input-error.js";

export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

export type TableCache = Map<string, CsvTable>;

/** @throws InputError where the file cannot be read, is no table, or names a column twice. */
export function readTable(file: string, cache: TableCache): CsvTable {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const [header, ...rows] = parsedRows(file);
  if (header === undefined)
    throw new InputError({ file, line: 1 }, "the file is empty; its first line names the columns");
  const twice = header.cells.find((name, index) => header.cells.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError({ file, line: header.line, column: twice }, "the column is named twice; rename one of them");
  }
  if (rows.length === 0) throw new InputError({ file, line: 2 }, "there are no rows below the column names");
  const table = { file, columns: header.cells, rows };
  cache.set(file, table);
  return table;
}

/** Index of a column. @throws InputError that lists the columns there are. */
export function columnIndex(table: CsvTable, column: string): number {
  const index = table.columns.indexOf(column);
  if (index < 0) {
    const known = table.columns.slice(0, 12).join(", ");
    throw new InputError({ file: table.file, line: 1, column }, `there is no such column; the file has ${known}`);
  }
  return index;
}

interface ParsedRecord {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

function parsedRows(file: string): CsvRow[] {
  const text = textOf(file);
  try {
    // With `info` each record comes with its line; the declaration of `parse` for rows as lists does not know that.
    const records: unknown = parse(text, { bom: true, info: true, trim: true, skip_empty_lines: true });
    return (records as ParsedRecord[]).map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : undefined;
    throw new InputError({ file, line }, `is no CSV table: ${error.message}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new InputError(
      { file },
      "the file cannot be read; check the path, and --data DIR for paths that begin with data:",
    );
  }
}
