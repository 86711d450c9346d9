import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { efficientMatching } from "../../../market/rules/efficient-matching.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { betterPrices } from "../../../market/rules/receipts-better-price.js";
import type { BiddingTerms } from "../../../market/terms.js";
import { microPerKwh } from "../../../shared/units.js";
import { auctionOrders } from "./auction-orders.js";
import { terms } from "./period-books.js";
import { uniformClearing } from "./uniform-clearing.js";

const narrow = { ...terms, priceFloorMicroPerKwh: microPerKwh(-5), priceCapMicroPerKwh: microPerKwh(11) };

/** What `order` gets with another limit, the whole auction cleared anew. */
function tradedAt(orders: readonly AuctionOrder[], order: AuctionOrder, price: number, rule: BiddingTerms): number {
  const changed = orders.map((each) => (each === order ? { ...each, priceMicroPerKwh: microPerKwh(price) } : each));
  return uniformClearing(changed, rule).tradedWh.get(order.orderId) ?? 0;
}

/** The first price within the band, going from the order's own to better ones, at which it trades more. */
function firstBetter(orders: readonly AuctionOrder[], order: AuctionOrder, rule: BiddingTerms): number | null {
  const traded = tradedAt(orders, order, order.priceMicroPerKwh, rule);
  const step = order.side === "buy" ? 1 : -1;
  const bound = order.side === "buy" ? rule.priceCapMicroPerKwh : rule.priceFloorMicroPerKwh;
  for (let price = order.priceMicroPerKwh + step; step * price <= step * bound; price += step) {
    if (tradedAt(orders, order, price, rule) > traded) return price;
  }
  return null;
}

describe("the price at which an order would have traded more", () => {
  it("is the first that does so when the auction is cleared anew, ties by time", () => {
    const rule: BiddingTerms = { ...narrow, tie: "time" };
    fc.assert(
      fc.property(auctionOrders, (orders) => {
        const clearing = uniformClearing(orders, rule);
        const betterPrice = betterPrices(efficientMatching(orders, rule.tie), rule);
        for (const order of orders) {
          const traded = clearing.tradedWh.get(order.orderId) ?? 0;
          if (traded < order.energyWh) expect(betterPrice(order, traded)).toBe(firstBetter(orders, order, rule));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("trades more pro rata too, and is the first that does, or a millionth beyond it", () => {
    const rule: BiddingTerms = { ...narrow, tie: "pro-rata" };
    fc.assert(
      fc.property(auctionOrders, (orders) => {
        const clearing = uniformClearing(orders, rule);
        const betterPrice = betterPrices(efficientMatching(orders, rule.tie), rule);
        for (const order of orders) {
          const traded = clearing.tradedWh.get(order.orderId) ?? 0;
          if (traded === order.energyWh) continue;
          const told = betterPrice(order, traded);
          const first = firstBetter(orders, order, rule);
          if (told === null) {
            // The first was a rounded share at the very bound of the band, or there is none.
            const bound = order.side === "buy" ? rule.priceCapMicroPerKwh : rule.priceFloorMicroPerKwh;
            expect([null, bound]).toContain(first);
          } else {
            expect(tradedAt(orders, order, told, rule)).toBeGreaterThan(traded);
            expect(Math.abs(told - (first ?? Number.NaN))).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
