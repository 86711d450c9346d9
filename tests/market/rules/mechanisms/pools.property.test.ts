import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billSharing } from "../../../../market/rules/mechanisms/bill-sharing.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import { supplyDemandRatio } from "../../../../market/rules/mechanisms/supply-demand-ratio.js";
import { anyPeriod, energyInAll, leftOver, usualPeriod } from "./pool-cases.js";

// Roundings fail here and there: to look for the smallest of two thousand million would take for ever.
const runs = { numRuns: 1000, endOnFailure: true };
const pools = [
  ["mid-market-rate", midMarketRate, fc.array(anyPeriod, { minLength: 1, maxLength: 1 })],
  ["supply-demand-ratio", supplyDemandRatio, fc.array(anyPeriod, { minLength: 1, maxLength: 1 })],
  ["bill-sharing", billSharing, fc.array(anyPeriod, { minLength: 1, maxLength: 6 })],
] as const;

describe.each(pools)("the pool %s", (_name, pool, horizon) => {
  it("pays sellers and supplier out of what buyers pay, and keeps less than a millionth per kWh, whatever the prices", () => {
    fc.assert(
      fc.property(horizon, (periods) => {
        const rest = leftOver(periods, pool.prices(periods));
        expect(rest).toBeGreaterThanOrEqual(0n);
        const energy = energyInAll(periods);
        if (energy === 0n) expect(rest).toBe(0n);
        else expect(rest).toBeLessThan(energy);
      }),
      runs,
    );
  });
});

describe.each(pools.slice(0, 2))("the pool %s", (_name, pool) => {
  it("lets nobody buy below what is paid for it, nor leave the range of export and retail price", () => {
    fc.assert(
      fc.property(usualPeriod, (period) => {
        const { buyMicroPerKwh, sellMicroPerKwh } = pool.prices([period]);
        expect(buyMicroPerKwh).toBeGreaterThanOrEqual(sellMicroPerKwh);
        expect(sellMicroPerKwh).toBeGreaterThanOrEqual(period.exportMicroPerKwh);
        expect(buyMicroPerKwh).toBeLessThanOrEqual(period.retailMicroPerKwh);
      }),
      runs,
    );
  });

  it("stays between the two prices where they are 0, negative or the wrong way round", () => {
    fc.assert(
      fc.property(anyPeriod, (period) => {
        const ends = [period.exportMicroPerKwh, period.retailMicroPerKwh];
        for (const price of Object.values(pool.prices([period]))) {
          expect(price).toBeGreaterThanOrEqual(Math.min(...ends));
          expect(price).toBeLessThanOrEqual(Math.max(...ends));
        }
      }),
      runs,
    );
  });

  it("never raises a price for more supply, nor lowers one for more demand", () => {
    fc.assert(
      fc.property(usualPeriod, fc.integer({ min: 1, max: 1_000_000 }), (period, moreWh) => {
        // At no supply, or no demand, the price of what is not there is a convention.
        fc.pre(period.supplyWh > 0 && period.demandWh > 0);
        const before = pool.prices([period]);
        const supplied = pool.prices([{ ...period, supplyWh: period.supplyWh + moreWh }]);
        const demanded = pool.prices([{ ...period, demandWh: period.demandWh + moreWh }]);
        for (const of of ["buyMicroPerKwh", "sellMicroPerKwh"] as const) {
          expect(supplied[of]).toBeLessThanOrEqual(before[of]);
          expect(demanded[of]).toBeGreaterThanOrEqual(before[of]);
        }
      }),
      runs,
    );
  });
});

describe("the supply-demand ratio", () => {
  it("runs on without a jump at a ratio of 1: one Wh less of many moves both prices by no more than its share", () => {
    fc.assert(
      fc.property(usualPeriod, fc.integer({ min: 1_000_000, max: 2_000_000_000 }), (tariff, demandWh) => {
        fc.pre(tariff.exportMicroPerKwh >= 1000);
        const at = supplyDemandRatio.prices([{ ...tariff, demandWh, supplyWh: demandWh }]);
        const below = supplyDemandRatio.prices([{ ...tariff, demandWh, supplyWh: demandWh - 1 }]);
        expect(at).toEqual({ buyMicroPerKwh: tariff.exportMicroPerKwh, sellMicroPerKwh: tariff.exportMicroPerKwh });
        // The slopes at 1: (retail - export) export / retail < retail for sell; buy's is 0 - twice sell's, less than 3 retail.
        const most = 1 + (3 * tariff.retailMicroPerKwh) / demandWh;
        expect(below.sellMicroPerKwh - at.sellMicroPerKwh).toBeLessThanOrEqual(most);
        expect(below.buyMicroPerKwh - at.buyMicroPerKwh).toBeLessThanOrEqual(most);
      }),
      runs,
    );
  });
});

describe("bill sharing", () => {
  it("asks no more than the dearest retail price of buyers and gives no more than the best export price to sellers", () => {
    fc.assert(
      fc.property(fc.array(usualPeriod, { minLength: 1, maxLength: 6 }), (periods) => {
        const { buyMicroPerKwh, sellMicroPerKwh } = billSharing.prices(periods);
        expect(buyMicroPerKwh).toBeLessThanOrEqual(Math.max(...periods.map((period) => period.retailMicroPerKwh)));
        expect(sellMicroPerKwh).toBeLessThanOrEqual(Math.max(...periods.map((period) => period.exportMicroPerKwh)));
      }),
      runs,
    );
  });
});
