/**
 * The efficient matching of divisible orders: who trades how much, and between which prices; what anybody pays is up to the auction.
 *
 * Volume: the largest at which the marginal bid still reaches the marginal ask. Counting Wh, with k* of them traded, the one price
 * that clears the market lies in [max(a_k*, b_k*+1), min(b_k*, a_k*+1)], a missing k*+1 bounding nothing. Where a curve crosses a
 * step, both ends are that step's price.
 * Ties at the margin of the long side: `pro-rata` by largest remainder, the leftover Wh to the earlier arrival; `time`
 * strictly by arrival, then id. Nobody else is filled in part. Source: elecbay.md 3.1.
 */
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import { checkOrders } from "./auction-input.js";
import { share } from "./largest-remainder.js";
import { type AuctionOrder, meritOrder } from "./merit-order.js";

/** Mechanisms that trade it, by name. */
export const efficientMechanisms: ReadonlySet<string> = new Set(["uniform", "pay-as-bid", "vcg", "optimal"]);

/** Where the curves cross. The prices are null where nothing trades. */
export interface Crossing {
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
}

export interface EfficientMatching extends Crossing {
  /** Both sides, best first. */
  readonly bids: readonly AuctionOrder[];
  readonly asks: readonly AuctionOrder[];
  /** What each of `bids` trades, 0 included. Likewise `askWh`. */
  readonly bidWh: readonly number[];
  readonly askWh: readonly number[];
}

/** Matches `orders` in n log n. @throws RangeError where two orders have one id, one has no energy, or a number is no safe integer. */
export function efficientMatching(orders: readonly AuctionOrder[], tie: BiddingTerms["tie"]): EfficientMatching {
  checkOrders(orders);
  const bids = meritOrder(orders, "buy");
  const asks = meritOrder(orders, "sell");
  const crossing = crossingOf(bids, asks);
  const bidWh = fills(bids, crossing.volumeWh, tie);
  const askWh = fills(asks, crossing.volumeWh, tie);
  return { ...crossing, bids, asks, bidWh, askWh };
}

/** Volume and price interval of two sides in merit order, without saying who trades. */
export function crossingOf(bids: readonly AuctionOrder[], asks: readonly AuctionOrder[]): Crossing {
  let volumeWh = 0;
  let bidAt = 0;
  let askAt = 0;
  let bid = bids[0];
  let ask = asks[0];
  let bidLeft: number = bid?.energyWh ?? 0;
  let askLeft: number = ask?.energyWh ?? 0;
  let lastBid: MicroPerKwh | undefined;
  let lastAsk: MicroPerKwh | undefined;
  while (bid !== undefined && ask !== undefined && bid.priceMicroPerKwh >= ask.priceMicroPerKwh) {
    const energyWh = Math.min(bidLeft, askLeft);
    volumeWh += energyWh;
    bidLeft -= energyWh;
    askLeft -= energyWh;
    lastBid = bid.priceMicroPerKwh;
    lastAsk = ask.priceMicroPerKwh;
    if (bidLeft === 0) {
      bid = bids[++bidAt];
      bidLeft = bid?.energyWh ?? 0;
    }
    if (askLeft === 0) {
      ask = asks[++askAt];
      askLeft = ask?.energyWh ?? 0;
    }
  }
  if (lastBid === undefined || lastAsk === undefined) {
    return { lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: wh(0) };
  }
  const low = bid === undefined ? lastAsk : Math.max(lastAsk, bid.priceMicroPerKwh);
  const high = ask === undefined ? lastBid : Math.min(lastBid, ask.priceMicroPerKwh);
  return { lowMicroPerKwh: microPerKwh(low), highMicroPerKwh: microPerKwh(high), volumeWh: wh(volumeWh) };
}

/** `low` + `k` (`high` - `low`), rounded down to a millionth, k taken to six decimals; exact: 0.29 of 100 is 29, not the 28.999 of a float. */
export function priceBetween(low: number, high: number, k: number): MicroPerKwh {
  const millionths = Math.round(k * 1_000_000);
  const product = millionths * (high - low);
  if (Number.isSafeInteger(product)) return microPerKwh(low + (product - (product % 1_000_000)) / 1_000_000);
  return microPerKwh(low + Number((BigInt(millionths) * BigInt(high - low)) / 1_000_000n));
}

/** What each of `side` gets of the first `volumeWh`, in merit order; the last price touched is shared as `tie` says. */
function fills(side: readonly AuctionOrder[], volumeWh: number, tie: BiddingTerms["tie"]): number[] {
  const filled: number[] = new Array(side.length);
  let leftWh = volumeWh;
  let last = 0;
  for (let at = 0; at < side.length; at += 1) {
    const energyWh = Math.min((side[at] as AuctionOrder).energyWh, leftWh);
    filled[at] = energyWh;
    leftWh -= energyWh;
    if (energyWh > 0) last = at;
  }
  if (tie === "time" || volumeWh === 0) return filled;

  const price = side[last]?.priceMicroPerKwh;
  let first = last;
  while (side[first - 1]?.priceMicroPerKwh === price) first -= 1;
  while (side[last + 1]?.priceMicroPerKwh === price) last += 1;
  const margin: number[] = [];
  let marginWh = 0;
  for (let at = first; at <= last; at += 1) {
    margin.push((side[at] as AuctionOrder).energyWh);
    marginWh += filled[at] as number;
  }
  const shares = share(marginWh, margin);
  for (let offset = 0; offset < shares.length; offset += 1) filled[first + offset] = shares[offset] as number;
  return filled;
}
