import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { auctionOrders, bestWelfare, naiveClearing } from "../auction-orders.js";
import { uniformClearing } from "../uniform-clearing.js";

const terms = fc.record({
  k: fc.constantFrom(0, 0.25, 0.5, 1),
  tie: fc.constantFrom<"pro-rata" | "time">("pro-rata", "time"),
});
const runs = { numRuns: 400 };

function sides(orders: readonly AuctionOrder[], { tradedWh }: ReturnType<typeof uniformClearing>) {
  const sum = (of: string) =>
    orders.reduce((total, { side, orderId }) => total + (side === of ? (tradedWh.get(orderId) ?? 0) : 0), 0);
  return { bought: sum("buy"), sold: sum("sell") };
}

describe("every uniform-price clearing", () => {
  it("has the volume, the price interval and the welfare of the definition in unit orders", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const naive = naiveClearing(orders);
        const clearing = uniformClearing(orders, rule);
        expect(clearing.volumeWh).toBe(naive.volumeWh);
        expect(clearing.lowMicroPerKwh).toBe(naive.low);
        expect(clearing.highMicroPerKwh).toBe(naive.high);
        const welfare = orders.reduce((sum, { side, orderId, priceMicroPerKwh }) => {
          return sum + (side === "buy" ? 1 : -1) * priceMicroPerKwh * (clearing.tradedWh.get(orderId) ?? 0);
        }, 0);
        expect(welfare).toBe(naive.welfare);
        expect(welfare).toBe(bestWelfare(orders));
      }),
      runs,
    );
  });

  it("trades as much energy on one side as on the other, in pairs that add up to it, at one price", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const clearing = uniformClearing(orders, rule);
        expect(sides(orders, clearing)).toEqual({ bought: clearing.volumeWh, sold: clearing.volumeWh });
        const paired = new Map<string, number>();
        for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh } of clearing.trades) {
          expect(energyWh).toBeGreaterThan(0);
          expect(priceMicroPerKwh).toBe(clearing.priceMicroPerKwh);
          for (const id of [buyOrder, sellOrder]) paired.set(id, (paired.get(id) ?? 0) + energyWh);
        }
        for (const { orderId } of orders) expect(paired.get(orderId) ?? 0).toBe(clearing.tradedWh.get(orderId));
      }),
      runs,
    );
  });

  it("fills what is better than the price wholly, what is worse not at all, and lets nobody trade beyond its limit", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const clearing = uniformClearing(orders, rule);
        const price = clearing.priceMicroPerKwh;
        fc.pre(price !== null);
        for (const { side, orderId, energyWh, priceMicroPerKwh } of orders) {
          const better = side === "buy" ? priceMicroPerKwh - price : price - priceMicroPerKwh;
          const traded = clearing.tradedWh.get(orderId);
          if (better > 0) expect(traded).toBe(energyWh);
          if (better < 0) expect(traded).toBe(0);
        }
      }),
      runs,
    );
  });

  it("does not depend on the order in which orders are handed in", () => {
    fc.assert(
      fc.property(
        auctionOrders.chain((orders) =>
          fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
        ),
        terms,
        ([orders, shuffled], rule) => {
          expect(uniformClearing(shuffled, rule)).toEqual(uniformClearing(orders, rule));
        },
      ),
      runs,
    );
  });

  it("never lowers its interval for one bid more, nor raises it for one ask more", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const last = orders.at(-1);
        fc.pre(last !== undefined);
        const before = uniformClearing(orders.slice(0, -1), rule);
        const after = uniformClearing(orders, rule);
        fc.pre(before.lowMicroPerKwh !== null && before.highMicroPerKwh !== null);
        const direction = last.side === "buy" ? 1 : -1;
        expect(direction * ((after.lowMicroPerKwh ?? 0) - before.lowMicroPerKwh)).toBeGreaterThanOrEqual(0);
        expect(direction * ((after.highMicroPerKwh ?? 0) - before.highMicroPerKwh)).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it("leaves nothing to trade in what remains", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const { tradedWh } = uniformClearing(orders, rule);
        const rest = orders
          .map((order) => ({ ...order, energyWh: wh(order.energyWh - (tradedWh.get(order.orderId) ?? 0)) }))
          .filter(({ energyWh }) => energyWh > 0);
        expect(uniformClearing(rest, rule).volumeWh).toBe(0);
      }),
      runs,
    );
  });

  it("moves money and no energy with k, a lower k being the buyers' gain", () => {
    fc.assert(
      fc.property(auctionOrders, fc.constantFrom<"pro-rata" | "time">("pro-rata", "time"), (orders, tie) => {
        const [low, high] = [uniformClearing(orders, { k: 0, tie }), uniformClearing(orders, { k: 1, tie })];
        expect(low.tradedWh).toEqual(high.tradedWh);
        expect(low.priceMicroPerKwh).toBe(low.lowMicroPerKwh);
        expect(high.priceMicroPerKwh).toBe(high.highMicroPerKwh);
      }),
      runs,
    );
  });

  it("scales with prices and with energies", () => {
    fc.assert(
      fc.property(auctionOrders, terms, fc.integer({ min: 1, max: 9 }), (orders, rule, factor) => {
        const { volumeWh, lowMicroPerKwh: low, highMicroPerKwh: high, tradedWh } = uniformClearing(orders, rule);
        const dearer = orders.map((order) => ({
          ...order,
          priceMicroPerKwh: microPerKwh(factor * order.priceMicroPerKwh),
        }));
        expect(uniformClearing(dearer, rule)).toMatchObject({
          lowMicroPerKwh: low === null ? null : factor * low,
          highMicroPerKwh: high === null ? null : factor * high,
          tradedWh,
        });
        const larger = orders.map((order) => ({ ...order, energyWh: wh(factor * order.energyWh) }));
        const scaled = uniformClearing(larger, rule);
        expect(scaled).toMatchObject({ lowMicroPerKwh: low, highMicroPerKwh: high, volumeWh: factor * volumeWh });
        // Shares of a tie are whole Wh: what a larger book can share more finely, it does.
        for (const [id, energyWh] of tradedWh) {
          const difference = Math.abs((scaled.tradedWh.get(id) ?? 0) - factor * energyWh);
          expect(difference).toBeLessThanOrEqual(rule.tie === "time" ? 0 : factor);
        }
      }),
      runs,
    );
  });

  it("fills in part only at one price of one side, and by time one order only", () => {
    fc.assert(
      fc.property(auctionOrders, terms, (orders, rule) => {
        const { tradedWh } = uniformClearing(orders, rule);
        const partly = orders.filter(({ orderId, energyWh }) => {
          const traded = tradedWh.get(orderId) ?? 0;
          return traded > 0 && traded < energyWh;
        });
        expect(new Set(partly.map(({ side, priceMicroPerKwh }) => `${side}${priceMicroPerKwh}`)).size).toBeLessThan(2);
        if (rule.tie === "time") expect(partly.length).toBeLessThan(2);
      }),
      runs,
    );
  });
});
