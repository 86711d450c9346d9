/**
 * The rows of one result file, taken period by period: the rows of a period stand together, in the order of the bill dates;
 * what comes of a period after its bills (corrections) stands later, between others.
 */
import { isoUtc } from "../../shared/time.js";
import { type CsvReader, type CsvRow, csvReader } from "../results/csv-reader.js";
import { Difference } from "../results/difference.js";
import { headers, type ResultFile } from "../results/rows.js";

export interface RowsByPeriod {
  readonly file: string;
  /** Rows from the last one taken up to the next later period: those of `periodMs`, and late ones of periods before, in their order. */
  take(periodMs: number): readonly CsvRow[];
  /** Rows that were taken too early: where periods have no rows, a late one stands right behind a period long before. Taken next time. */
  putBack(rows: readonly CsvRow[]): void;
  rowCount(): number;
  /** @returns SHA-256 of the file. @throws Difference where rows are left that belong to no period. */
  end(): string;
}

/** @param folder of the results @throws Difference where the file is missing. */
export function rowsByPeriod(folder: string, name: ResultFile): RowsByPeriod {
  const file = `${folder}/${name}.csv`;
  const reader: CsvReader = csvReader(file, headers[name]);
  const rows = reader.rows();
  const column = headers[name].split(",").findIndex((header) => header === "period" || header === "from");
  let count = 0;
  let next: CsvRow | undefined;
  let started = false;
  let early: readonly CsvRow[] = [];
  const advance = (): void => {
    const { value } = rows.next();
    next = value ?? undefined;
    if (next !== undefined) count += 1;
  };
  return {
    file,
    take(periodMs) {
      if (!started) advance();
      started = true;
      const until = isoUtc(periodMs);
      const taken: CsvRow[] = [...early];
      early = [];
      while (next !== undefined && (next.cells[column] ?? "") <= until) {
        taken.push(next);
        advance();
      }
      return taken;
    },
    putBack(taken) {
      early = taken;
    },
    rowCount: () => count,
    end() {
      if (!started) advance();
      const [surplus] = early;
      if (surplus !== undefined) {
        const told = {
          expected: "no such row",
          found: surplus.cells.join(","),
          meaning: "nothing of the run gives it",
        };
        throw new Difference({ file, line: surplus.line }, told);
      }
      if (next === undefined) return reader.digest();
      const found = next.cells[column] ?? "";
      const told = { expected: "a period of this run", found, meaning: "periods.csv knows of no such billed period" };
      throw new Difference({ file, line: next.line, column: headers[name].split(",")[column] }, told);
    },
  };
}
