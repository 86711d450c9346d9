/** Rows that the rules give, compared cell by cell with those in a file. */
import type { CsvRow } from "../results/csv-reader.js";
import { Difference } from "../results/difference.js";
import { headers, type ResultFile } from "../results/rows.js";

export interface ComparedFile {
  readonly path: string;
  readonly name: ResultFile;
  /** What it means where a cell differs. */
  readonly meaning: string;
}

/**
 * Compares one row. Cells that are undefined in `expected` may be anything.
 * @throws Difference naming the first cell that differs.
 */
export function compareRow(file: ComparedFile, found: CsvRow, expected: readonly (string | undefined)[]): void {
  for (const [index, cell] of expected.entries()) {
    if (cell === undefined || cell === found.cells[index]) continue;
    const column = headers[file.name].split(",")[index];
    const place = { file: file.path, line: found.line, column };
    throw new Difference(place, { expected: said(cell), found: said(found.cells[index]), meaning: file.meaning });
  }
}

/** Compares rows one by one. @throws Difference, also where one is missing or too many. */
export function compareRows(
  file: ComparedFile,
  found: readonly CsvRow[],
  expected: readonly (readonly (string | undefined)[])[],
): void {
  for (const [index, row] of found.entries()) {
    const wanted = expected[index];
    if (wanted === undefined) throw surplus(file, row);
    compareRow(file, row, wanted);
  }
  const missing = expected[found.length];
  if (missing !== undefined) throw lacking(file, missing, found.at(-1)?.line);
}

/** A row that nothing asks for. */
export function surplus(file: ComparedFile, row: CsvRow): Difference {
  const place = { file: file.path, line: row.line };
  return new Difference(place, { expected: "no such row", found: row.cells.join(","), meaning: file.meaning });
}

/** A row that is not there; `afterLine`: where it should stand, as far as is known. */
export function lacking(
  file: ComparedFile,
  expected: readonly (string | undefined)[],
  afterLine: number | undefined,
): Difference {
  const told = expected.map((cell) => cell ?? "…").join(",");
  const place = { file: file.path, line: afterLine };
  const where = afterLine === undefined ? "no row for it" : "nothing after this row";
  return new Difference(place, { expected: `the row ${told}`, found: where, meaning: file.meaning });
}

export interface Pairing<T> {
  /** Each row with what is expected there; undefined: nothing. */
  readonly pairs: readonly { readonly row: CsvRow; readonly wanted: T | undefined }[];
  /** The first that has no row. */
  readonly missing: T | undefined;
  /** Rows behind all that is expected now: late ones whose time has not come, unless they are too many. */
  readonly early: readonly CsvRow[];
}

/**
 * Pairs rows taken of a period with what the rules give: the period's own, in their order, and what corrections after the bills give,
 * in theirs. Of the period's own rows the bills' come first, so what is more than `own` is late.
 */
export function pairUp<T>(
  found: readonly CsvRow[],
  isOfPeriod: (row: CsvRow) => boolean,
  own: readonly T[],
  late: readonly T[],
): Pairing<T> {
  let [ownIndex, lateIndex] = [0, 0];
  const pairs = found.map((row) => {
    const isOwn = ownIndex < own.length && isOfPeriod(row);
    const wanted = isOwn ? own[ownIndex] : late[lateIndex];
    if (isOwn) ownIndex += 1;
    else lateIndex += 1;
    return { row, wanted };
  });
  const count = pairs.findLastIndex(({ wanted }) => wanted !== undefined) + 1;
  return { pairs: pairs.slice(0, count), missing: own[ownIndex] ?? late[lateIndex], early: found.slice(count) };
}

const said = (cell: string | undefined): string => (cell === undefined || cell === "" ? "nothing" : cell);
