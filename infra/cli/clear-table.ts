/** Cleared books for people and as JSON. */

import { sellerPriceOf } from "../../market/rules/clearing-figures.js";
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { ClearedBook } from "../mechanisms/clear-book.js";
import { kwhText, majorText } from "../results/decimal-text.js";
import { table } from "./table.js";

/** The published form of one mechanism's figures: prices and money in major units. */
export function clearedJson({ mechanism, figures, trades }: ClearedBook, withTrades: boolean): object {
  const majorOrNull = (amountMicro: number | null): number | null =>
    amountMicro === null ? null : majorFromMicro(amountMicro);
  return {
    mechanism,
    price: majorOrNull(figures.priceMicroPerKwh),
    priceLow: majorOrNull(figures.lowMicroPerKwh),
    priceHigh: majorOrNull(figures.highMicroPerKwh),
    buyerPrice: majorOrNull(figures.buyerPriceMicroPerKwh),
    sellerPrice: majorOrNull(figures.sellerPriceMicroPerKwh),
    volumeKwh: kwhFromWh(figures.volumeWh),
    trades: figures.trades,
    welfare: Number(billionthsText(figures.welfareBillionths)),
    efficiency: figures.efficiency,
    payments: majorFromMicro(figures.paymentsMicro),
    receipts: majorFromMicro(figures.receiptsMicro),
    remainder: majorFromMicro(figures.remainderMicro),
    ...(withTrades ? { tradeList: trades.map(tradeJson) } : {}),
  };
}

function tradeJson(trade: ClearedBook["trades"][number]): object {
  return {
    buyOrder: trade.buyOrder,
    sellOrder: trade.sellOrder,
    buyer: trade.buyer,
    seller: trade.seller,
    energyKwh: kwhFromWh(trade.energyWh),
    pricePerKwh: majorFromMicro(trade.priceMicroPerKwh),
    sellerPricePerKwh: majorFromMicro(sellerPriceOf(trade)),
  };
}

const columns = [
  "mechanism",
  "price /kWh",
  "buyers pay",
  "sellers get",
  "volume kWh",
  "trades",
  "welfare",
  "efficiency",
  "payments",
  "receipts",
  "remainder",
];

/** One line per mechanism. Prices per kWh and money are in the currency of the book. */
export function clearTable(cleared: readonly ClearedBook[]): string {
  const rows = cleared.map(({ mechanism, figures }) => [
    mechanism,
    priceText(figures),
    priceOrDash(figures.buyerPriceMicroPerKwh),
    priceOrDash(figures.sellerPriceMicroPerKwh),
    kwhText(figures.volumeWh),
    String(figures.trades),
    billionthsText(figures.welfareBillionths),
    figures.efficiency === null ? "-" : `${(figures.efficiency * 100).toFixed(1)} %`,
    majorText(figures.paymentsMicro),
    majorText(figures.receiptsMicro),
    majorText(figures.remainderMicro),
  ]);
  return table([columns, ...rows], [2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

/** The trades of one mechanism below its name. */
export function tradesTable({ mechanism, figures, trades }: ClearedBook): string {
  if (trades.length === 0) return `${mechanism}: no trades${figures.volumeWh === 0 ? "" : ", a pool takes all energy"}`;
  const rows = trades.map((trade) => [
    trade.buyOrder,
    trade.sellOrder,
    trade.buyer,
    trade.seller,
    kwhText(trade.energyWh),
    majorText(trade.priceMicroPerKwh),
    majorText(sellerPriceOf(trade)),
  ]);
  const head = ["buy order", "sell order", "buyer", "seller", "kWh", "buyer pays /kWh", "seller gets /kWh"];
  return `${mechanism}:\n${table([head, ...rows], [4, 5, 6])}`;
}

/** One price with its interval where that is more than a point; two ends where there is no one price. */
function priceText({ priceMicroPerKwh, lowMicroPerKwh, highMicroPerKwh }: ClearedBook["figures"]): string {
  if (lowMicroPerKwh === null || highMicroPerKwh === null) return "-";
  if (lowMicroPerKwh === highMicroPerKwh) return majorText(lowMicroPerKwh);
  const range = `${majorText(lowMicroPerKwh)} to ${majorText(highMicroPerKwh)}`;
  return priceMicroPerKwh === null ? range : `${majorText(priceMicroPerKwh)} in ${range}`;
}

const priceOrDash = (price: number | null): string => (price === null ? "-" : majorText(price));

/** Welfare is exact in billionths: Wh x millionths per kWh. */
function billionthsText(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -9)}${fraction === "" ? "" : `.${fraction}`}`;
}
