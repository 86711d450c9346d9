import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payAsBid } from "../../../../market/rules/mechanisms/pay-as-bid.js";
import { auctionOrders, side } from "../auction-orders.js";
import { terms } from "../period-books.js";
import { uniformClearing } from "../uniform-clearing.js";

const units = (prices: readonly number[]) => prices.map((price) => [price, 1] as const);

describe("the pay-as-bid auction", () => {
  it("trades each pair at its own middle: 5.5, 5.5 and 5.5 where bids are 10, 8, 6 and asks 1, 3, 5", () => {
    const inMillionths = (prices: readonly number[]) => units(prices.map((price) => price * 1_000_000));
    const orders = [...side("buy", inMillionths([10, 8, 6, 4])), ...side("sell", inMillionths([1, 3, 5, 7]), 11)];
    const clearing = payAsBid.clear(orders, terms);
    expect(clearing.trades).toMatchObject([
      { buyOrder: "b1", sellOrder: "s1", priceMicroPerKwh: 5_500_000 },
      { buyOrder: "b2", sellOrder: "s2", priceMicroPerKwh: 5_500_000 },
      { buyOrder: "b3", sellOrder: "s3", priceMicroPerKwh: 5_500_000 },
    ]);
    expect(clearing).toMatchObject({ priceMicroPerKwh: null, lowMicroPerKwh: 5_500_000, volumeWh: 3 });
  });

  it("pays the ask at k = 0, the bid at k = 1, rounded down between", () => {
    const orders = [...side("buy", units([10, 9])), ...side("sell", units([1, 6]), 11)];
    const prices = (k: number) => payAsBid.clear(orders, { ...terms, k }).trades.map((trade) => trade.priceMicroPerKwh);
    expect(prices(0)).toEqual([1, 6]);
    expect(prices(1)).toEqual([10, 9]);
    expect(prices(0.5)).toEqual([5, 7]);
  });

  it("tells the lowest and the highest price where it has no one price", () => {
    const orders = [...side("buy", units([10, 9])), ...side("sell", units([1, 6]), 11)];
    expect(payAsBid.clear(orders, terms)).toMatchObject({ lowMicroPerKwh: 5, highMicroPerKwh: 7 });
  });

  it("fills every order as the uniform auction does, pairs nobody beyond a limit", () => {
    const rules = fc.record({
      k: fc.constantFrom(0, 0.3, 0.5, 1),
      tie: fc.constantFrom<"pro-rata" | "time">("pro-rata", "time"),
    });
    fc.assert(
      fc.property(auctionOrders, rules, (orders, rule) => {
        const { tradedWh, volumeWh } = uniformClearing(orders, rule);
        const { trades, ...clearing } = payAsBid.clear(orders, { ...terms, ...rule });
        expect(clearing.volumeWh).toBe(volumeWh);
        const limitOf = new Map<string, number>(orders.map((order) => [order.orderId, order.priceMicroPerKwh]));
        const filled = new Map<string, number>();
        for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } of trades) {
          for (const id of [buyOrder, sellOrder]) filled.set(id, (filled.get(id) ?? 0) + energyWh);
          expect(priceMicroPerKwh).toBeLessThanOrEqual(limitOf.get(buyOrder) ?? Number.NaN);
          expect(priceMicroPerKwh).toBeGreaterThanOrEqual(limitOf.get(sellOrder) ?? Number.NaN);
          expect(sellerPriceMicroPerKwh).toBeUndefined();
        }
        for (const { orderId } of orders) expect(filled.get(orderId) ?? 0).toBe(tradedWh.get(orderId));
      }),
      { numRuns: 300 },
    );
  });
});
