/** The live status of `elecbay up` as lines of text: market time, each live period's phase, prices, bots, orders. */
import type { MarketState, Price } from "../../shared/messages/public.js";
import { type MarketView, orderRate } from "../observe/market-view.js";
import { table } from "./table.js";

export function liveStatus(view: MarketView, wallMs: number): string {
  const { currency, price } = view;
  const head = `open-elecbay  ${view.status}  market time ${view.marketTime.replace("T", " ").replace("Z", " UTC") || "not yet"}`;
  const last = price === undefined ? "last price: none yet" : lastPrice(price, currency);
  const counts = [
    `bots online ${view.online.size}`,
    `orders ${view.orders} (${orderRate(view, wallMs).toFixed(1)}/s)`,
    `trades ${view.trades}`,
    `bills ${view.bills}`,
  ].join("   ");
  return [head, last, counts, "", periodsTable(view), "", resultsTable(view), "", "Ctrl-C ends it"].join("\n");
}

function lastPrice(price: Price, currency: string): string {
  const { pricePerKwh, volumeKwh, tradeCount, offeredKwh, wantedKwh } = price;
  const balance = `(offered ${offeredKwh.toFixed(2)}, wanted ${wantedKwh.toFixed(2)} kWh)`;
  if (pricePerKwh === null) return `last price: no trade in the period cleared last ${balance}`;
  return `last price: ${money(pricePerKwh)} ${currency}/kWh, ${volumeKwh.toFixed(2)} kWh in ${tradeCount} trades ${balance}`;
}

function periodsTable({ state }: MarketView): string {
  if (state === undefined) return "no period is live yet";
  return table([["period", "phase", "until", "holds"], ...rowsOf(state)]);
}

function rowsOf(state: MarketState): string[][] {
  const rows: string[][] = [];
  if (state.settling !== null) {
    const { from, to, nextBillAt, orderCount } = state.settling;
    rows.push([
      from === to ? clock(from) : `${clock(from)} to ${clock(to)}`,
      "settling",
      `bill ${day(nextBillAt)}`,
      String(orderCount),
      "",
    ]);
  }
  for (const { period, dueAt } of state.metering) rows.push([clock(period), "metering", `due ${clock(dueAt)}`, ""]);
  if (state.exchange !== null)
    rows.push([clock(state.exchange.period), "exchange", `ends ${clock(state.exchange.endsAt)}`, ""]);
  for (const { period, stage, contractCount } of state.closed)
    rows.push([clock(period), stage, `starts ${clock(period)}`, `${contractCount} contracts`]);
  for (const { period, gateAt, orderCount, itemCount } of state.bidding) {
    rows.push([clock(period), "bidding", `gate ${clock(gateAt)}`, `${orderCount} orders, ${itemCount} items`]);
  }
  return rows;
}

function resultsTable({ results, currency }: MarketView): string {
  if (results.length === 0) return "no gate has closed yet";
  const rows = results.map(({ period, pricePerKwh, volumeKwh, tradeCount }) => [
    clock(period),
    money(pricePerKwh),
    volumeKwh.toFixed(3),
    String(tradeCount),
  ]);
  return table([["cleared", `${currency}/kWh`, "kWh", "trades"], ...rows], [1, 2, 3]);
}

const money = (value: number | null): string => (value === null ? "none" : value.toFixed(4));
const clock = (iso: string): string => iso.slice(11, 16);
const day = (iso: string): string => iso.slice(5, 16).replace("T", " ");
