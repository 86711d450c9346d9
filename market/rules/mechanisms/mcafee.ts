/**
 * McAfee's auction for divisible orders: prices never come from who trades, so that the true limit is the best limit.
 *
 * p0 is the middle of the first losing bid and ask, rounded down to a millionth. Where both last orders of the efficient matching are filled
 * to the end, p0 lies between them and neither loser trades otherwise, all trade at p0. Else, also without a loser on one side, the last bid
 * and ask leave as a whole: buyers pay that bid, sellers get that ask, the mechanism keeps the difference, and what is left of the long side
 * is cut evenly (cut-evenly.ts). Ties: earlier arrival, then id; the scenario's tie rule and k play no part. Who bids on both sides may
 * trade with itself. Truth in prices is dominant for who has one order, its energy given; not with two orders, nor for the energy.
 * Source: McAfee 1992; Huang, Scheller-Wolf and Sycara 2002; elecbay.md 3.3, 0 (rule 7).
 */
import { type MicroPerKwh, microPerKwh, wh } from "../../../shared/units.js";
import { checkOrders } from "../auction-input.js";
import { crossingOf } from "../efficient-matching.js";
import { type AuctionOrder, byArrival, meritOrder } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import { cutEvenly } from "./cut-evenly.js";
import type { Auction, AuctionClearing } from "./mechanism.js";

export const mcafee: Auction = { kind: "auction", name: "mcafee", clears: "gate", clear: clearMcafee };

/** One side up to the efficient volume. */
interface TradingSide {
  readonly ahead: readonly AuctionOrder[];
  readonly last: AuctionOrder;
  readonly lastFilledToTheEnd: boolean;
  readonly firstLosing: AuctionOrder | undefined;
}

function clearMcafee(orders: readonly AuctionOrder[]): AuctionClearing {
  checkOrders(orders);
  const bids = meritOrder(orders, "buy");
  const asks = meritOrder(orders, "sell");
  const { volumeWh } = crossingOf(bids, asks);
  const buying = upTo(bids, volumeWh);
  const selling = upTo(asks, volumeWh);
  if (buying === undefined || selling === undefined) {
    return { trades: [], priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: wh(0) };
  }
  const price = priceOfLosers(buying, selling);
  return price === undefined ? reduced(buying, selling) : allAt(price, buying, selling);
}

function upTo(side: readonly AuctionOrder[], volumeWh: number): TradingSide | undefined {
  let leftWh = volumeWh;
  for (const [index, order] of side.entries()) {
    if (leftWh <= 0) return undefined;
    leftWh -= order.energyWh;
    if (leftWh > 0) continue;
    const lastFilledToTheEnd = leftWh === 0;
    return { ahead: side.slice(0, index), last: order, lastFilledToTheEnd, firstLosing: side[index + 1] };
  }
  return undefined;
}

function priceOfLosers(buying: TradingSide, selling: TradingSide): MicroPerKwh | undefined {
  if (!buying.lastFilledToTheEnd || !selling.lastFilledToTheEnd) return undefined;
  const bid = buying.firstLosing;
  const ask = selling.firstLosing;
  if (bid === undefined || ask === undefined) return undefined;
  const trading = [...buying.ahead, buying.last, ...selling.ahead, selling.last];
  if (trading.some(({ participant }) => participant === bid.participant || participant === ask.participant)) {
    return undefined;
  }
  const twice = bid.priceMicroPerKwh + ask.priceMicroPerKwh;
  if (twice < 2 * selling.last.priceMicroPerKwh || twice > 2 * buying.last.priceMicroPerKwh) return undefined;
  return microPerKwh(Math.floor(twice / 2));
}

function allAt(price: MicroPerKwh, buying: TradingSide, selling: TradingSide): AuctionClearing {
  const bids = [...buying.ahead, buying.last];
  const asks = [...selling.ahead, selling.last];
  return {
    trades: pairedTrades({ bids, asks, bidWh: energies(bids), askWh: energies(asks) }, () => price),
    priceMicroPerKwh: price,
    lowMicroPerKwh: selling.last.priceMicroPerKwh,
    highMicroPerKwh: buying.last.priceMicroPerKwh,
    volumeWh: wh(sum(energies(bids))),
  };
}

function reduced(buying: TradingSide, selling: TradingSide): AuctionClearing {
  const volumeWh = wh(Math.min(sum(energies(buying.ahead)), sum(energies(selling.ahead))));
  const paid = buying.last.priceMicroPerKwh;
  const received = selling.last.priceMicroPerKwh;
  const bids = cutTo(volumeWh, buying.ahead);
  const asks = cutTo(volumeWh, selling.ahead);
  const matched = { bids: bids.orders, bidWh: bids.filledWh, asks: asks.orders, askWh: asks.filledWh };
  const trades = pairedTrades(matched, () => paid);
  return {
    trades: received === paid ? trades : trades.map((trade) => ({ ...trade, sellerPriceMicroPerKwh: received })),
    priceMicroPerKwh: null,
    lowMicroPerKwh: volumeWh === 0 ? null : received,
    highMicroPerKwh: volumeWh === 0 ? null : paid,
    volumeWh,
    reasons: reasonsOf([bids, asks], [buying.last, selling.last], volumeWh > 0),
  };
}

interface CutSide {
  readonly orders: readonly AuctionOrder[];
  readonly filledWh: readonly number[];
}

/** In order of arrival, so that no Wh depends on a price. */
function cutTo(volumeWh: number, orders: readonly AuctionOrder[]): CutSide {
  const arrived = [...orders].sort(byArrival);
  const wanted = energies(arrived);
  return { orders: arrived, filledWh: cutEvenly(wanted, sum(wanted) - volumeWh) };
}

function reasonsOf(
  sides: readonly CutSide[],
  leftOut: readonly AuctionOrder[],
  anybodyTrades: boolean,
): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { orders, filledWh } of sides) {
    for (const [index, { orderId, energyWh }] of orders.entries()) {
      if (!anybodyTrades) reasons.set(orderId, "the only orders to trade with were left out");
      else if ((filledWh[index] ?? 0) < energyWh) reasons.set(orderId, "cut evenly on the long side");
    }
  }
  for (const { orderId } of leftOut) {
    reasons.set(orderId, `left out: its price ${anybodyTrades ? "set" : "would have set"} the others'`);
  }
  return reasons;
}

function energies(orders: readonly AuctionOrder[]): number[] {
  return orders.map(({ energyWh }) => energyWh);
}

function sum(energiesWh: readonly number[]): number {
  return energiesWh.reduce((total, energyWh) => total + energyWh, 0);
}
