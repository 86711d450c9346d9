/**
 * Traded energies of both sides made into trades: best bid with best ask, Wh by Wh, so that each pair is individually rational.
 *
 * The two sides' energies are equal in sum, so nothing is left over; neighbours in merit order with equal prices are in order of arrival.
 * There are at most as many trades as orders that trade, less one. Source: elecbay.md 3.5.
 */
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { EfficientMatching } from "./efficient-matching.js";
import type { AuctionTrade } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";

/** Who trades how much, each side in the order in which it is paired. */
export type Matched = Pick<EfficientMatching, "bids" | "asks" | "bidWh" | "askWh">;

/** @param priceOf what both of a pair trade at */
export function pairedTrades(
  { bids, asks, bidWh, askWh }: Matched,
  priceOf: (bid: AuctionOrder, ask: AuctionOrder) => MicroPerKwh,
): AuctionTrade[] {
  const trades: AuctionTrade[] = [];
  let bidAt = 0;
  let askAt = 0;
  let bidLeft = bidWh[0] ?? 0;
  let askLeft = askWh[0] ?? 0;
  for (;;) {
    while (bidLeft === 0 && bidAt < bids.length) bidLeft = bidWh[++bidAt] ?? 0;
    while (askLeft === 0 && askAt < asks.length) askLeft = askWh[++askAt] ?? 0;
    const bid = bids[bidAt];
    const ask = asks[askAt];
    if (bid === undefined || ask === undefined) return trades;
    const energyWh = Math.min(bidLeft, askLeft);
    trades.push({
      buyer: bid.participant,
      seller: ask.participant,
      energyWh: energyWh as Wh,
      priceMicroPerKwh: priceOf(bid, ask),
      buyOrder: bid.orderId,
      sellOrder: ask.orderId,
    });
    bidLeft -= energyWh;
    askLeft -= energyWh;
  }
}
