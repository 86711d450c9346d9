/** The item list of a period: what is offered, cheapest first, and what is wanted, dearest first. */
import { signal } from "@preact/signals";
import type { ListedItem } from "../../../../shared/messages/public.js";
import { Card, Empty } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import { number, percent, withUnit } from "../../page/formats.js";
import { orderOn } from "../model/draft.js";
import { about, currency } from "../model/market.js";
import { bookTop, itemList, ownOrders, tradePeriod } from "../model/trading.js";
import { startDraft } from "./order-form.js";
import { TradePeriod } from "./trade-period.js";

const sides = [
  { value: "all", label: "All" },
  { value: "sell", label: "Offered" },
  { value: "buy", label: "Wanted" },
] as const;
const side = signal<(typeof sides)[number]["value"]>("all");
/** More rows than that nobody reads: the rest is in the CSV. */
const mostShown = 100;

export function ItemListCard({ canOrder }: { readonly canOrder: boolean }) {
  const list = itemList.value;
  const items = sorted(list?.items ?? []);
  const shown = items.filter((item) => side.value === "all" || item.side === side.value).slice(0, mostShown);
  return (
    <Card
      title="Item list"
      tools={
        <>
          <TradePeriod label="Delivery period of the list" />
          <Choice label="Which items" options={sides} value={side.value} onChoose={(value) => (side.value = value)} />
          <ExportButtons what="the list" sheet={() => sheetOf(items)} />
        </>
      }
    >
      <BestPrices />
      <div class="list-place">
        {shown.length === 0 ? (
          <NoItems isOpen={list !== undefined} canOrder={canOrder} />
        ) : (
          <ItemTable items={shown} canOrder={canOrder} />
        )}
      </div>
      {items.length > mostShown && (
        <p class="small soft">
          The first {mostShown} of {items.length} items; all of them are in the CSV.
        </p>
      )}
    </Card>
  );
}

function NoItems({ isOpen, canOrder }: { readonly isOpen: boolean; readonly canOrder: boolean }) {
  if (!isOpen)
    return <Empty title="No list for this period">Its gate has closed or is not open yet: pick another one.</Empty>;
  return (
    <Empty title="Nothing is listed for this period">
      {canOrder
        ? "List something of your own, or place an order for the auction."
        : "Items appear as soon as somebody lists one."}
    </Empty>
  );
}

function BestPrices() {
  const top = bookTop.value;
  const price = (value: number | null | undefined) => <strong>{number(value, 4)}</strong>;
  return (
    <p class="best small">
      <span>Best bid {price(top?.bestBidPerKwh)}</span>
      <span>Best ask {price(top?.bestAskPerKwh)}</span>
      <span>
        If the gate closed now {price(top?.indicativePerKwh)} for{" "}
        {withUnit({ value: number(top?.indicativeKwh, 3), unit: "kWh" })}
      </span>
      <span class="soft">{currency.value}/kWh</span>
    </p>
  );
}

function ItemTable({ items, canOrder }: { readonly items: readonly ListedItem[]; readonly canOrder: boolean }) {
  const own = new Set(ownOrders.value?.items.map(({ itemId }) => itemId));
  return (
    <div class="table tight">
      <table>
        <ColumnHeads
          columns={[
            "Side",
            { number: "Price", unit: `${currency.value}/kWh` },
            { number: "Left", unit: "kWh" },
            { number: "Least", unit: "kWh" },
            "Sale",
            "Owner",
            { number: "Reliability" },
            ...(canOrder ? [{ unseen: "Order" }] : []),
          ]}
        />
        <tbody>
          {items.map((item) => (
            <tr key={item.itemId} class={own.has(item.itemId) ? "chosen" : ""}>
              <td>
                <Side side={item.side} />
              </td>
              <td class="number">{number(item.pricePerKwh, 4)}</td>
              <td class="number">{number(item.energyKwh, 3)}</td>
              <td class="number">{number(item.minEnergyKwh, 3)}</td>
              <td>{item.sale === "fixed" ? "fixed price" : "best offer"}</td>
              <td>{own.has(item.itemId) ? "you" : item.owner}</td>
              <td class="number">{withUnit(percent(item.reliability))}</td>
              {canOrder && (
                <td class="number actions">
                  {!own.has(item.itemId) && (
                    <button type="button" class="small" onClick={() => startDraft(orderOn(item), tradePeriod.value)}>
                      {item.side === "sell" ? "Buy" : "Sell"}
                      <span class="hidden"> item {item.itemId}</span>
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Told apart by a sign, too. */
export function Side({ side: its }: { readonly side: "buy" | "sell" }) {
  return (
    <span class={`side ${its}`}>
      <span aria-hidden="true">{its === "sell" ? "▲" : "▼"}</span> {its === "sell" ? "sells" : "buys"}
    </span>
  );
}

function sorted(items: readonly ListedItem[]): ListedItem[] {
  const offered = items.filter((item) => item.side === "sell").sort((a, b) => a.pricePerKwh - b.pricePerKwh);
  const wanted = items.filter((item) => item.side === "buy").sort((a, b) => b.pricePerKwh - a.pricePerKwh);
  return [...offered, ...wanted];
}

function sheetOf(items: readonly ListedItem[]): Sheet {
  return {
    name: `elecbay-${about.market}-items-${(tradePeriod.peek() ?? "").replaceAll(":", "")}`,
    columns: ["itemId", "side", "pricePerKwh", "energyKwh", "minEnergyKwh", "sale", "owner", "reliability"],
    rows: items.map((item) => [
      ...[item.itemId, item.side, item.pricePerKwh, item.energyKwh],
      ...[item.minEnergyKwh, item.sale, item.owner, item.reliability],
    ]),
  };
}
