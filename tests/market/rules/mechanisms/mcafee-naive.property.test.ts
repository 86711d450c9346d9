import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../../market/facts.js";
import { mcafee } from "../../../../market/rules/mechanisms/mcafee.js";
import { type AuctionOrder, byMerit } from "../../../../market/rules/merit-order.js";
import { accounts, anyTerms, coarseOrders, singleOrders } from "./clearing-accounts.js";

interface Naive {
  readonly buyerPrice: number | undefined;
  readonly sellerPrice: number | undefined;
  /** By order id, orders without a trade left out. */
  readonly tradedWh: ReadonlyMap<string, number>;
}

/** The rule as its opening says it, Wh by Wh: each Wh is a unit order of its owner. */
function naiveMcafee(orders: readonly AuctionOrder[]): Naive {
  const units = (side: Side): AuctionOrder[] =>
    orders
      .filter((order) => order.side === side)
      .sort(byMerit)
      .flatMap((order) => Array.from({ length: order.energyWh }, () => order));
  const bids = units("buy");
  const asks = units("sell");
  let volume = 0;
  while ((bids[volume]?.priceMicroPerKwh ?? -Infinity) >= (asks[volume]?.priceMicroPerKwh ?? Infinity)) volume += 1;
  const lastBid = bids[volume - 1];
  const lastAsk = asks[volume - 1];
  if (lastBid === undefined || lastAsk === undefined) {
    return { buyerPrice: undefined, sellerPrice: undefined, tradedWh: new Map() };
  }
  const trading = [...bids.slice(0, volume), ...asks.slice(0, volume)];
  const losers = [bids[volume], asks[volume]];
  const outsiders = losers.every((loser) => trading.every(({ participant }) => participant !== loser?.participant));
  const middle = ((losers[0]?.priceMicroPerKwh ?? Number.NaN) + (losers[1]?.priceMicroPerKwh ?? Number.NaN)) / 2;
  if (outsiders && middle >= lastAsk.priceMicroPerKwh && middle <= lastBid.priceMicroPerKwh) {
    return { buyerPrice: Math.floor(middle), sellerPrice: Math.floor(middle), tradedWh: counted(trading) };
  }
  const staying = (side: readonly AuctionOrder[], last: AuctionOrder) =>
    orders.filter((order) => order !== last && side.slice(0, volume).includes(order));
  const buying = staying(bids, lastBid);
  const selling = staying(asks, lastAsk);
  const energy = (side: readonly AuctionOrder[]) => side.reduce((sum, { energyWh }) => sum + energyWh, 0);
  const volumeWh = Math.min(energy(buying), energy(selling));
  const cut = (side: readonly AuctionOrder[]) => {
    const left = side.map((order) => ({ order, energyWh: order.energyWh as number }));
    left.sort((one, other) => other.order.arrival - one.order.arrival);
    // One Wh from everybody who has one, latest arrival first, until enough is cut.
    let toCut = energy(side) - volumeWh;
    while (toCut > 0) {
      for (const each of left) {
        if (toCut === 0 || each.energyWh === 0) continue;
        each.energyWh -= 1;
        toCut -= 1;
      }
    }
    return left.flatMap(({ order, energyWh }) => Array.from({ length: energyWh }, () => order));
  };
  return {
    buyerPrice: volumeWh > 0 ? lastBid.priceMicroPerKwh : undefined,
    sellerPrice: volumeWh > 0 ? lastAsk.priceMicroPerKwh : undefined,
    tradedWh: counted([...cut(buying), ...cut(selling)]),
  };
}

function counted(units: readonly AuctionOrder[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { orderId } of units) counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
  return counts;
}

describe("McAfee's auction for divisible orders", () => {
  it.each([
    ["participants with several orders", coarseOrders],
    ["one order each", singleOrders],
  ])("is what its definition gives Wh by Wh, with %s", (_name, books) => {
    fc.assert(
      fc.property(books, anyTerms, (orders, terms) => {
        const clearing = mcafee.clear(orders, terms);
        const naive = naiveMcafee(orders);
        const traded = [...accounts(clearing, "order")].map(([id, { boughtWh, soldWh }]) => [id, boughtWh + soldWh]);
        expect(new Map(traded as [string, number][])).toEqual(naive.tradedWh);
        for (const { priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } of clearing.trades) {
          expect([priceMicroPerKwh, sellerPriceMicroPerKwh]).toEqual([naive.buyerPrice, naive.sellerPrice]);
        }
      }),
      { numRuns: 4000 },
    );
  });
});
