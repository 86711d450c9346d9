/** What all paid together, against what they would have paid had there been no market: each with its supplier alone. */
import { useMemo, useRef } from "preact/hooks";
import { isoUtc } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import type { ChartColumn, ChartRow } from "../../page/components/chart-data.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { TimeChart } from "../../page/components/time-chart.js";
import type { Sheet } from "../../page/csv.js";
import { money, number, percent, withUnit } from "../../page/formats.js";
import { history } from "../model/histories.js";
import { about, currency, kpi, timezone } from "../model/market.js";
import type { Row } from "../model/series.js";

export function AgainstSupplierCard() {
  const place = useRef<HTMLDivElement>(null);
  const sums = kpi.value;
  const unit = currency.value;
  const rows = history.kpi.value;
  const drawn = useMemo(() => rows.map(inPercent), [rows]);
  const most = Math.max(Math.abs(sums?.cost ?? 0), Math.abs(sums?.referenceCost ?? 0));
  return (
    <Card
      title="Against no market"
      tools={<ExportButtons what="savings" sheet={() => sheetOf(rows)} drawing={() => place.current} />}
    >
      {sums?.cost === undefined || sums.referenceCost === undefined ? (
        <Empty title="Nothing is settled yet">The first figures come with the first settled period.</Empty>
      ) : (
        <>
          <dl class="bars">
            <CostBar name="With the market" amount={sums.cost} of={most} unit={unit} tone="local" />
            <CostBar name="Supplier alone" amount={sums.referenceCost} of={most} unit={unit} tone="grid" />
          </dl>
          <p class="saved">
            <strong data-testid="savings">{withUnit(money(sums.savings, unit))}</strong>{" "}
            {sums.savings < 0 ? "lost" : "saved"} by all together
            {sums.savingsShare === null ? "" : `, ${withUnit(percent(sums.savingsShare))} of the supplier's bill`}.
          </p>
          <div ref={place} class="chart-place">
            <TimeChart
              label="Savings since the run began"
              {...{ rows: drawn, columns: columnsIn(unit), height: 190, stepMs: 0, timezone: timezone.value }}
            />
          </div>
        </>
      )}
    </Card>
  );
}

function inPercent(row: Row): ChartRow {
  const { atMs, savings, selfSufficiency = null } = row;
  const drawn: Row = {
    ...{ atMs, toldMs: row.toldMs, savings: savings ?? null },
    selfSufficiencyPercent: selfSufficiency === null ? null : selfSufficiency * 100,
  };
  return drawn;
}

interface CostBarProps {
  readonly name: string;
  /** Below 0: earned. */
  readonly amount: number;
  /** What fills the bar. */
  readonly of: number;
  readonly unit: string;
  readonly tone: "local" | "grid";
}

function CostBar({ name, amount, of, unit, tone }: CostBarProps) {
  const share = of === 0 ? 0 : Math.abs(amount) / of;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="track">
          <span class={`fill of-${tone}`} style={{ width: `${(share * 100).toFixed(1)}%` }} />
        </span>
        <span class="number">
          {number(Math.abs(amount), 2)} <span class="unit">{amount < 0 ? `${unit} earned` : unit}</span>
        </span>
      </dd>
    </div>
  );
}

let made: { readonly unit: string; readonly columns: readonly ChartColumn[] } | undefined;

/** The same list for the same currency: a chart is drawn anew for another one. */
function columnsIn(unit: string): readonly ChartColumn[] {
  if (made?.unit !== unit) {
    made = {
      unit,
      columns: [
        {
          ...{ field: "savings", label: "Saved", unit, places: 2 },
          ...{ colour: "--local", form: "line", scale: "money" },
        },
        {
          ...{ field: "selfSufficiencyPercent", label: "Self-sufficiency", unit: "%", places: 1 },
          ...{ colour: "--generation", form: "line", scale: "share", dashed: true, atMost: 100 },
        },
      ],
    };
  }
  return made.columns;
}

function sheetOf(rows: readonly ChartRow[]): Sheet {
  const fields = [
    "savings",
    "savingsShare",
    "cost",
    "referenceCost",
    "selfSufficiency",
    "selfConsumption",
    "localShare",
  ];
  const value = (row: ChartRow, field: string) => (row as unknown as Readonly<Record<string, number | null>>)[field];
  return {
    name: `elecbay-${about.market}-savings`,
    columns: ["period", ...fields],
    rows: rows.map((row) => [isoUtc(row.atMs), ...fields.map((field) => value(row, field))]),
  };
}
