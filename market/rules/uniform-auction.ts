/**
 * Uniform-price call auction (k-double auction) with divisible orders: all trade at one price.
 *
 * Who trades: ./efficient-matching.ts, ties included. The price is low + k (high - low) of its interval, rounded down to a millionth, k
 * taken to six decimals: what buyers pay is what sellers get, nothing is left over. Pairs: best with best.
 * Who bids on both sides may trade with itself: a trade like any other, for to leave it out would move the price of the rest.
 * Source: elecbay.md 3.1.
 */
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import {
  type Crossing,
  crossingOf,
  type EfficientMatching,
  efficientMatching,
  priceBetween,
} from "./efficient-matching.js";
import type { AuctionClearing, AuctionTrade } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";
import { pairedTrades } from "./pairing.js";

export interface CrossingPoint extends Crossing {
  readonly priceMicroPerKwh: MicroPerKwh | null;
}

export interface UniformClearing extends CrossingPoint {
  /** Every order's traded energy, 0 included. */
  readonly tradedWh: ReadonlyMap<string, Wh>;
  /** Filled bids and asks paired best with best. */
  readonly trades: readonly AuctionTrade[];
  /** Place in the merit order of its own side, from 1. */
  readonly ranks: ReadonlyMap<string, number>;
  /** Both sides, best first. */
  readonly bids: readonly AuctionOrder[];
  readonly asks: readonly AuctionOrder[];
}

type UniformTerms = Pick<BiddingTerms, "k" | "tie">;

/** Clears `orders` in n log n. @throws RangeError where two orders have one id, or one has no energy. */
export function uniformAuction(
  orders: readonly AuctionOrder[],
  { k, tie }: UniformTerms,
): AuctionClearing & { readonly matching: EfficientMatching } {
  const matching = efficientMatching(orders, tie);
  const { lowMicroPerKwh, highMicroPerKwh, volumeWh } = matching;
  const price = priceOf(matching, k);
  const trades = price === null ? [] : pairedTrades(matching, () => price);
  return { trades, priceMicroPerKwh: price, lowMicroPerKwh, highMicroPerKwh, volumeWh, matching };
}

/** The same with each order's energy and rank by its id. @throws RangeError as `uniformAuction` does. */
export function clearUniform(orders: readonly AuctionOrder[], terms: UniformTerms): UniformClearing {
  const { matching, ...cleared } = uniformAuction(orders, terms);
  const { bids, asks, bidWh, askWh } = matching;
  const tradedWh = new Map<string, Wh>();
  const ranks = new Map<string, number>();
  for (const [side, filled] of [[bids, bidWh] as const, [asks, askWh] as const]) {
    for (const [index, { orderId }] of side.entries()) {
      tradedWh.set(orderId, wh(filled[index] ?? 0));
      ranks.set(orderId, index + 1);
    }
  }
  return { ...cleared, tradedWh, ranks, bids, asks };
}

/** Volume, price and price interval of two sides in merit order, without saying who trades. */
export function crossingPoint(bids: readonly AuctionOrder[], asks: readonly AuctionOrder[], k: number): CrossingPoint {
  const crossing = crossingOf(bids, asks);
  return { ...crossing, priceMicroPerKwh: priceOf(crossing, k) };
}

function priceOf({ lowMicroPerKwh, highMicroPerKwh }: Crossing, k: number): MicroPerKwh | null {
  return lowMicroPerKwh === null || highMicroPerKwh === null ? null : priceBetween(lowMicroPerKwh, highMicroPerKwh, k);
}
