import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reading, Trade } from "../../../market/facts.js";
import { correctPeriod } from "../../../market/rules/estimate.js";
import {
  addCorrection,
  addPeriod,
  closePeriod,
  createKpis,
  type Kpis,
  type SettledPeriod,
} from "../../../market/rules/kpi.js";
import { kpiFigures, kpiMessage, kpiSummary } from "../../../market/rules/kpi-figures.js";
import { qualityOf } from "../../../market/rules/market-quality.js";
import { type SettlementInput, settlePeriod } from "../../../market/rules/settlement.js";
import { kpi as kpiSchema } from "../../../shared/messages/public.js";
import { minuteMs } from "../../../shared/time.js";
import { micro } from "../../../shared/units.js";
import { anyPeriod, anyReading, period, reading, tariff, trade } from "./settlement-cases.js";

const settled = (input: SettlementInput): SettledPeriod => ({ ...input, settlement: settlePeriod(input) });

function kpisOf(...periods: readonly (readonly [readonly Trade[], readonly Reading[]])[]): Kpis {
  const kpis = createKpis(30);
  for (const [place, [trades, readings]] of periods.entries()) {
    addPeriod(kpis, settled({ ...period(trades, readings), periodMs: place * 30 * minuteMs }));
  }
  return kpis;
}

describe("the key figures of a run", () => {
  // Noon: Ann generates 3 kWh, uses 1, sells 1.5 to Bob, who takes 1.2. Night: both import.
  const noon = [
    [trade("ann", "bob", 1500, 100_000)],
    [reading("ann", 0, 2000, 3000), reading("bob", 1200, 0)],
  ] as const;
  const night = [[], [reading("ann", 500, 0), reading("bob", 700, 0)]] as const;

  it("are these by hand", () => {
    expect(kpiFigures(kpisOf(noon, night))).toEqual({
      // Boundary: 0.8 kWh out at noon, 1.2 kWh in at night. Consumption 1 + 1.2 + 0.5 + 0.7.
      selfSufficiency: 0.647059,
      selfConsumption: 0.733333,
      localShare: 0.5, // 1.2 of 2.4 kWh
      // Ann 0.15 + 0.5 x 0.0503, Bob -0.15 + 0.3 x 0.04; alone 2 x 0.0503 and -1.2 x 0.1457; the night is the same.
      savings: 0.11139,
      savingsShare: 0.447206,
      importKwh: 1.2,
      exportKwh: 0.8,
      peakImportKw: 2.4,
      peakExportKw: 1.6,
      imbalanceKwh: 0.3,
      imbalanceShare: 0.1, // of 1.5 kWh sold and 1.5 bought
      localShareOfSurplus: 0.6, // 1.2 of 2 kWh
      autarky: 0.294118, // 2.4 of 3.4 kWh drawn, each for itself
      valueTapping: 0.973008, // of 1.2 x (0.1457 - 0.0503)
      meanPricePerKwh: 0.1,
      ...{ cutOrders: 0, cutKwh: 0, cutShare: 0 },
    });
  });

  it("count what the DSO cut, of all that was traded at the gates, once for all corrections", () => {
    const kpis = kpisOf(noon);
    const cutPeriod = { ...settled({ ...period(...night), periodMs: 0 }), cut: { orders: 2, cutWh: 500 } };
    addPeriod(kpis, cutPeriod);
    addPeriod(kpis, { ...settled({ ...period(...noon), periodMs: 1 }), cut: { orders: 1, cutWh: 500 } });
    addCorrection(kpis, cutPeriod, cutPeriod);
    expect(kpiFigures(kpis)).toMatchObject({ cutOrders: 3, cutKwh: 1, cutShare: 0.25 });
    expect(kpiFigures(createKpis(30))).toMatchObject({ cutOrders: 0, cutKwh: 0, cutShare: null });
  });

  it("are a message of the contract", () => {
    const message = kpiMessage(kpisOf(noon, night), Date.parse("2016-08-01T00:30:00Z"));
    expect(message.ts).toBe("2016-08-01T00:30:00Z");
    expect(kpiSchema.strict().parse(message)).toEqual(message);
  });

  it("tell how well the market did as long as that is known of every period", () => {
    const input = { ...period(...noon), periodMs: 0 };
    const quality = { ...qualityOf([], []), surplusMicro: micro(1_000_000), mostSurplusMicro: micro(4_000_000) };
    const kpis = createKpis(30);
    addPeriod(kpis, { ...settled(input), quality });
    expect(kpiSummary(kpis)).toMatchObject({ welfareEfficiency: 0.25, smithsAlpha: null, profitDispersion: null });
    addPeriod(kpis, settled({ ...input, periodMs: 30 * minuteMs }));
    addPeriod(kpis, { ...settled({ ...input, periodMs: 60 * minuteMs }), quality });
    expect(kpiSummary(kpis)).not.toHaveProperty("welfareEfficiency");
  });

  it("tell nothing of it where the sums were begun before it was handed over", () => {
    const { quality: _quality, ...saved } = createKpis(30);
    const kpis = saved as Kpis; // as a state written down by an earlier version
    addPeriod(kpis, { ...settled(period(...noon)), quality: qualityOf([], []) });
    expect(kpiSummary(kpis)).not.toHaveProperty("welfareEfficiency");
    expect(kpiMessage(kpis, 0)).toMatchObject({ periods: 1, tradedKwh: 1.5 });
  });

  it("are told on public/kpi as in the summary of a run, all of them", () => {
    const kpis = kpisOf(noon, night);
    const { v, ts, ...told } = kpiMessage(kpis, 0);
    expect([v, ts]).toEqual([1, "1970-01-01T00:00:00Z"]);
    expect(told).toEqual(kpiSummary(kpis));
    expect(Object.values(told).every((value) => value === null || typeof value === "number")).toBe(true);
  });

  it("tell more in the summary", () => {
    expect(kpiSummary(kpisOf(noon, night))).toMatchObject({
      ...{ periods: 2, generationKwh: 3, consumptionKwh: 3.4, tradedKwh: 1.5, localKwh: 1.2 },
      ...{ energyExchangedWithGridKwh: 2, loadFactor: 0.5, peakToAverageRatio: 1.2, priceVolatility: 0 },
      ...{ participationIndex: 1, energyBalanceIndex: 0.6875, gridDependence: 0.352941 },
      ...{ sellerConcentration: 1, buyerConcentration: 1, priceVariation: 0, meanPriceChange: null },
      referenceCost: 0.24908,
    });
  });

  it("are null where nothing happened", () => {
    expect(kpiFigures(createKpis(30))).toMatchObject({
      ...{ selfSufficiency: null, selfConsumption: null, localShare: null, savings: 0, savingsShare: null },
      meanPricePerKwh: null,
    });
    expect(kpiSummary(createKpis(30))).toMatchObject({
      ...{ loadFactor: null, peakToAverageRatio: null, priceVolatility: null, participationIndex: null },
      ...{ equalityIndex: null, energyBalanceIndex: null },
    });
  });

  it("give no share of savings where the supplier alone would have cost nothing", () => {
    expect(kpiFigures(kpisOf([[], [reading("ann", 0, 1000)]])).savingsShare).toBeNull();
  });

  it("take the volatility of prices over the periods with trades, each counting alike", () => {
    const at = (price: number, energyWh: number) =>
      [[trade("ann", "bob", energyWh, price)], [reading("ann", 0, energyWh), reading("bob", energyWh, 0)]] as const;
    const summary = kpiSummary(kpisOf(at(80_000, 1000), night, at(120_000, 3000)));
    expect(summary).toMatchObject({ priceVolatility: 0.02, meanPricePerKwh: 0.11, priceVariation: 0.2 });
    // One step from 0.08 to 0.12: nothing for its logarithm to vary about.
    expect(summary).toMatchObject({ meanPriceChange: 0.04, priceLogReturnDeviation: 0 });
    const more = kpiSummary(kpisOf(at(80_000, 1000), at(120_000, 3000), at(80_000, 500)));
    expect(more.priceLogReturnDeviation).toBeCloseTo(Math.log(1.5), 6);
    // A price below 0 has no logarithm: its pairs are left out.
    expect(kpiSummary(kpisOf(at(80_000, 1000), at(-10_000, 500))).priceLogReturnDeviation).toBeNull();
  });

  it("tell the carbon of what the community took from the grid, corrections included", () => {
    const kpis = createKpis(30);
    const before = {
      ...settled(period([], [reading("ann", 2000, 0), reading("bob", 0, 500)])),
      carbonMilligramPerKwh: 200_000,
    };
    addPeriod(kpis, before);
    expect(kpiFigures(kpis).carbonKg).toBe(0.3);
    const after = {
      ...settled(period([], [reading("ann", 1000, 0), reading("bob", 0, 500)])),
      carbonMilligramPerKwh: 200_000,
    };
    addCorrection(kpis, before, after);
    expect(kpiFigures(kpis).carbonKg).toBe(0.1);
    expect(kpiFigures(kpisOf(noon))).not.toHaveProperty("carbonKg");
  });

  it("measure how few sell and buy: one of two who sells three quarters gives 0.625", () => {
    const readings = [reading("ann", 0, 3000), reading("cleo", 0, 1000), reading("bob", 4000, 0)];
    const summary = kpiSummary(
      kpisOf([[trade("ann", "bob", 3000, 100_000), trade("cleo", "bob", 1000, 100_000)], readings]),
    );
    expect([summary.sellerConcentration, summary.buyerConcentration]).toEqual([0.625, 1]);
  });

  it("count the energy of half an hour as twice the power, of five minutes as twelve times", () => {
    const kpis = createKpis(5);
    addPeriod(kpis, settled(period([], [reading("ann", 250, 0)])));
    expect(kpiFigures(kpis).peakImportKw).toBe(3);
  });
});

describe("with storage", () => {
  // A load of 1 kWh with 4 kWh charged from the grid, then four periods on the battery.
  const charging = [[], [reading("ann", 5000, 0)]] as const;
  const onBattery = [[], [reading("ann", 0, 0)]] as const;

  it("self-sufficiency from the boundary is 0 where all energy came from the grid, not the gross form's -4", () => {
    const kpis = kpisOf(charging, onBattery, onBattery, onBattery, onBattery);
    expect(kpiFigures(kpis).selfSufficiency).toBe(0);
    expect(1 - kpiFigures(kpis).importKwh / 1).toBe(-4);
  });

  it("stored generation that is used at home later counts as used at home, as in the fixture of two houses", () => {
    // House 1: 10 kWh, of them 1 own load, 5 to storage, 4 to house 2; later storage gives 2 to own load, 3 to house 2.
    const day = [[trade("h1", "h2", 4000, 100_000)], [reading("h1", 0, 4000, 10_000), reading("h2", 4000, 0)]] as const;
    const evening = [[trade("h1", "h2", 3000, 100_000)], [reading("h1", 0, 3000, 0), reading("h2", 3000, 0)]] as const;
    expect(kpiFigures(kpisOf(day, evening))).toMatchObject({ selfSufficiency: 1, selfConsumption: 1, localShare: 1 });
  });
});

describe("without storage", () => {
  /** Generation and load of each of four homes; what is more of the two passes the meter. */
  const homes = fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { minLength: 4, maxLength: 4 });
  const days = fc.array(homes, { minLength: 1, maxLength: 5 });
  const metersOf = (home: readonly (readonly [number, number])[]): Reading[] =>
    home.map(([generationWh, loadWh], index) =>
      reading(`h${index}`, Math.max(0, loadWh - generationWh), Math.max(0, generationWh - loadWh), generationWh),
    );

  it("both shares lie between 0 and 1 and meet in the energy used at home: SS x demand = SC x generation", () => {
    fc.assert(
      fc.property(days, (run) => {
        const kpis = kpisOf(...run.map((home) => [[], metersOf(home)] as const));
        const { selfSufficiency, selfConsumption } = kpiFigures(kpis);
        const demandWh = run.flat().reduce((sum, [, loadWh]) => sum + loadWh, 0);
        const generationWh = run.flat().reduce((sum, [generated]) => sum + generated, 0);
        expect(kpis.consumptionWh).toBe(demandWh);
        const usedAtHome = run.reduce((sum, home) => {
          const generated = home.reduce((all, [wh]) => all + wh, 0);
          const load = home.reduce((all, [, wh]) => all + wh, 0);
          return sum + Math.min(generated, load);
        }, 0);
        if (demandWh > 0) expect(selfSufficiency).toBeCloseTo(usedAtHome / demandWh, 5);
        else expect(selfSufficiency).toBeNull();
        if (generationWh > 0) expect(selfConsumption).toBeCloseTo(usedAtHome / generationWh, 5);
        else expect(selfConsumption).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it("trading all surplus locally saves the gap of the tariffs on it, at whatever price", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 50_300, max: 145_700 }), (run, price) => {
        let sharedWh = 0;
        const kpis = kpisOf(
          ...run.map((home) => {
            const readings = metersOf(home);
            const trades = matchAll(readings, price);
            sharedWh += trades.reduce((sum, { energyWh }) => sum + energyWh, 0);
            return [trades, readings] as const;
          }),
        );
        const gap = (tariff.importMicroPerKwh - tariff.exportMicroPerKwh) / 1_000_000;
        const { savings } = kpiFigures(kpis);
        // Each line's value is rounded to a millionth.
        expect(Math.abs(savings - (gap * sharedWh) / 1000)).toBeLessThan(0.0001);
        expect(savings).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  /** Every surplus meets every deficit until one of them is gone. */
  function matchAll(readings: readonly Reading[], price: number): Trade[] {
    const left = readings.map(({ participant, importWh, exportWh }) => ({
      participant,
      importWh: +importWh,
      exportWh: +exportWh,
    }));
    return left.flatMap((seller) =>
      left.flatMap((buyer) => {
        const energyWh = Math.min(seller.exportWh, buyer.importWh);
        seller.exportWh -= energyWh;
        buyer.importWh -= energyWh;
        return energyWh > 0 ? [trade(seller.participant, buyer.participant, energyWh, price)] : [];
      }),
    );
  }
});

describe("equality of incomes", () => {
  it("is 1 where all got the same and 0.5 where one of two got all", () => {
    const equal = kpisOf([[], [reading("ann", 0, 1000), reading("bob", 0, 1000)]]);
    expect(kpiSummary(equal).equalityIndex).toBe(1);
    const unequal = kpisOf([[], [reading("ann", 0, 1000), reading("bob", 0, 0)]]);
    expect(kpiSummary(unequal).equalityIndex).toBe(0.5);
  });

  it("is measured from the lowest where someone paid", () => {
    const paying = kpisOf([[], [reading("ann", 1000, 0), reading("bob", 0, 0)]]);
    expect(kpiSummary(paying).equalityIndex).toBe(0.5);
  });
});

describe("a corrected period", () => {
  it("keeps the peaks of the others where its estimate was the largest", () => {
    const kpis = createKpis(30);
    const other = { ...period([], [reading("ann", 700, 0)]), periodMs: 0 };
    addPeriod(kpis, settled(other));
    const estimated = period([], [reading("ann", 900, 0)]);
    addPeriod(kpis, settled(estimated));
    expect(kpiFigures(kpis).peakImportKw).toBe(1.8);
    addCorrection(kpis, settled(estimated), settled(period([], [reading("ann", 0, 400)])));
    expect(kpiFigures(kpis)).toMatchObject({ peakImportKw: 1.4, peakExportKw: 0.8 });
  });

  it("leaves the peaks of those that may be corrected no more, which take no memory", () => {
    const kpis = createKpis(30);
    const readings = [reading("ann", 700, 0), reading("ann", 0, 600), reading("ann", 500, 0)];
    for (const [place, one] of readings.entries()) addPeriod(kpis, settled({ ...period([], [one]), periodMs: place }));
    for (const place of [0, 1, 1]) closePeriod(kpis, place);
    expect([...kpis.netWh.keys()]).toEqual([2]);
    const estimated = { ...period([], [reading("ann", 900, 0)]), periodMs: 3 };
    addPeriod(kpis, settled(estimated));
    addCorrection(kpis, settled(estimated), settled({ ...estimated, readings: [reading("ann", 0, 0)] }));
    expect(kpiFigures(kpis)).toMatchObject({ peakImportKw: 1.4, peakExportKw: 1.2 });
  });

  it("leaves the figures of the right reading at once, peaks included", () => {
    fc.assert(
      fc.property(anyPeriod, anyReading, (input, late) => {
        const { input: correctedInput, before, after } = correctPeriod(input, late);
        const kpis = createKpis(30);
        addPeriod(kpis, { ...input, settlement: before });
        addCorrection(kpis, { ...input, settlement: before }, { ...correctedInput, settlement: after });
        const atOnce = createKpis(30);
        addPeriod(atOnce, { ...correctedInput, settlement: after });
        expect(kpis).toEqual(atOnce);
      }),
      { numRuns: 300 },
    );
  });
});
