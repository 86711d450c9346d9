import { describe, expect, it } from "vitest";
import { listing } from "../../../../market/rules/mechanisms/listing.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { wh } from "../../../../shared/units.js";
import { side } from "../auction-orders.js";
import { terms } from "../period-books.js";

const market = { ...terms, minEnergyWh: wh(10) };
const parts = (orders: readonly AuctionOrder[]) =>
  listing
    .clear(orders, market)
    .trades.map((trade) => [...[trade.buyOrder, trade.sellOrder], ...[trade.energyWh, trade.priceMicroPerKwh]]);

describe("listings of a flat book", () => {
  it("serve buyers in order of arrival, each from the cheapest item that it can afford, at the item's price", () => {
    const items = side(
      "sell",
      [
        [7, 50],
        [5, 30],
        [5, 40],
      ] as const,
      11,
    );
    const orders = side("buy", [
      [6, 60],
      [9, 40],
      [6, 10],
    ] as const);
    expect(parts([...items, ...orders])).toEqual([
      ["b1", "s2", 30, 5],
      ["b1", "s3", 30, 5],
      ["b2", "s3", 10, 5],
      ["b2", "s1", 30, 7],
    ]);
  });

  it("pass over an item that has less left than the smallest part, unless the order wants no more", () => {
    const items = side(
      "sell",
      [
        [5, 34],
        [6, 100],
      ] as const,
      11,
    );
    const orders = side("buy", [
      [9, 30],
      [9, 20],
      [9, 4],
    ] as const);
    expect(parts([...items, ...orders])).toEqual([
      ["b1", "s1", 30, 5],
      // 4 Wh are left of s1: too small a part of 20 Wh, all that b3 wants.
      ["b2", "s2", 20, 6],
      ["b3", "s1", 4, 5],
    ]);
  });

  it("ask nothing of the time at which an item was listed but who is first among equals", () => {
    const items = side(
      "sell",
      [
        [5, 10],
        [5, 10],
      ] as const,
      11,
    ).reverse();
    expect(parts([...side("buy", [[9, 10]]), ...items])).toEqual([["b1", "s1", 10, 5]]);
  });
});
