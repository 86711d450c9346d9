/** Rows over time, each period once: from what was heard live, and from what the server remembers of the time before. */

export type Row = Readonly<Record<string, number | null>> & {
  /** Market time, ms UTC: the period's start. */
  readonly atMs: number;
  /** Market time at which it was published: earlier moments do not know it yet. */
  readonly toldMs: number;
};

/** Two thousand half hours: six weeks. */
const mostRows = 2000;

/** Rows in order of time. A row of the same time takes the place of the one before. */
export function withRows(rows: readonly Row[], more: readonly Row[]): readonly Row[] {
  if (more.length === 0) return rows;
  const last = rows.at(-1);
  const [only] = more;
  // Most often one comes behind all others.
  if (more.length === 1 && only !== undefined && (last === undefined || only.atMs > last.atMs)) {
    return [...rows, only].slice(-mostRows);
  }
  const byTime = new Map([...rows, ...more].map((row) => [row.atMs, row]));
  return [...byTime.values()].sort((left, right) => left.atMs - right.atMs).slice(-mostRows);
}

/** What was known at a moment of market time. */
export function rowsAt(rows: readonly Row[], momentMs: number): readonly Row[] {
  return rows.filter(({ toldMs }) => toldMs <= momentMs);
}

/** Rows of several series, joined by their time. */
export function joined(...series: readonly (readonly Row[])[]): readonly Row[] {
  const byTime = new Map<number, Row>();
  for (const row of series.flat()) byTime.set(row.atMs, { ...byTime.get(row.atMs), ...row });
  return [...byTime.values()].sort((left, right) => left.atMs - right.atMs);
}
