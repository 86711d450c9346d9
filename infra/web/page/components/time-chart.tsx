/**
 * A chart over time: drawn by uPlot, as wide as its place, with a legend that shows the values under the pointer (else the last ones) and
 * lets each line be left out. Drag across it to look closer; twice clicked it shows all again.
 */
import "uplot/dist/uPlot.min.css";
import "./time-chart.css";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { number, time } from "../formats.js";
import { theme } from "../theme.js";
import { type ChartColumn, type ChartRow, chartData, fieldOf, lastValue } from "./chart-data.js";
import { chartOptions } from "./chart-options.js";

export interface TimeChartProps {
  /** For whoever does not see it. */
  readonly label: string;
  readonly rows: readonly ChartRow[];
  /** The same list as long as it is the same. */
  readonly columns: readonly ChartColumn[];
  /** Length of a row's period, ms; 0: rows are instants. */
  readonly stepMs: number;
  readonly timezone: string | undefined;
  readonly height?: number;
}

export function TimeChart({ label, rows, columns, stepMs, timezone, height = 300 }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const isZoomed = useRef(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const colours = theme.value;

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew in new colours; rows are set below
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const look = { columns, hidden, timezone, width: box.clientWidth, height, onPointed: setPointed };
    const drawn = new uPlot(chartOptions(look), chartData(rows, columns, stepMs), box);
    chart.current = drawn;
    isZoomed.current = false;
    drawn.over.addEventListener("mouseup", () => {
      if (drawn.select.width > 0) isZoomed.current = true;
    });
    drawn.over.addEventListener("dblclick", () => {
      isZoomed.current = false;
    });
    const watch = new ResizeObserver(() => drawn.setSize({ width: box.clientWidth, height }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      drawn.destroy();
      chart.current = null;
    };
  }, [columns, hidden, timezone, height, colours, stepMs]);

  useEffect(() => {
    chart.current?.setData(chartData(rows, columns, stepMs), !isZoomed.current);
    if (isZoomed.current) chart.current?.redraw();
  }, [rows, columns, stepMs]);

  const shown = pointed === null ? undefined : rows[pointed];
  const valueIn = ({ field }: ChartColumn) => (shown === undefined ? lastValue(rows, field) : fieldOf(shown, field));
  const toggle = (field: string) => {
    const next = new Set(hidden);
    if (!next.delete(field)) next.add(field);
    setHidden(next);
  };
  return (
    <figure class="time-chart">
      <figcaption class="hidden">{summary(label, rows.at(-1), columns, timezone)}</figcaption>
      <div class="legend">
        {columns.map((column) => (
          <button
            key={column.field}
            type="button"
            class="plain small"
            aria-pressed={!hidden.has(column.field)}
            title={hidden.has(column.field) ? "show" : "leave out"}
            onClick={() => toggle(column.field)}
          >
            <span
              class={`mark ${column.form}${column.dashed === true ? " dashed" : ""}`}
              style={{ "--tone": `var(${column.colour})` }}
              aria-hidden="true"
            />
            {column.label}
            <strong>{number(valueIn(column), column.places)}</strong>
            <span class="unit">{column.unit}</span>
          </button>
        ))}
        <span class="small soft moment">{shown === undefined ? "latest" : time(shown.atMs, "day-time", timezone)}</span>
      </div>
      <div ref={place} class="canvas" style={{ height: `${height}px` }} aria-hidden="true" />
    </figure>
  );
}

function summary(
  label: string,
  row: ChartRow | undefined,
  columns: readonly ChartColumn[],
  timezone: string | undefined,
): string {
  if (row === undefined) return `${label}: nothing yet`;
  const values = columns.map(
    ({ field, label: name, places, unit }) => `${name} ${number(fieldOf(row, field), places)} ${unit}`,
  );
  return `${label}. ${time(row.atMs, "day-time", timezone)}: ${values.join(", ")}. All values are in the CSV.`;
}
