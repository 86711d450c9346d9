/**
 * The price at which an order would have traded more, everybody else's order being what it was.
 *
 * At limit p a bid stands behind the bids above p and, at p itself, behind earlier arrivals (`time`) or beside them (`pro-rata`),
 * and reaches the asks up to p: it gets what these hold beyond those before it, up to its energy. That only grows with p, and
 * only at an ask's price, at a bid's, or a millionth above a bid: the least such price is found by halving. Beside others the
 * share is rounded down, so that in a tie over the last Wh the answer may be a millionth too good, never too bad.
 * Asks are the mirror image: their prices are taken with the opposite sign. Source: elecbay.md 3.1.
 */
import type { MicroPerKwh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import { proportion } from "./largest-remainder.js";
import { type AuctionOrder, byArrival } from "./merit-order.js";
import type { UniformClearing } from "./uniform-auction.js";

/** One side as a losing order of it sees the auction. Prices rise with the wish to trade; cumulative energy in Wh. */
interface Outlook {
  readonly own: readonly AuctionOrder[];
  readonly sign: 1 | -1;
  /** `ownWh[n]`: energy of the best `n` of the own side. Likewise `oppositeWh`. */
  readonly ownWh: readonly number[];
  readonly oppositePrices: readonly number[];
  readonly oppositeWh: readonly number[];
  /** Where what one gets can grow, rising. */
  readonly candidates: readonly number[];
  /** The best price that may be bid. */
  readonly bound: number;
}

/** Answers for orders of one clearing: the price, or null where no price within the band trades more. */
export type BetterPrice = (order: AuctionOrder, tradedWh: number) => MicroPerKwh | null;

/** Prepares both sides once, n log n; each answer then takes log² n. */
export function betterPrices(clearing: UniformClearing, terms: BiddingTerms): BetterPrice {
  const buyers = outlook(clearing.bids, clearing.asks, 1, terms.priceCapMicroPerKwh);
  const sellers = outlook(clearing.asks, clearing.bids, -1, -terms.priceFloorMicroPerKwh);
  return (order, tradedWh) => {
    const seen = order.side === "buy" ? buyers : sellers;
    const { candidates, sign } = seen;
    const present = sign * order.priceMicroPerKwh;
    const above = firstWhere(candidates.length, (at) => (candidates[at] ?? 0) > present);
    const enough = firstWhere(
      candidates.length,
      (at) => at >= above && gets(seen, order, candidates[at] ?? 0, terms.tie) > tradedWh,
    );
    const price = candidates[enough];
    return price === undefined || price > seen.bound ? null : ((sign * price + 0) as MicroPerKwh);
  };
}

function outlook(
  own: readonly AuctionOrder[],
  opposite: readonly AuctionOrder[],
  sign: 1 | -1,
  bound: number,
): Outlook {
  const ownPrices = own.map((order) => sign * order.priceMicroPerKwh);
  const oppositePrices = opposite.map((order) => sign * order.priceMicroPerKwh);
  const candidates = new Set([...oppositePrices, ...ownPrices, ...ownPrices.map((price) => price + 1)]);
  return {
    own,
    sign,
    ownWh: cumulated(own),
    oppositePrices,
    oppositeWh: cumulated(opposite),
    candidates: [...candidates].sort((one, other) => one - other),
    bound,
  };
}

function cumulated(orders: readonly AuctionOrder[]): number[] {
  const sums = [0];
  for (const { energyWh } of orders) sums.push((sums.at(-1) ?? 0) + energyWh);
  return sums;
}

/** What `order` would get with its limit at `price`, which is better than its own. */
function gets(seen: Outlook, order: AuctionOrder, price: number, tie: BiddingTerms["tie"]): number {
  const { own, ownWh, oppositePrices, oppositeWh, sign } = seen;
  const reached = firstWhere(oppositePrices.length, (at) => (oppositePrices[at] ?? 0) > price);
  const reachedWh = oppositeWh[reached] ?? 0;
  const priceAt = (at: number): number => sign * (own[at]?.priceMicroPerKwh ?? 0);
  const above = firstWhere(own.length, (at) => priceAt(at) <= price);
  const within = (energyWh: number, most: number): number => Math.min(Math.max(energyWh, 0), most);
  if (tie === "time") {
    const before = firstWhere(own.length, (at) => {
      const other = own[at];
      return other === undefined || priceAt(at) < price || (priceAt(at) === price && byArrival(order, other) < 0);
    });
    return within(reachedWh - (ownWh[before] ?? 0), order.energyWh);
  }
  const below = firstWhere(own.length, (at) => priceAt(at) < price);
  const aboveWh = ownWh[above] ?? 0;
  const stepWh = (ownWh[below] ?? 0) - aboveWh + order.energyWh;
  return proportion(within(reachedWh - aboveWh, stepWh), order.energyWh, stepWh).quotient;
}

/** Smallest index in [0, length) where `holds`, or `length`; `holds` stays true once it is. */
function firstWhere(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
