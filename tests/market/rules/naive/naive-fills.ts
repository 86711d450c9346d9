/**
 * The auctions as their definitions say them, slow and obvious: arrays, linear search, one Wh at a time, whole numbers in BigInt.
 *
 * They are the specification: the fast rules must say the same of every book. Nothing is shared with them but the types.
 */
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";

export interface NaiveTrade {
  readonly buyOrder: string;
  readonly sellOrder: string;
  energyWh: number;
  readonly priceMicroPerKwh: number;
}

export interface NaiveResult {
  readonly trades: readonly NaiveTrade[];
  readonly low: number | null;
  readonly high: number | null;
  readonly price: number | null;
}

/** Whether `one` is served before `other` of its side. */
export function isBetter(one: AuctionOrder, other: AuctionOrder): boolean {
  if (one.priceMicroPerKwh !== other.priceMicroPerKwh) {
    return one.side === "buy"
      ? one.priceMicroPerKwh > other.priceMicroPerKwh
      : one.priceMicroPerKwh < other.priceMicroPerKwh;
  }
  return isEarlier(one, other);
}

export function isEarlier(one: AuctionOrder, other: AuctionOrder): boolean {
  return one.arrival < other.arrival || (one.arrival === other.arrival && one.orderId < other.orderId);
}

/** Insertion, one by one. */
export function inOrder(orders: readonly AuctionOrder[], before: (one: AuctionOrder, other: AuctionOrder) => boolean) {
  const sorted: AuctionOrder[] = [];
  for (const order of orders) {
    let at = 0;
    while (at < sorted.length && before(sorted[at] as AuctionOrder, order)) at += 1;
    sorted.splice(at, 0, order);
  }
  return sorted;
}

/** One entry per Wh: whose it is. */
export function units(sorted: readonly AuctionOrder[]): AuctionOrder[] {
  return sorted.flatMap((order) => Array.from({ length: order.energyWh }, () => order));
}

/** What each order of `sorted` gets of the first `volume` units; the price of the last one is shared. */
export function naiveFills(sorted: readonly AuctionOrder[], volume: number, tie: "pro-rata" | "time"): number[] {
  const served = units(sorted).slice(0, volume);
  const filled = sorted.map((order) => served.filter((unit) => unit === order).length);
  const marginal = served.at(-1)?.priceMicroPerKwh;
  if (tie === "time" || marginal === undefined) return filled;
  const margin = sorted.filter(({ priceMicroPerKwh }) => priceMicroPerKwh === marginal);
  const toShare = BigInt(served.filter(({ priceMicroPerKwh }) => priceMicroPerKwh === marginal).length);
  const offered = BigInt(units(margin).length);
  const shares = margin.map((order) => {
    const exact = toShare * BigInt(order.energyWh);
    return { order, units: Number(exact / offered), rest: exact % offered };
  });
  let left = Number(toShare) - shares.reduce((sum, share) => sum + share.units, 0);
  while (left > 0) {
    // The largest remainder, and of equal ones the first: the earliest arrival.
    let next = shares[0];
    for (const share of shares) if (next === undefined || share.rest > next.rest) next = share;
    if (next === undefined) break;
    next.units += 1;
    next.rest = -1n;
    left -= 1;
  }
  return sorted.map((order, at) => shares.find((share) => share.order === order)?.units ?? filled[at] ?? 0);
}

/** Adds one Wh to the trade of the pair, which is the last one or a new one. */
export function addUnit(trades: NaiveTrade[], bid: AuctionOrder, ask: AuctionOrder, priceMicroPerKwh: number): void {
  const last = trades.at(-1);
  if (last !== undefined && last.buyOrder === bid.orderId && last.sellOrder === ask.orderId) last.energyWh += 1;
  else trades.push({ buyOrder: bid.orderId, sellOrder: ask.orderId, energyWh: 1, priceMicroPerKwh });
}

/** `low` + `k` of the way to `high`, rounded down. */
export function naiveBetween(low: number, high: number, k: number): number {
  return low + Number((BigInt(Math.round(k * 1e6)) * BigInt(high - low)) / 1_000_000n);
}
