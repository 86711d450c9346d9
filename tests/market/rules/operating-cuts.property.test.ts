import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Trade } from "../../../market/facts.js";
import { applyCuts, askedBy } from "../../../market/rules/operating-cuts.js";
import { anyCutCase } from "./cut-cases.js";
import { naiveCuts } from "./naive/naive-cuts.js";

const runs = { numRuns: 2000 };

/** Energy by order, and by order and its own price. */
function energies(trades: readonly Trade[], keyOf: (orderId: string, price: number) => string = (id) => id) {
  const sums = new Map<string, number>();
  for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } of trades) {
    for (const key of [
      keyOf(buyOrder, priceMicroPerKwh),
      keyOf(sellOrder, sellerPriceMicroPerKwh ?? priceMicroPerKwh),
    ]) {
      sums.set(key, (sums.get(key) ?? 0) + energyWh);
    }
  }
  return sums;
}

describe("any cuts of the DSO", () => {
  it("take of each order what the plain specification takes, Wh by Wh", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals, asked }) => {
        const { cuts } = applyCuts(trades, arrivals, asked);
        const losses = cuts.map(
          ({ orderId, cutWh, askedWh }) => [orderId, { asked: askedWh as number, other: cutWh - askedWh }] as const,
        );
        expect(new Map(losses)).toEqual(naiveCuts(trades, arrivals, asked));
      }),
      runs,
    );
  });

  it("take of a named order what was asked, or all it traded, and leave every order what it did not lose", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals, asked }) => {
        const after = applyCuts(trades, arrivals, asked);
        const before = energies(trades);
        const left = energies(after.trades);
        const lost = new Map(after.cuts.map((cut) => [cut.orderId, cut]));
        for (const [orderId, tradedWh] of before) {
          const askedWh = asked.reduce((sum, cut) => sum + (cut.orderId === orderId ? cut.cutWh : 0), 0);
          expect(lost.get(orderId)?.askedWh ?? 0).toBe(Math.min(askedWh, tradedWh));
          expect((left.get(orderId) ?? 0) + (lost.get(orderId)?.cutWh ?? 0)).toBe(tradedWh);
        }
        for (const orderId of [...left.keys(), ...lost.keys()]) expect(before.has(orderId)).toBe(true);
        for (const { energyWh } of after.trades) expect(energyWh).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  it("let no order trade more at a price than before, and pair nobody at a price that the pair did not have", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals, asked }) => {
        const byPrice = (orderId: string, price: number) => `${orderId} ${price}`;
        const before = energies(trades, byPrice);
        const { trades: standing } = applyCuts(trades, arrivals, asked);
        for (const [key, energyWh] of energies(standing, byPrice)) {
          expect(energyWh).toBeLessThanOrEqual(before.get(key) ?? 0);
        }
        const pairs = new Set(trades.map(({ buyOrder, sellOrder, mechanism }) => mechanism + buyOrder + sellOrder));
        for (const { buyOrder, sellOrder, mechanism } of standing) {
          if (mechanism === "listing") expect(pairs.has(mechanism + buyOrder + sellOrder)).toBe(true);
        }
      }),
      runs,
    );
  });

  it("come to the same again from what is recorded of them", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals, asked }) => {
        const after = applyCuts(trades, arrivals, asked);
        expect(applyCuts(trades, arrivals, askedBy(after.cuts))).toEqual(after);
      }),
      runs,
    );
  });

  it("leave the trades as they are where nothing is asked", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals }) => {
        expect(applyCuts(trades, arrivals, [])).toEqual({ trades, cuts: [], ownLosses: [] });
      }),
    );
  });

  it("do not depend on the order in which the DSO names the orders", () => {
    fc.assert(
      fc.property(anyCutCase, ({ trades, arrivals, asked }) => {
        const energyOf = (cuts: ReturnType<typeof applyCuts>["cuts"]) => cuts.map(({ cause: _cause, ...cut }) => cut);
        const one = applyCuts(trades, arrivals, asked);
        const other = applyCuts(trades, arrivals, [...asked].reverse());
        expect(other.trades).toEqual(one.trades);
        expect(energyOf(other.cuts)).toEqual(energyOf(one.cuts));
      }),
      runs,
    );
  });
});
