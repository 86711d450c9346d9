import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdFor } from "../../../market/rules/credit.js";
import { settlePeriod } from "../../../market/rules/settlement.js";
import type { SettlementTerms } from "../../../market/terms.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { anySettlementTerms, period, reading, trade } from "./settlement-cases.js";

const anyEnergy = fc.integer({ min: 1, max: 5000 });
const anyPrice = fc.integer({ min: -300_000, max: 500_000 });
const anyGain = fc.integer({ min: 0, max: 100_000 });

/** No standing charge, which no order brings. */
const withoutStanding = anySettlementTerms.map((terms): SettlementTerms => {
  return { ...terms, imbalance: "promised", standingChargeMicroPerDay: micro(0) };
});

function billed(participant: string, price: number, energyWh: number, deliveredWh: number, terms: SettlementTerms) {
  const readings = [reading("ann", 0, deliveredWh), reading("bob", energyWh, 0)];
  const input = { ...period([trade("ann", "bob", energyWh, price)], readings), terms };
  const { systemBuyMicroPerKwh } = input;
  const settled = settlePeriod(input).participants.find((one) => one.participant === participant);
  return { paidMicro: -(settled?.totalMicro ?? Number.NaN), hold: { fees: terms, systemBuyMicroPerKwh } };
}

describe("a hold", () => {
  it("covers what a buyer is billed, fees and tax included, who takes what it bought at its limit or better", () => {
    fc.assert(
      fc.property(anyEnergy, anyPrice, anyGain, withoutStanding, (energyWh, limit, gain, terms) => {
        const { paidMicro, hold } = billed("bob", limit - gain, energyWh, energyWh, terms);
        const order = { side: "buy", energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(limit) } as const;
        expect(paidMicro).toBeLessThanOrEqual(holdFor(order, hold));
      }),
      { numRuns: 500 },
    );
  });

  it("covers what a seller loses, tax aside, whatever of its sale it delivers", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyEnergy, anyPrice, anyGain, share, withoutStanding, (energyWh, ask, gain, delivered, taxed) => {
        const terms = { ...taxed, vatMillionths: 0 };
        const { paidMicro, hold } = billed("ann", ask + gain, energyWh, Math.floor(energyWh * delivered), terms);
        const order = { side: "sell", energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(ask) } as const;
        expect(paidMicro).toBeLessThanOrEqual(holdFor(order, hold));
      }),
      { numRuns: 500 },
    );
  });
});
