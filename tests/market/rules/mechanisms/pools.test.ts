import { describe, expect, it } from "vitest";
import { billSharing } from "../../../../market/rules/mechanisms/bill-sharing.js";
import type { Pool, PoolPeriod } from "../../../../market/rules/mechanisms/mechanism.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import { supplyDemandRatio } from "../../../../market/rules/mechanisms/supply-demand-ratio.js";
import { fine, flat, leftOver } from "./pool-cases.js";

const pair = (pool: Pool, ...periods: PoolPeriod[]) => {
  const { buyMicroPerKwh, sellMicroPerKwh } = pool.prices(periods);
  return [sellMicroPerKwh, buyMicroPerKwh];
};

describe("the supply-demand ratio", () => {
  // elecbay.md 2.1 prints 9.883628 and 7.478276 to the nearest; the sell price rounds down, the buy price up.
  it.each([
    [0, 14_570_000, 14_570_000],
    [0.25, 9_883_627, 13_398_407],
    [0.5, 7_478_275, 11_024_138],
    [0.75, 6_014_534, 8_153_401],
    [1, 5_030_000, 5_030_000],
    [1.5, 5_030_000, 5_030_000],
  ])("of %s has the printed prices at 14.57 and 5.03", (ratio, sell, buy) => {
    const [soldAt, boughtAt] = pair(supplyDemandRatio, fine(ratio * 4, 4));
    expect([soldAt, boughtAt]).toEqual([sell, buy]);
  });

  it("has the buy prices of the source's appendix: 8.15 for supply 3 and demand 4, 5.03 for supply 3 and demand 2", () => {
    const [, scarce] = pair(supplyDemandRatio, flat(3, 4));
    const [, ample] = pair(supplyDemandRatio, flat(3, 2));
    expect([(scarce ?? 0) / 10_000, (ample ?? 0) / 10_000].map((price) => price.toFixed(2))).toEqual(["8.15", "5.03"]);
  });

  it("is the export price without demand, also where there is no supply either, and retail without supply", () => {
    expect(pair(supplyDemandRatio, flat(3, 0))).toEqual([50_300, 50_300]);
    expect(pair(supplyDemandRatio, flat(0, 0))).toEqual([50_300, 50_300]);
    expect(pair(supplyDemandRatio, flat(0, 3))).toEqual([145_700, 145_700]);
  });

  it("gives sellers nothing below a ratio of 1 where the export price is 0 or below, and the export price from 1 on", () => {
    const priced = (exportMicroPerKwh: number, supplyKwh: number) =>
      pair(supplyDemandRatio, { ...flat(supplyKwh, 4), retailMicroPerKwh: 200_000, exportMicroPerKwh });
    expect(priced(0, 1)).toEqual([0, 150_000]);
    expect(priced(-30_000, 1)).toEqual([0, 150_000]);
    expect(priced(-30_000, 4)).toEqual([-30_000, -30_000]);
    expect(priced(-30_000, 5)).toEqual([-30_000, -30_000]);
    expect(priced(1, 1)[0]).toBeLessThan(5);
  });

  it("is the one nearer to 0 where both prices are negative", () => {
    const period = { ...flat(1, 4), retailMicroPerKwh: -10_000, exportMicroPerKwh: -50_000 };
    expect(pair(supplyDemandRatio, period)).toEqual([-10_000, -10_000]);
  });
});

describe("the mid-market rate", () => {
  // elecbay.md 2.2: supply, demand, sell, buy in pence.
  it.each([
    [7, 7, 98_000, 98_000],
    [6, 10, 98_000, 117_080],
    [10, 6, 78_920, 98_000],
    [0, 5, 98_000, 145_700],
    [5, 0, 50_300, 98_000],
    [0, 0, 98_000, 98_000],
  ])("of supply %s and demand %s has the prices of the source", (supply, demand, sell, buy) => {
    expect(pair(midMarketRate, flat(supply, demand))).toEqual([sell, buy]);
  });

  it("rounds half a millionth apart: the buyer pays the upper, the seller gets the lower", () => {
    const period = { ...flat(1, 1), retailMicroPerKwh: 10, exportMicroPerKwh: 5 };
    expect(pair(midMarketRate, period)).toEqual([7, 8]);
    expect(pair(midMarketRate, { ...period, retailMicroPerKwh: -5, exportMicroPerKwh: -10 })).toEqual([-8, -7]);
  });
});

describe("bill sharing", () => {
  it("has one pair for its horizon: the supplier's bill over all energy taken, its credit over all energy fed in", () => {
    // Noon: 6 kWh fed in, 2 taken; evening: 1 fed in, 8 taken. Bill 7 x 14.57, credit 4 x 5.03.
    const horizon = [flat(6, 2), flat(1, 8)];
    const sell = Math.floor((4 * 50_300) / 7);
    const buy = Math.ceil((7 * 145_700) / 10);
    expect(pair(billSharing, ...horizon)).toEqual([sell, buy]);
  });

  it("leaves sellers worse off than the export price, as soon as a neighbour takes of their energy", () => {
    const [sell, buy] = pair(billSharing, flat(6, 2), flat(1, 8));
    expect(sell).toBeLessThan(50_300);
    expect(buy).toBeLessThan(145_700);
    expect(pair(billSharing, flat(6, 0), flat(0, 8))).toEqual([50_300, 145_700]);
  });

  it("weighs each period's own retail and export price by the net energy of that period", () => {
    const night = { supplyWh: 0, demandWh: 3000, retailMicroPerKwh: 100_000, exportMicroPerKwh: 10_000 };
    const evening = { supplyWh: 0, demandWh: 1000, retailMicroPerKwh: 300_000, exportMicroPerKwh: 10_000 };
    const noon = { supplyWh: 2000, demandWh: 0, retailMicroPerKwh: 100_000, exportMicroPerKwh: -20_000 };
    const morning = { supplyWh: 2000, demandWh: 0, retailMicroPerKwh: 100_000, exportMicroPerKwh: 60_000 };
    const horizon = [night, evening, noon, morning];
    expect(pair(billSharing, ...horizon)).toEqual([20_000, 150_000]);
    expect(leftOver(horizon, billSharing.prices(horizon))).toBe(0n);
  });

  it("has a price of 0 for what nobody does", () => {
    expect(pair(billSharing, flat(0, 0))).toEqual([0, 0]);
    expect(pair(billSharing, flat(0, 5))).toEqual([0, 145_700]);
  });
});

describe("a pool", () => {
  it("refuses no period, more than one where it prices each, negative energy and broken numbers", () => {
    expect(() => billSharing.prices([])).toThrow(RangeError);
    for (const pool of [midMarketRate, supplyDemandRatio]) {
      expect(() => pool.prices([])).toThrow("one period at a time, got 0");
      expect(() => pool.prices([flat(1, 1), flat(1, 1)])).toThrow("one period at a time, got 2");
    }
    for (const pool of [midMarketRate, supplyDemandRatio, billSharing]) {
      expect(() => pool.prices([{ ...flat(1, 1), supplyWh: -1 }])).toThrow("energies from 0, got -1 Wh");
      expect(() => pool.prices([{ ...flat(1, 1), demandWh: 0.5 }])).toThrow("whole numbers, got 0.5");
      expect(() => pool.prices([{ ...flat(1, 1), retailMicroPerKwh: Number.NaN }])).toThrow(RangeError);
    }
  });
});
