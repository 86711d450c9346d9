/** How uPlot draws a chart over time: axes with units on a clock of 24 hours in the market's time zone, colours of the theme. */
import uPlot from "uplot";
import { number, time } from "../formats.js";
import { themeColour } from "../theme.js";
import { type ChartColumn, scalesOf } from "./chart-data.js";

export interface ChartLook {
  readonly columns: readonly ChartColumn[];
  readonly hidden: ReadonlySet<string>;
  readonly timezone: string | undefined;
  readonly width: number;
  readonly height: number;
  /** Row under the pointer; null: none. */
  readonly onPointed: (index: number | null) => void;
}

/** Of the largest value: no scale is shorter. */
const leastShare = 0.2;
const font = "12px system-ui, sans-serif";

export function chartOptions(look: ChartLook): uPlot.Options {
  const { columns, hidden, timezone, width, height, onPointed } = look;
  const scales = scalesOf(columns);
  return {
    ...{ width, height, legend: { show: false }, padding: [10, scales.length > 1 ? 4 : 14, 0, 0] },
    ...(timezone === undefined
      ? {}
      : { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), timezone) }),
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
    scales: Object.fromEntries(scales.map((scale) => [scale, { range: paddedRange(columns, scale) }])),
    axes: [timeAxis(timezone), ...scales.map((scale, at) => valueAxis(columns, scale, at))],
    series: [{}, ...columns.map((column) => seriesOf(column, !hidden.has(column.field)))],
    hooks: { setCursor: [({ cursor }) => onPointed(cursor.idx ?? null)] },
  };
}

/** Amounts begin at 0; room above, so that no line runs along the frame. */
function paddedRange(columns: readonly ChartColumn[], scale: string): uPlot.Range.Function {
  const isAmount = columns.some((column) => column.scale === scale && column.form !== "step" && column.form !== "line");
  const atMost = Math.min(...columns.flatMap((column) => (column.scale === scale ? (column.atMost ?? Infinity) : [])));
  return (_chart, least, most) => {
    if (least === null || most === null) return [0, 1];
    const low = isAmount ? Math.min(0, least) : least;
    // Values that hardly differ are drawn as such: a scale of their last decimals would make much of nothing.
    const length = Math.max(most - low, Math.abs(most) * leastShare) || 1;
    const middle = (most + low) / 2;
    const [from, to] = isAmount ? [low, low + length] : [middle - length / 2, middle + length / 2];
    return [isAmount && low === 0 ? 0 : from - length * 0.08, Math.min(to + length * 0.08, atMost * 1.02)];
  };
}

function timeAxis(timezone: string | undefined): uPlot.Axis {
  const dayOf = (seconds: number): string => time(seconds * 1000, "day", timezone).replace(/,? \d{4}$/, "");
  return {
    ...{ font, stroke: themeColour("--text-soft"), space: 64, size: 48 },
    ...{ grid: { stroke: themeColour("--grid-line"), width: 1 }, ticks: { stroke: themeColour("--grid-line") } },
    values: (_chart, splits) =>
      splits.map((seconds, at) => {
        const before = splits[at - 1];
        const isNewDay = before === undefined || dayOf(before) !== dayOf(seconds);
        return `${time(seconds * 1000, "time", timezone)}${isNewDay ? `\n${dayOf(seconds)}` : ""}`;
      }),
  };
}

function valueAxis(columns: readonly ChartColumn[], scale: string, at: number): uPlot.Axis {
  const { unit, places } = columns.find((column) => column.scale === scale) ?? { unit: "", places: 1 };
  const grid = { show: at === 0, stroke: themeColour("--grid-line"), width: 1 };
  return {
    ...{ scale, side: at === 0 ? 3 : 1, font, stroke: themeColour("--text-soft"), size: 58, grid },
    ...{ label: unit, labelFont: font, labelSize: 18, labelGap: 0, ticks: { show: false } },
    values: (_chart, splits) => splits.map((value) => number(value, axisPlaces(splits, places))),
  };
}

/** As many decimals as tell the marks of an axis apart. */
function axisPlaces(splits: readonly number[], most: number): number {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) || 1;
  return Math.min(most, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function seriesOf(column: ChartColumn, show: boolean): uPlot.Series {
  const stroke = themeColour(column.colour);
  const { form, label, scale } = column;
  return {
    ...{ label, scale, stroke, show, width: form === "bars" ? 1 : 2, points: { show: false } },
    ...(column.dashed === true ? { dash: [6, 4] } : {}),
    ...(form === "bars" ? { fill: `${stroke}55` } : form === "area" ? { fill: `${stroke}2e` } : {}),
    ...pathsOf(form),
  };
}

function pathsOf(form: ChartColumn["form"]): Pick<uPlot.Series, "paths"> {
  const paths =
    form === "bars"
      ? uPlot.paths.bars?.({ size: [0.9, Number.POSITIVE_INFINITY], align: 1 })
      : form === "step" || form === "area"
        ? uPlot.paths.stepped?.({ align: 1 })
        : undefined;
  return paths === undefined ? {} : { paths };
}
