/** The merit order of a period: who would have bought and sold at which price, and what the gate made of it. */
import "./merit-order.css";
import { useRef } from "preact/hooks";
import type { Results } from "../../../../shared/messages/public.js";
import { Card, Empty } from "../../page/components/card.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import type { Caption } from "../../page/export.js";
import { counted, energy, number, time, withUnit } from "../../page/formats.js";
import { useWidth } from "../../page/use-width.js";
import { about, currency, timezone } from "../model/market.js";
import { agreedBeforeKwh, type MeritOrder, meritOrder } from "../model/merit-order.js";
import { clearedPeriods, resultsPeriod, shownResults } from "../model/past-results.js";
import { MeritOrderDrawing } from "./merit-order-drawing.js";
import { PeriodPicker } from "./period-picker.js";

export function MeritOrderCard({ height = 320 }: { readonly height?: number }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 640);
  const results = shownResults.value;
  const order = results === null || results === undefined ? undefined : meritOrder(results);
  const isDrawn = order !== undefined && order.mostKwh > 0;
  return (
    <Card
      title="Merit order"
      tools={
        <>
          <PeriodPicker />
          {results !== null && results !== undefined && (
            <ExportButtons
              what="the merit order"
              sheet={() => sheetOf(results)}
              drawing={() => place.current}
              caption={() => captionOf(results)}
            />
          )}
        </>
      }
    >
      <div ref={place} style={{ minHeight: `${height + 32}px` }}>
        {isDrawn && results !== null && results !== undefined ? (
          <>
            <Legend results={results} />
            <MeritOrderDrawing
              {...{ order, width, height, currency: currency.value, label: sentence(results, order) }}
            />
          </>
        ) : (
          <Nothing results={results} />
        )}
      </div>
    </Card>
  );
}

function Nothing({ results }: { readonly results: Results | null | undefined }) {
  if (clearedPeriods.value.length === 0) {
    return <Empty title="No gate has closed yet">The merit order of a period appears when its gate closes.</Empty>;
  }
  if (results === undefined) return <Empty title="Fetching the results of this period …" />;
  if (results === null) {
    return <Empty title="The market no longer keeps the orders of this period">Pick a later one.</Empty>;
  }
  const at = time(Date.parse(results.period), "day-time", timezone.value);
  return <Empty title={`Nobody bid for ${at}`}>Pick another period, or place an order yourself.</Empty>;
}

function Legend({ results }: { readonly results: Results }) {
  const { pricePerKwh, volumeKwh, tradeCount, priceLow, priceHigh, cutKwh } = results;
  const agreed = agreedBeforeKwh(results);
  const range = priceLow !== null && priceHigh !== null && priceLow !== priceHigh;
  return (
    <p class="merit-legend small">
      <span>
        <span class="mark dashed" style={{ "--tone": "var(--buy)" }} aria-hidden="true" /> bids
      </span>
      <span>
        <span class="mark area" style={{ "--tone": "var(--sell)" }} aria-hidden="true" /> asks
      </span>
      <span data-testid="clearing">
        {pricePerKwh === null ? (
          <strong>no trade</strong>
        ) : (
          <>
            <strong>{number(pricePerKwh, 4)}</strong> {currency.value}/kWh for{" "}
            <strong>{withUnit(energy(volumeKwh))}</strong> in {counted(tradeCount, "trade")}
          </>
        )}
        {agreed > 0 && (agreed < volumeKwh ? `, ${withUnit(energy(agreed))} before the gate` : ", before the gate")}
        {range && ` (prices from ${number(priceLow, 4)} to ${number(priceHigh, 4)})`}
        {cutKwh > 0 && `, ${withUnit(energy(cutKwh))} cut`}
      </span>
    </p>
  );
}

function sentence({ period, pricePerKwh, volumeKwh }: Results, { bids, asks }: MeritOrder): string {
  const at = time(Date.parse(period), "day-time", timezone.value);
  const steps = `${bids.length} steps of bids, ${asks.length} of asks`;
  if (pricePerKwh === null) return `Merit order of ${at}: ${steps}, no trade`;
  return `Merit order of ${at}: ${steps}, cleared at ${number(pricePerKwh, 4)} ${currency.value} per kWh for ${number(volumeKwh, 3)} kWh`;
}

function captionOf(results: Results): Caption {
  const marks = [
    { label: "bids", colour: "--buy" },
    { label: "asks", colour: "--sell" },
    { label: "cleared", colour: "--price" },
  ];
  return { title: sentence(results, meritOrder(results)), marks };
}

function sheetOf({ period, bids, asks, pricePerKwh, volumeKwh }: Results): Sheet {
  return {
    name: `elecbay-${about.market}-merit-order-${(resultsPeriod.peek() ?? period).replaceAll(/[:]/g, "")}`,
    columns: ["side", "pricePerKwh", "energyKwh"],
    rows: [
      ...bids.map(([price, amount]) => ["buy", price, amount]),
      ...asks.map(([price, amount]) => ["sell", price, amount]),
      ["cleared", pricePerKwh, volumeKwh],
    ],
  };
}
