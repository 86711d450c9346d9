/** Puts rows into a table several at a time: each call into SQLite costs more than the row that it brings. */
import type { JournalFile } from "./journal-file.js";

export type Value = string | number | null;

/**
 * Keeps rows in their order. Statements are prepared when first used: who only reads has no need of them.
 * @param addValues adds those of one row, in the order of the columns
 */
export function rowKeeper<Row>(
  database: JournalFile,
  table: string,
  columns: readonly string[],
  atOnce: number,
  addValues: (values: Value[], row: Row) => void,
): (rows: readonly Row[]) => void {
  const statements = new Map<number, ReturnType<JournalFile["prepare"]>>();
  const statementFor = (rows: number): ReturnType<JournalFile["prepare"]> => {
    const known = statements.get(rows);
    if (known !== undefined) return known;
    const row = `(${columns.map(() => "?").join(", ")})`;
    const values = Array.from({ length: rows }, () => row).join(", ");
    const made = database.prepare(`INSERT INTO ${table}(${columns.join(", ")}) VALUES ${values}`);
    statements.set(rows, made);
    return made;
  };
  return (rows) => {
    const many = rows.length - (rows.length % atOnce);
    let values: Value[] = [];
    for (const [index, row] of rows.entries()) {
      addValues(values, row);
      if (index < many && (index + 1) % atOnce !== 0) continue;
      statementFor(index < many ? atOnce : 1).run(values);
      values = [];
    }
  };
}
