/** Puts rows into a table several at a time: each call into SQLite costs more than the row that it brings. */
import type { JournalFile } from "./journal-file.js";

export type Value = string | number | null;

/**
 * Keeps rows in their order, given as their values one after the other. Statements are prepared when first used: who only reads has
 * no need of them.
 */
export function rowKeeper(
  database: JournalFile,
  table: string,
  columns: readonly string[],
  atOnce: number,
): (values: readonly Value[]) => void {
  const statements = new Map<number, ReturnType<JournalFile["prepare"]>>();
  const statementFor = (rows: number): ReturnType<JournalFile["prepare"]> => {
    const known = statements.get(rows);
    if (known !== undefined) return known;
    const row = `(${columns.map(() => "?").join(", ")})`;
    const places = Array.from({ length: rows }, () => row).join(", ");
    const made = database.prepare(`INSERT INTO ${table}(${columns.join(", ")}) VALUES ${places}`);
    statements.set(rows, made);
    return made;
  };
  return (values) => {
    const many = atOnce * columns.length;
    let from = 0;
    for (; from + many <= values.length; from += many) statementFor(atOnce).run(values.slice(from, from + many));
    for (; from < values.length; from += columns.length) statementFor(1).run(values.slice(from, from + columns.length));
  };
}
