/**
 * The continuous double auction on a whole book: all orders are added one by one, in order of arrival (ties: the smaller id).
 *
 * Price: that of the order which rested; ties: price, then arrival, then id; nothing is rounded, nothing is left over. The convention
 * is that of ./continuous-book.ts, which the live market feeds as orders come. Source: elecbay.md 3.7.
 */
import { wh } from "../../../shared/units.js";
import { checkOrders } from "../auction-input.js";
import { type AuctionOrder, arrivalOrder } from "../merit-order.js";
import { addOrder, createContinuousBook } from "./continuous-book.js";
import type { Auction, AuctionClearing, AuctionTrade } from "./mechanism.js";
import { tradedRange } from "./traded-range.js";

export const continuous: Auction = { kind: "auction", name: "continuous", clears: "arrival", clear: clearContinuous };

function clearContinuous(orders: readonly AuctionOrder[]): AuctionClearing {
  checkOrders(orders);
  const book = createContinuousBook();
  const trades: AuctionTrade[] = [];
  for (const order of arrivalOrder(orders)) trades.push(...addOrder(book, order));
  return continuousClearing(trades);
}

/** What the trades of a continuous book's life come to: no one price, the lowest and the highest as its range. */
export function continuousClearing(trades: readonly AuctionTrade[]): AuctionClearing {
  const volumeWh = wh(trades.reduce((sum, { energyWh }) => sum + energyWh, 0));
  return { trades, priceMicroPerKwh: null, ...tradedRange(trades), volumeWh };
}
