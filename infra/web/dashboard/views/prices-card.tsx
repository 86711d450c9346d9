/** Price, generation and load over time, period by period. */
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { hourMs, isoUtc } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import type { ChartColumn, ChartRow } from "../../page/components/chart-data.js";
import { Choice } from "../../page/components/choice.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { TimeChart } from "../../page/components/time-chart.js";
import type { Sheet } from "../../page/csv.js";
import type { Caption } from "../../page/export.js";
import { history, periodMs } from "../model/histories.js";
import { about, currency, timezone } from "../model/market.js";
import { joined } from "../model/series.js";

const ranges = [
  { value: "12", label: "12 h" },
  { value: "24", label: "1 day" },
  { value: "168", label: "1 week" },
  { value: "all", label: "All" },
] as const;
const range = signal<(typeof ranges)[number]["value"]>("24");

export function PricesCard({ height = 320 }: { readonly height?: number }) {
  const card = useRef<HTMLDivElement>(null);
  const rows = within(joined(history.price.value, history.energy.value), range.value);
  const columns = columnsIn(currency.value);
  return (
    <Card
      title="Price, generation and load"
      tools={
        <>
          <Choice
            label="How far back"
            options={ranges}
            value={range.value}
            onChoose={(value) => (range.value = value)}
          />
          <ExportButtons
            what="prices and energy"
            sheet={() => sheetOf(rows, columns)}
            drawing={() => card.current}
            caption={() => captionOf(columns)}
          />
        </>
      }
    >
      <div ref={card} style={{ minHeight: `${height + 32}px` }}>
        {rows.length === 0 ? (
          <Empty title="No period has been cleared yet">The first point appears when the first gate closes.</Empty>
        ) : (
          <TimeChart
            label="Price, generation and load"
            {...{ rows, columns, height, stepMs: periodMs.value, timezone: timezone.value }}
          />
        )}
      </div>
    </Card>
  );
}

function within(rows: readonly ChartRow[], hours: string): readonly ChartRow[] {
  const last = rows.at(-1)?.atMs ?? 0;
  return hours === "all" ? rows : rows.filter(({ atMs }) => atMs > last - Number(hours) * hourMs);
}

let made: { readonly currency: string; readonly columns: readonly ChartColumn[] } | undefined;

/** The same list for the same currency: a chart is drawn anew for another one. */
function columnsIn(unit: string): readonly ChartColumn[] {
  if (made?.currency !== unit) made = { currency: unit, columns: columnsOf(unit) };
  return made.columns;
}

const columnsOf = (unit: string): readonly ChartColumn[] => [
  {
    ...{ field: "pricePerKwh", label: "Price", unit: `${unit}/kWh`, places: 4 },
    ...{ colour: "--price", form: "step", scale: "price" },
  },
  {
    ...{ field: "generationKwh", label: "Generation", unit: "kWh", places: 2 },
    ...{ colour: "--generation", form: "area", scale: "energy" },
  },
  {
    ...{ field: "consumptionKwh", label: "Load", unit: "kWh", places: 2 },
    ...{ colour: "--load", form: "step", scale: "energy", dashed: true },
  },
  {
    ...{ field: "volumeKwh", label: "Traded", unit: "kWh", places: 2 },
    ...{ colour: "--local", form: "bars", scale: "energy" },
  },
];

function captionOf(columns: readonly ChartColumn[]): Caption {
  const marks = columns.map(({ label, unit, colour }) => ({ label: `${label}, ${unit}`, colour }));
  return { title: `${about.market}: price, generation and load`, marks };
}

function sheetOf(rows: readonly ChartRow[], columns: readonly ChartColumn[]): Sheet {
  const value = (row: ChartRow, field: string) => (row as unknown as Readonly<Record<string, number | null>>)[field];
  return {
    name: `elecbay-${about.market}-prices`,
    columns: ["period", ...columns.map(({ field }) => field)],
    rows: rows.map((row) => [isoUtc(row.atMs), ...columns.map(({ field }) => value(row, field))]),
  };
}
