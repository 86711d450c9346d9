/**
 * The price at which an order would have traded more in an auction of which nothing is known: it is cleared again with other limits.
 *
 * Candidates: every price that somebody named, a millionth to both sides of it, and the best price of the band. In books of at most 30
 * orders they are tried one by one from the order's own price on, so that the first that trades more is found; in larger ones by halving,
 * which finds it where a better price never trades less. That is not so in `mcafee` and `listing`: there a better one may be told, or none.
 * Between the candidate found and the one before, the least price is found by halving: such as the middle of two others' prices.
 * Some tens of clearings for each order: books of more than 500 orders get no answer. Prices in millionths per kWh.
 */
import { type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import type { Auction, AuctionTerms } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";
import type { BetterPrice } from "./receipts-better-price.js";

const mostOrders = 500;
const mostOrdersOneByOne = 30;

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
    const found =
      orders.length <= mostOrdersOneByOne ? better.findIndex(tradesMore) : firstByHalving(better, tradesMore);
    const price = better[found];
    return price === undefined ? null : leastBetween(better[found - 1] ?? order.priceMicroPerKwh, price, tradesMore);
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

/** Index of the first price that holds, if each after it does too; -1 where the last does not. */
function firstByHalving(prices: readonly number[], holds: (price: number) => boolean): number {
  const best = prices.at(-1);
  if (best === undefined || !holds(best)) return -1;
  let low = 0;
  let high = prices.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(prices[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The whole price nearest to `fails` that holds; `holding` does. Which of them is the larger makes no difference. */
function leastBetween(fails: number, holding: number, holds: (price: number) => boolean): MicroPerKwh {
  let [no, yes] = [fails, holding];
  while (Math.abs(yes - no) > 1) {
    const middle = no + Math.trunc((yes - no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return microPerKwh(yes);
}
