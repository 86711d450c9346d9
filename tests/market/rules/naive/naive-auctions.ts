/** The four auctions of a flat book by their definitions: see naive-fills.ts. */
import type { AuctionTerms } from "../../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import {
  addUnit,
  inOrder,
  isBetter,
  isEarlier,
  type NaiveResult,
  type NaiveTrade,
  naiveBetween,
  naiveFills,
  units,
} from "./naive-fills.js";

export type NaiveAuction = (orders: readonly AuctionOrder[], terms: AuctionTerms) => NaiveResult;

/** Unit orders: as many trade as there are pairs, best with best, in which the bid reaches the ask. */
export const naiveUniform: NaiveAuction = (orders, { k, tie }) => {
  const bids = sideOf(orders, "buy");
  const asks = sideOf(orders, "sell");
  const bidUnits = units(bids).map(({ priceMicroPerKwh }) => priceMicroPerKwh as number);
  const askUnits = units(asks).map(({ priceMicroPerKwh }) => priceMicroPerKwh as number);
  const count = meeting(bids, asks);
  if (count === 0) return { trades: [], low: null, high: null, price: null };
  const low = Math.max(askUnits[count - 1] ?? Number.NaN, bidUnits[count] ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(bidUnits[count - 1] ?? Number.NaN, askUnits[count] ?? Number.POSITIVE_INFINITY);
  const price = naiveBetween(low, high, k);
  return { trades: pairs(bids, asks, count, tie, () => price), low, high, price };
};

/** The same units trade, each pair between its own limits. */
export const naivePayAsBid: NaiveAuction = (orders, { k, tie }) => {
  const bids = sideOf(orders, "buy");
  const asks = sideOf(orders, "sell");
  const between = (bid: AuctionOrder, ask: AuctionOrder) => naiveBetween(ask.priceMicroPerKwh, bid.priceMicroPerKwh, k);
  return ranged(pairs(bids, asks, meeting(bids, asks), tie, between));
};

/** Each Wh of each order in turn looks through all that rests for the best it can have. */
export const naiveContinuous: NaiveAuction = (orders) => {
  const resting: { readonly order: AuctionOrder; leftWh: number }[] = [];
  const trades: NaiveTrade[] = [];
  for (const order of inOrder(orders, isEarlier)) {
    let leftWh: number = order.energyWh;
    while (leftWh > 0) {
      const met = resting.filter(
        (other) =>
          other.leftWh > 0 &&
          other.order.side !== order.side &&
          (order.side === "buy"
            ? other.order.priceMicroPerKwh <= order.priceMicroPerKwh
            : other.order.priceMicroPerKwh >= order.priceMicroPerKwh),
      );
      let best = met[0];
      for (const other of met) if (best !== undefined && isBetter(other.order, best.order)) best = other;
      if (best === undefined) break;
      const [bid, ask] = order.side === "buy" ? [order, best.order] : [best.order, order];
      addUnit(trades, bid, ask, best.order.priceMicroPerKwh);
      best.leftWh -= 1;
      leftWh -= 1;
    }
    resting.push({ order, leftWh });
  }
  return ranged(trades);
};

/** Each buyer in turn looks through the items, cheapest first, and takes what it may. */
export const naiveListing: NaiveAuction = (orders, { minEnergyWh }) => {
  const items = sideOf(orders, "sell").map((item) => ({ item, leftWh: item.energyWh as number }));
  const trades: NaiveTrade[] = [];
  for (const order of inOrder(orders, isEarlier)) {
    let wantedWh: number = order.side === "buy" ? order.energyWh : 0;
    for (const each of items) {
      if (each.item.priceMicroPerKwh > order.priceMicroPerKwh) continue;
      const energyWh = Math.min(wantedWh, each.leftWh);
      if (energyWh === 0 || (energyWh < minEnergyWh && energyWh !== wantedWh)) continue;
      const { orderId: sellOrder, priceMicroPerKwh } = each.item;
      trades.push({ buyOrder: order.orderId, sellOrder, energyWh, priceMicroPerKwh });
      each.leftWh -= energyWh;
      wantedWh -= energyWh;
    }
  }
  return ranged(trades);
};

function sideOf(orders: readonly AuctionOrder[], side: "buy" | "sell"): AuctionOrder[] {
  return inOrder(
    orders.filter((order) => order.side === side),
    isBetter,
  );
}

function meeting(bids: readonly AuctionOrder[], asks: readonly AuctionOrder[]): number {
  const [bidUnits, askUnits] = [units(bids), units(asks)];
  let count = 0;
  for (;;) {
    const bid = bidUnits[count];
    const ask = askUnits[count];
    if (bid === undefined || ask === undefined || bid.priceMicroPerKwh < ask.priceMicroPerKwh) return count;
    count += 1;
  }
}

function pairs(
  bids: readonly AuctionOrder[],
  asks: readonly AuctionOrder[],
  count: number,
  tie: "pro-rata" | "time",
  priceOf: (bid: AuctionOrder, ask: AuctionOrder) => number,
): NaiveTrade[] {
  const filled = (side: readonly AuctionOrder[]) => {
    const fills = naiveFills(side, count, tie);
    return side.flatMap((order, at) => Array.from({ length: fills[at] ?? 0 }, () => order));
  };
  const [buyers, sellers] = [filled(bids), filled(asks)];
  const trades: NaiveTrade[] = [];
  for (const [at, bid] of buyers.entries()) {
    const ask = sellers[at] as AuctionOrder;
    addUnit(trades, bid, ask, priceOf(bid, ask));
  }
  return trades;
}

function ranged(trades: readonly NaiveTrade[]): NaiveResult {
  const prices = trades.map(({ priceMicroPerKwh }) => priceMicroPerKwh);
  if (prices.length === 0) return { trades, low: null, high: null, price: null };
  return { trades, low: Math.min(...prices), high: Math.max(...prices), price: null };
}
