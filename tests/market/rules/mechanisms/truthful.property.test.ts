import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mcafee } from "../../../../market/rules/mechanisms/mcafee.js";
import type { Auction, AuctionTerms } from "../../../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import { vcg } from "../../../../market/rules/mechanisms/vcg.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { bestWelfare } from "../auction-orders.js";
import {
  accounts,
  anyTerms,
  coarseOrders,
  mirrored,
  singleOrders,
  surplus,
  utility,
  welfare,
} from "./clearing-accounts.js";

const runs = { numRuns: 1500 };

/** One order of a book reported otherwise: another price, and where the rule bears it, other energy. */
const misreport = fc.record({
  which: fc.nat(),
  price: fc.integer({ min: -4, max: 13 }).map((price) => 1000 * price + 1),
  energyWh: fc.integer({ min: 1, max: 6 }),
});

function reported(orders: readonly AuctionOrder[], which: number, change: Partial<AuctionOrder>): AuctionOrder[] {
  return orders.map((order, index) => (index === which ? { ...order, ...change } : order));
}

describe.each([
  ["mcafee", mcafee],
  ["vcg", vcg],
] as const)("every clearing of %s", (_name, auction: Auction) => {
  it("trades as much energy on one side as on the other, and no order beyond its energy or its limit", () => {
    fc.assert(
      fc.property(coarseOrders, anyTerms, (orders, terms) => {
        const clearing = auction.clear(orders, terms);
        const limits = new Map(orders.map((order) => [order.orderId, order]));
        const traded = accounts(clearing, "order");
        let boughtInAll = 0;
        let soldInAll = 0;
        for (const [id, { boughtWh, soldWh, paid, received }] of traded) {
          const order = limits.get(id);
          boughtInAll += boughtWh;
          soldInAll += soldWh;
          expect(boughtWh + soldWh).toBeLessThanOrEqual(order?.energyWh ?? 0);
          expect(order?.side === "buy" ? soldWh : boughtWh).toBe(0);
          const limit = order?.priceMicroPerKwh ?? 0;
          expect(paid).toBeLessThanOrEqual(limit * boughtWh);
          expect(received).toBeGreaterThanOrEqual(limit * soldWh);
        }
        expect([boughtInAll, soldInAll]).toEqual([clearing.volumeWh, clearing.volumeWh]);
      }),
      runs,
    );
  });

  it("does not depend on the order in which orders are handed in", () => {
    const shuffled = coarseOrders.chain((orders) =>
      fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
    );
    fc.assert(
      fc.property(shuffled, anyTerms, ([orders, others], terms) => {
        expect(auction.clear(others, terms)).toEqual(auction.clear(orders, terms));
      }),
      runs,
    );
  });

  it("treats buyers as it treats sellers: prices mirrored, the other side of the same clearing", () => {
    fc.assert(
      fc.property(coarseOrders, anyTerms, (orders, terms) => {
        const sum = 12_000;
        const clearing = auction.clear(orders, terms);
        const image = auction.clear(mirrored(orders, sum), { ...terms, k: 1 - terms.k });
        const own = accounts(clearing, "order");
        const others = accounts(image, "order");
        for (const [id, { boughtWh, soldWh, paid, received }] of own) {
          const of = others.get(id);
          expect([of?.soldWh, of?.boughtWh]).toEqual([boughtWh, soldWh]);
          expect([of?.received, of?.paid]).toEqual([sum * boughtWh - paid, sum * soldWh - received]);
        }
      }),
      runs,
    );
  });

  it("gives nobody with one order a gain by another price than the true one", () => {
    fc.assert(
      fc.property(singleOrders, anyTerms, misreport, (orders, terms, { which, price }) => {
        const index = which % Math.max(orders.length, 1);
        const truth = orders[index];
        fc.pre(truth !== undefined);
        const lied = reported(orders, index, { priceMicroPerKwh: microPerKwh(price) });
        const gain = utility(truth, auction.clear(lied, terms)) - utility(truth, auction.clear(orders, terms));
        // VCG's averages are rounded in the participant's favour by less than a millionth per kWh.
        if (auction === vcg) expect(gain).toBeLessThan(truth.energyWh);
        else expect(gain).toBeLessThanOrEqual(0);
      }),
      { numRuns: 6000 },
    );
  });
});

describe("every clearing of mcafee", () => {
  it("keeps a surplus, never a deficit, at one price for buyers and one for sellers", () => {
    fc.assert(
      fc.property(coarseOrders, anyTerms, (orders, terms) => {
        const clearing = mcafee.clear(orders, terms);
        expect(surplus(clearing)).toBeGreaterThanOrEqual(0);
        if (clearing.priceMicroPerKwh !== null) expect(surplus(clearing)).toBe(0);
        expect(new Set(clearing.trades.map((trade) => trade.priceMicroPerKwh)).size).toBeLessThan(2);
        expect(new Set(clearing.trades.map((trade) => trade.sellerPriceMicroPerKwh)).size).toBeLessThan(2);
      }),
      runs,
    );
  });

  it("loses the least valuable pair of unit orders at most", () => {
    fc.assert(
      fc.property(singleOrders, anyTerms, (orders, terms) => {
        const units = orders.map((order) => ({ ...order, energyWh: wh(1) }));
        const clearing = mcafee.clear(units, terms);
        const best = bestWelfare(units);
        const volume = vcg.clear(units, terms).volumeWh;
        expect(volume - clearing.volumeWh).toBeLessThanOrEqual(1);
        expect(volume * welfare(units, clearing)).toBeGreaterThanOrEqual((volume - 1) * best);
      }),
      runs,
    );
  });
});

describe("every clearing of vcg", () => {
  it("has the largest welfare, and a deficit where money does not come out even", () => {
    fc.assert(
      fc.property(coarseOrders, anyTerms, (orders, terms) => {
        const clearing = vcg.clear(orders, terms);
        expect(welfare(orders, clearing)).toBe(bestWelfare(orders));
        expect(surplus(clearing)).toBeLessThanOrEqual(0);
      }),
      runs,
    );
  });

  it("pays each participant what the market gains by it, found by clearing the market without it", () => {
    fc.assert(
      fc.property(coarseOrders, anyTerms, (orders, terms) => {
        const clearing = vcg.clear(orders, terms);
        const best = bestWelfare(orders);
        const traded = accounts(clearing, "order");
        for (const [participant, account] of accounts(clearing, "participant")) {
          const own = orders.filter((order) => order.participant === participant);
          const value = own.reduce((sum, { orderId, priceMicroPerKwh }) => {
            const { boughtWh = 0, soldWh = 0 } = traded.get(orderId) ?? {};
            return sum + priceMicroPerKwh * (boughtWh - soldWh);
          }, 0);
          const gain = best - bestWelfare(orders.filter((order) => order.participant !== participant));
          const rounding = value - account.paid + account.received - gain;
          expect(rounding).toBeGreaterThanOrEqual(0);
          expect(rounding).toBeLessThan(account.boughtWh + account.soldWh);
        }
      }),
      runs,
    );
  });

  it("has the uniform auction's interval: buyers pay the low end at most, sellers get the high end at least", () => {
    fc.assert(
      fc.property(singleOrders, anyTerms, (orders, terms) => {
        const clearing = vcg.clear(orders, terms);
        const { lowMicroPerKwh, highMicroPerKwh } = uniform.clear(orders, terms);
        expect(clearing).toMatchObject({ lowMicroPerKwh, highMicroPerKwh });
        for (const { priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } of clearing.trades) {
          expect(priceMicroPerKwh).toBeLessThanOrEqual(lowMicroPerKwh ?? Number.NaN);
          expect(sellerPriceMicroPerKwh).toBeGreaterThanOrEqual(highMicroPerKwh ?? Number.NaN);
        }
      }),
      runs,
    );
  });

  it("has the prices of unit orders: max(s_k, b_k+1) for buyers and min(b_k, s_k+1) for sellers", () => {
    fc.assert(
      fc.property(singleOrders, anyTerms, (orders, terms) => {
        const units = orders.map((order) => ({ ...order, energyWh: wh(1) }));
        const sorted = (side: string, sign: number) =>
          units
            .filter((order) => order.side === side)
            .map((order) => order.priceMicroPerKwh)
            .sort((one, other) => sign * (one - other));
        const bids = sorted("buy", -1);
        const asks = sorted("sell", 1);
        const clearing = vcg.clear(units, terms);
        const k = clearing.volumeWh;
        for (const { priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } of clearing.trades) {
          expect(priceMicroPerKwh).toBe(Math.max(asks[k - 1] ?? Number.NaN, bids[k] ?? -Infinity));
          expect(sellerPriceMicroPerKwh).toBe(Math.min(bids[k - 1] ?? Number.NaN, asks[k] ?? Infinity));
        }
      }),
      runs,
    );
  });

  it("gives nobody a gain by stating other energy, or another price and other energy together", () => {
    fc.assert(
      fc.property(singleOrders, anyTerms, misreport, (any, terms: AuctionTerms, { which, price, energyWh }) => {
        // From 0: at a negative price it pays to take energy only to throw it away.
        const orders = any.map((order) => ({ ...order, priceMicroPerKwh: microPerKwh(order.priceMicroPerKwh + 3000) }));
        const index = which % Math.max(orders.length, 1);
        const truth = orders[index];
        fc.pre(truth !== undefined && (truth.side === "buy" || energyWh <= truth.energyWh));
        const lied = reported(orders, index, { priceMicroPerKwh: microPerKwh(price), energyWh: wh(energyWh) });
        const gain = utility(truth, vcg.clear(lied, terms)) - utility(truth, vcg.clear(orders, terms));
        expect(gain).toBeLessThan(Math.max(truth.energyWh, energyWh));
      }),
      { numRuns: 6000 },
    );
  });
});
