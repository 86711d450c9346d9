/** Columns of a chart over time, and rows turned into the columns that uPlot draws: pure, so that it can be tried without a page. */

export interface ChartRow {
  /** ms UTC. */
  readonly atMs: number;
}

/** `step`: holds for the whole period. `bars`: an amount of the period. */
export type ChartForm = "step" | "bars" | "line" | "area";

export interface ChartColumn {
  /** Where the row has it. */
  readonly field: string;
  readonly label: string;
  readonly unit: string;
  readonly places: number;
  /** A colour of the theme, such as `--price`. */
  readonly colour: string;
  readonly form: ChartForm;
  /** Columns of one scale share an axis: the first scale's is at the left, the second's at the right. */
  readonly scale: string;
  /** Nothing is more, such as 100 %: the axis ends there. */
  readonly atMost?: number;
  /** Told apart by more than colour. */
  readonly dashed?: boolean;
}

/** Seconds, then one list of values for each column; null is a gap. */
export type ChartData = [number[], ...(number | null)[][]];

/**
 * A step's last value before a gap is drawn to the end of its period, which is where the next row begins.
 * @param stepMs length of a row's period: the last one is given its length; 0: rows are instants
 */
export function chartData(rows: readonly ChartRow[], columns: readonly ChartColumn[], stepMs: number): ChartData {
  const times = rows.map(({ atMs }) => atMs / 1000);
  const last = times.at(-1);
  if (stepMs > 0 && last !== undefined) times.push(last + stepMs / 1000);
  const values = columns.map(({ field, form }) => {
    const own = times.map((_time, at) => valueAt(rows, at, field));
    // An amount of nothing has no height: its frame would be a line.
    if (form === "bars") return own.map((value) => (value === 0 ? null : value));
    if (stepMs === 0 || form === "line") return own;
    return own.map((value, at) => value ?? own[at - 1] ?? null);
  });
  return [times, ...values];
}

function valueAt(rows: readonly ChartRow[], at: number, field: string): number | null {
  const row = rows[at];
  return row === undefined ? null : fieldOf(row, field);
}

export function fieldOf(row: ChartRow, field: string): number | null {
  const value = (row as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof value === "number" ? value : null;
}

/** The columns' scales, each once, in order. */
export function scalesOf(columns: readonly ChartColumn[]): string[] {
  return [...new Set(columns.map(({ scale }) => scale))];
}

/** The last value that a column has; null: none. */
export function lastValue(rows: readonly ChartRow[], field: string): number | null {
  const row = rows.findLast((one) => fieldOf(one, field) !== null);
  return row === undefined ? null : fieldOf(row, field);
}
