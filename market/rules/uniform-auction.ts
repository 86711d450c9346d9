/**
 * Uniform-price call auction (k-double auction) with divisible orders: all trade at one price.
 *
 * Volume: the largest at which the marginal bid still reaches the marginal ask. Counting Wh, with k* of them traded, the
 * price lies in [max(a_k*, b_k*+1), min(b_k*, a_k*+1)], a missing k*+1 bounding nothing; price = low + k (high - low),
 * rounded down to a millionth, k taken to six decimals. Where a curve crosses a step, both ends are that step's price.
 * Ties at the margin of the long side: `pro-rata` by largest remainder, the leftover Wh to the earlier arrival; `time`
 * strictly by arrival, then id. Nobody else is filled in part.
 * Who bids on both sides may trade with itself: a trade like any other, for to leave it out would move the price of the rest.
 * Source: elecbay.md 3.1.
 */
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import { share } from "./largest-remainder.js";
import { type AuctionOrder, meritOrder } from "./merit-order.js";

export interface AuctionTrade {
  readonly buyer: string;
  readonly seller: string;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  readonly buyOrder: string;
  readonly sellOrder: string;
}

/** Where the curves cross. The prices are null where nothing trades. */
export interface CrossingPoint {
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
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

/** Clears `orders` in n log n. @throws RangeError where two orders have one id, or one has no energy. */
export function clearUniform(orders: readonly AuctionOrder[], terms: Pick<BiddingTerms, "k" | "tie">): UniformClearing {
  const bids = meritOrder(orders, "buy");
  const asks = meritOrder(orders, "sell");
  const crossing = crossingPoint(bids, asks, terms.k);
  const filledBids = fills(bids, crossing.volumeWh, terms.tie);
  const filledAsks = fills(asks, crossing.volumeWh, terms.tie);
  const tradedWh = new Map<string, Wh>();
  const ranks = new Map<string, number>();
  for (const [side, filled] of [[bids, filledBids] as const, [asks, filledAsks] as const]) {
    for (const [index, { orderId }] of side.entries()) {
      tradedWh.set(orderId, wh(filled[index] ?? 0));
      ranks.set(orderId, index + 1);
    }
  }
  if (ranks.size !== orders.length) throw new RangeError("two orders of an auction have the same id");
  const trades = paired(bids, filledBids, asks, filledAsks, crossing.priceMicroPerKwh);
  return { ...crossing, tradedWh, trades, ranks, bids, asks };
}

/** Volume, price and price interval of two sides in merit order, without saying who trades. */
export function crossingPoint(bids: readonly AuctionOrder[], asks: readonly AuctionOrder[], k: number): CrossingPoint {
  let volumeWh = 0;
  let bidAt = 0;
  let askAt = 0;
  let bidLeft = energyAt(bids, 0);
  let askLeft = energyAt(asks, 0);
  let lastBid: MicroPerKwh | undefined;
  let lastAsk: MicroPerKwh | undefined;
  for (;;) {
    const bid = bids[bidAt]?.priceMicroPerKwh;
    const ask = asks[askAt]?.priceMicroPerKwh;
    if (bid === undefined || ask === undefined || bid < ask) {
      if (lastBid === undefined || lastAsk === undefined) break;
      const low = bid === undefined ? lastAsk : Math.max(lastAsk, bid);
      const high = ask === undefined ? lastBid : Math.min(lastBid, ask);
      return {
        priceMicroPerKwh: within(low, high, k),
        lowMicroPerKwh: microPerKwh(low),
        highMicroPerKwh: microPerKwh(high),
        volumeWh: wh(volumeWh),
      };
    }
    const energyWh = Math.min(bidLeft, askLeft);
    volumeWh += energyWh;
    bidLeft -= energyWh;
    askLeft -= energyWh;
    lastBid = bid;
    lastAsk = ask;
    if (bidLeft === 0) bidLeft = energyAt(bids, ++bidAt);
    if (askLeft === 0) askLeft = energyAt(asks, ++askAt);
  }
  return { priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: wh(0) };
}

function energyAt(side: readonly AuctionOrder[], index: number): number {
  const order = side[index];
  if (order === undefined) return 0;
  if (order.energyWh <= 0) throw new RangeError(`order ${order.orderId} bids ${order.energyWh} Wh in an auction`);
  return order.energyWh;
}

/** `k` in whole millionths, the product in BigInt: 0.29 of 100 is 29, not the 28.999 of a float. */
function within(low: number, high: number, k: number): MicroPerKwh {
  const part = (BigInt(Math.round(k * 1_000_000)) * BigInt(high - low)) / 1_000_000n;
  return microPerKwh(low + Number(part));
}

/** What each of `side` gets of the first `volumeWh`, in merit order; the last price touched is shared as `tie` says. */
function fills(side: readonly AuctionOrder[], volumeWh: number, tie: "pro-rata" | "time"): number[] {
  const filled: number[] = [];
  let leftWh = volumeWh;
  let last = 0;
  for (const [index, { energyWh }] of side.entries()) {
    const energy = Math.min(energyWh, leftWh);
    filled.push(energy);
    leftWh -= energy;
    if (energy > 0) last = index;
  }
  if (tie === "time" || volumeWh === 0) return filled;

  const price = side[last]?.priceMicroPerKwh;
  let first = last;
  while (side[first - 1]?.priceMicroPerKwh === price) first -= 1;
  while (side[last + 1]?.priceMicroPerKwh === price) last += 1;
  const margin = side.slice(first, last + 1).map((order) => order.energyWh);
  const marginWh = filled.slice(first, last + 1).reduce((sum, energy) => sum + energy, 0);
  for (const [offset, energy] of share(marginWh, margin).entries()) filled[first + offset] = energy;
  return filled;
}

function paired(
  bids: readonly AuctionOrder[],
  bidFills: readonly number[],
  asks: readonly AuctionOrder[],
  askFills: readonly number[],
  price: MicroPerKwh | null,
): AuctionTrade[] {
  const trades: AuctionTrade[] = [];
  if (price === null) return trades;
  let bidAt = 0;
  let askAt = 0;
  let bidLeft = bidFills[0] ?? 0;
  let askLeft = askFills[0] ?? 0;
  for (;;) {
    while (bidLeft === 0 && bidAt < bids.length) bidLeft = bidFills[++bidAt] ?? 0;
    while (askLeft === 0 && askAt < asks.length) askLeft = askFills[++askAt] ?? 0;
    const bid = bids[bidAt];
    const ask = asks[askAt];
    if (bid === undefined || ask === undefined) return trades;
    const energyWh = Math.min(bidLeft, askLeft);
    trades.push({
      buyer: bid.participant,
      seller: ask.participant,
      energyWh: wh(energyWh),
      priceMicroPerKwh: price,
      buyOrder: bid.orderId,
      sellOrder: ask.orderId,
    });
    bidLeft -= energyWh;
    askLeft -= energyWh;
  }
}
