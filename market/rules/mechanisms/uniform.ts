/**
 * Uniform-price call auction (k-double auction) with divisible orders: all trade at one price.
 *
 * Who trades: ../efficient-matching.ts, ties included. The price is low + k (high - low) of its interval, rounded down to a millionth, k
 * taken to six decimals: what buyers pay is what sellers get, nothing is left over. Pairs: best with best.
 * Who bids on both sides may trade with itself: a trade like any other, for to leave it out would move the price of the rest.
 * Source: elecbay.md 3.1.
 */
import type { MicroPerKwh } from "../../../shared/units.js";
import { type Crossing, type EfficientMatching, efficientMatching, priceBetween } from "../efficient-matching.js";
import type { AuctionOrder } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import type { Auction, AuctionClearing, AuctionTerms } from "./mechanism.js";

export const uniform: Auction = { kind: "auction", name: "uniform", clears: "gate", clear: clearUniform };

/** Clears `orders` in n log n. @throws RangeError where two orders have one id, or one has no energy. */
export function clearUniform(
  orders: readonly AuctionOrder[],
  { k, tie }: Pick<AuctionTerms, "k" | "tie">,
): AuctionClearing & { readonly matching: EfficientMatching } {
  const matching = efficientMatching(orders, tie);
  const { lowMicroPerKwh, highMicroPerKwh, volumeWh } = matching;
  const price = uniformPrice(matching, k);
  const trades = price === null ? [] : pairedTrades(matching, () => price);
  return { trades, priceMicroPerKwh: price, lowMicroPerKwh, highMicroPerKwh, volumeWh, matching };
}

/** Null where nothing trades. */
export function uniformPrice({ lowMicroPerKwh, highMicroPerKwh }: Crossing, k: number): MicroPerKwh | null {
  return lowMicroPerKwh === null || highMicroPerKwh === null ? null : priceBetween(lowMicroPerKwh, highMicroPerKwh, k);
}
