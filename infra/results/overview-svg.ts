/**
 * A picture of a run for the eye: price, traded volume, what the community imported and exported, over time (UTC).
 *
 * Self-contained SVG without scripts or outside fonts. A long run is drawn by means over whole hours or days, at most
 * 1000 points; energies stay in kWh per delivery period, and the subtitle says what a point is.
 */
import { hourMs, isoUtc, minuteMs } from "../../shared/time.js";
import { type Mark, periodsPerPoint, timeMarks, valueMarks } from "./axis.js";
import type { PeriodRow } from "./period-rows.js";
import { at, escaped, text } from "./svg-text.js";

export interface OverviewOptions {
  readonly title: string;
  readonly currency: string;
  readonly periodMinutes: number;
}

interface Line {
  readonly name: string;
  readonly colour: string;
  /** One per point; null leaves a gap. */
  readonly values: readonly (number | null)[];
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const maxPoints = 1000;
const width = 960;
const left = 72;
const right = 24;
const top = 92;
const panelHeight = 150;
const panelGap = 52;
const plotWidth = width - left - right;

/** The picture of `rows`, in order of time. Without rows it says that nothing was billed. */
export function overviewSvg(rows: readonly PeriodRow[], options: OverviewOptions): string {
  const perPoint = periodsPerPoint(rows.length, options.periodMinutes, maxPoints);
  const buckets = Array.from({ length: Math.ceil(rows.length / perPoint) }, (_, index) =>
    rows.slice(index * perPoint, (index + 1) * perPoint),
  );
  const panels = panelsOf(buckets, options.currency);
  const height = top + panels.length * (panelHeight + panelGap);
  const first = rows[0];
  const last = rows.at(-1);
  const head = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(options.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 28, options.title, 'font-size="18" font-weight="bold"'),
  ];
  if (first === undefined || last === undefined)
    return [...head, text(left, 48, "no period was billed"), "</svg>\n"].join("\n");
  const fromMs = first.periodMs;
  const toMs = last.periodMs + options.periodMinutes * minuteMs;
  const marks = timeMarks(fromMs, toMs, 12);
  const x = (instantMs: number) => left + ((instantMs - fromMs) / (toMs - fromMs)) * plotWidth;
  const middles = buckets.map((bucket) => middleOf(bucket, options.periodMinutes));
  return [
    ...head,
    text(left, 48, subtitle(fromMs, toMs, rows.length, perPoint, options.periodMinutes), 'fill="#555"'),
    ...panels.flatMap((panel, index) =>
      drawPanel(panel, top + index * (panelHeight + panelGap), middles.map(x), marks, x),
    ),
    "</svg>\n",
  ].join("\n");
}

function panelsOf(buckets: readonly (readonly PeriodRow[])[], currency: string): Panel[] {
  const mean = (of: (row: PeriodRow) => number) => buckets.map((bucket) => meanOf(bucket.map(of)) ?? 0);
  const line = (name: string, colour: string, values: readonly (number | null)[]): Line => ({ name, colour, values });
  return [
    { title: `Price, ${currency} per kWh`, lines: [line("price", "#7b3294", buckets.map(meanPrice))] },
    {
      title: "Traded, kWh per period",
      lines: [
        line(
          "traded",
          "#1b7837",
          mean((row) => row.volumeWh / 1000),
        ),
      ],
    },
    {
      title: "Community's boundary, kWh per period",
      lines: [
        line(
          "import",
          "#c0392b",
          mean((row) => row.importWh / 1000),
        ),
        line(
          "export",
          "#2166ac",
          mean((row) => row.exportWh / 1000),
        ),
      ],
    },
  ];
}

/** Of the periods that had a price, each counting alike. */
function meanPrice(bucket: readonly PeriodRow[]): number | null {
  const prices = bucket.flatMap(({ priceMicroPerKwh }) => (priceMicroPerKwh === null ? [] : [priceMicroPerKwh / 1e6]));
  return meanOf(prices);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function middleOf(bucket: readonly PeriodRow[], periodMinutes: number): number {
  const start = bucket[0]?.periodMs ?? 0;
  return (start + (bucket.at(-1)?.periodMs ?? start) + periodMinutes * minuteMs) / 2;
}

function subtitle(fromMs: number, toMs: number, periods: number, perPoint: number, periodMinutes: number): string {
  const hours = (perPoint * periodMinutes * minuteMs) / hourMs;
  const point =
    perPoint === 1 ? "each drawn" : `each point the mean of ${hours < 24 ? `${hours} h` : `${hours / 24} d`}`;
  return `${isoUtc(fromMs)} to ${isoUtc(toMs)} (UTC), ${periods} ${periods === 1 ? "period" : "periods"} of ${periodMinutes} min, ${point}`;
}

function drawPanel(
  panel: Panel,
  y0: number,
  xs: readonly number[],
  times: readonly Mark[],
  x: (ms: number) => number,
): string[] {
  const known = panel.lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const marks = valueMarks(Math.min(0, ...known), Math.max(0, ...known), 4);
  const low = marks[0]?.value ?? 0;
  const high = marks.at(-1)?.value ?? 1;
  const bottom = y0 + panelHeight;
  const y = (value: number) => bottom - ((value - low) / (high - low)) * panelHeight;
  return [
    text(left, y0 - 10, panel.title, 'font-weight="bold"'),
    ...legend(panel.lines, y0 - 10),
    ...marks.flatMap(({ value, label }) => [
      `<line x1="${left}" x2="${left + plotWidth}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#ddd"/>`,
      text(left - 6, y(value) + 4, label, 'text-anchor="end" fill="#555"'),
    ]),
    ...times.flatMap(({ value, label }) => [
      `<line x1="${at(x(value))}" x2="${at(x(value))}" y1="${bottom}" y2="${bottom + 4}" stroke="#888"/>`,
      text(x(value), bottom + 18, label, 'text-anchor="middle" fill="#555"'),
    ]),
    `<line x1="${left}" x2="${left + plotWidth}" y1="${at(y(0))}" y2="${at(y(0))}" stroke="#888"/>`,
    ...panel.lines.map(
      ({ values, colour }) =>
        `<path d="${path(values, xs, y)}" fill="none" stroke="${colour}" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>`,
    ),
    ...(known.length === 0 ? [text(left + plotWidth / 2, y0 + panelHeight / 2, "none", 'text-anchor="middle"')] : []),
  ];
}

/** Names and colours at the panel's right end; one line alone is named by the title. */
function legend(lines: readonly Line[], y: number): string[] {
  if (lines.length < 2) return [];
  return lines.flatMap(({ name, colour }, index) => {
    const x = left + plotWidth - (lines.length - index) * 84;
    return [
      `<line x1="${x}" x2="${x + 22}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2.5"/>`,
      text(x + 28, y, name),
    ];
  });
}

/** A value between two gaps is a dot: a very short line with round ends. */
function path(values: readonly (number | null)[], xs: readonly number[], y: (value: number) => number): string {
  let pen = "M";
  const parts: string[] = [];
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const point = `${at(xs[index] ?? 0)} ${at(y(value))}`;
    const alone = pen === "M" && (values[index + 1] ?? null) === null;
    parts.push(alone ? `M${point}h2` : `${pen}${point}`);
    pen = "L";
  });
  return parts.join("");
}
