/**
 * The price at which an order would have traded more in an auction of which nothing is known: it is cleared again with other limits.
 *
 * Candidates: every price that somebody named, a millionth to both sides of it, and the best price of the band. The least of them that
 * trades more is looked for by halving, which finds it where more never trades less: so it is in any sound auction. Where an auction is
 * not sound, a price that trades more is told all the same, perhaps not the least.
 * A clearing for each halving of each order: books of more than 500 orders get no answer. Prices in millionths per kWh.
 */
import { type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import type { Auction, AuctionTerms } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";
import type { BetterPrice } from "./receipts-better-price.js";

const mostOrders = 500;

export function betterPriceByTrial(
  orders: readonly AuctionOrder[],
  auction: Auction,
  terms: AuctionTerms,
): BetterPrice {
  if (orders.length > mostOrders) return () => null;
  const candidates: Record<Side, readonly number[]> = {
    buy: candidatesOf(orders, "buy", terms),
    sell: candidatesOf(orders, "sell", terms),
  };
  const places = new Map(orders.map(({ orderId }, at) => [orderId, at]));
  return (order, tradedWh) => {
    const place = places.get(order.orderId);
    if (place === undefined) return null;
    const sign = order.side === "buy" ? 1 : -1;
    const better = candidates[order.side].filter((price) => sign * price > sign * order.priceMicroPerKwh);
    const trial = [...orders];
    const tradesMore = (price: number): boolean => {
      trial[place] = { ...order, priceMicroPerKwh: microPerKwh(price) };
      return tradedBy(auction, trial, terms, order) > tradedWh;
    };
    return leastThat(better, tradesMore);
  };
}

/** From the worst for the one who names it to the best. */
function candidatesOf(orders: readonly AuctionOrder[], side: Side, terms: AuctionTerms): number[] {
  const { priceFloorMicroPerKwh: floor, priceCapMicroPerKwh: cap } = terms;
  const prices = new Set<number>([side === "buy" ? cap : floor]);
  for (const { priceMicroPerKwh } of orders) {
    for (const price of [priceMicroPerKwh - 1, priceMicroPerKwh, priceMicroPerKwh + 1]) {
      if (price >= floor && price <= cap) prices.add(price);
    }
  }
  const sign = side === "buy" ? 1 : -1;
  return [...prices].sort((one, other) => sign * (one - other));
}

function tradedBy(auction: Auction, orders: readonly AuctionOrder[], terms: AuctionTerms, order: AuctionOrder): number {
  const { orderId, side } = order;
  return auction
    .clear(orders, terms)
    .trades.filter((trade) => (side === "buy" ? trade.buyOrder : trade.sellOrder) === orderId)
    .reduce((sum, { energyWh }) => sum + energyWh, 0);
}

function leastThat(prices: readonly number[], holds: (price: number) => boolean): MicroPerKwh | null {
  const best = prices.at(-1);
  if (best === undefined || !holds(best)) return null;
  let low = 0;
  let high = prices.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(prices[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return microPerKwh(prices[low] as number);
}
