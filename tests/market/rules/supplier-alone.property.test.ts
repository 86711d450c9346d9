import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addPeriod, createKpis } from "../../../market/rules/kpi.js";
import { kpiSummary } from "../../../market/rules/kpi-figures.js";
import { settlePeriod } from "../../../market/rules/settlement.js";
import { feesOf } from "../../../market/rules/settlement-fees.js";
import { supplierAlone } from "../../../market/rules/supplier-alone.js";
import { anyPeriod, anySettlementTerms, period, reading, trade } from "./settlement-cases.js";

const withoutTrades = anyPeriod.map((input) => ({
  ...input,
  trades: [],
  positions: new Map(),
  terms: { ...input.terms, imbalance: "promised" as const },
}));

describe("what a participant would have got with its supplier alone", () => {
  it("is its bill of a period in which nobody trades, charges and tax included", () => {
    fc.assert(
      fc.property(withoutTrades, (input) => {
        const fees = feesOf(input);
        for (const { participant, totalMicro } of settlePeriod(input).participants) {
          const reading = input.readings.find((one) => one.participant === participant);
          const tariff = input.tariffs.get(participant);
          expect(reading && tariff && supplierAlone(reading, tariff, fees)).toBe(totalMicro);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("leaves nobody savings or losses where nobody trades, whatever the charges", () => {
    fc.assert(
      fc.property(withoutTrades, (input) => {
        const kpis = createKpis(input.periodMinutes);
        addPeriod(kpis, { ...input, settlement: settlePeriod(input) });
        const { savings, cost, referenceCost, participationIndex } = kpiSummary(kpis);
        expect({ savings, referenceCost }).toEqual({ savings: 0, referenceCost: cost });
        expect(participationIndex).toBe(input.readings.length === 0 ? null : 1);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps value tapping the same, whatever the charges, where all that is fed in is sold to neighbours", () => {
    const trades = [trade("ann", "bob", 1000, 100_000)];
    const readings = [reading("ann", 0, 1000), reading("bob", 1500, 0)];
    fc.assert(
      fc.property(anySettlementTerms, (terms) => {
        const input = { ...period(trades, readings), terms: { ...terms, imbalance: "promised" as const } };
        const kpis = createKpis(input.periodMinutes);
        addPeriod(kpis, { ...input, settlement: settlePeriod(input) });
        expect(kpiSummary(kpis).valueTapping).toBe(1);
      }),
      { numRuns: 100 },
    );
  });
});
