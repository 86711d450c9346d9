import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctionOf, correctPeriod, estimatedReading } from "../../../market/rules/estimate.js";
import { assertBalanced, balanceOf, createLedger, post } from "../../../market/rules/ledger.js";
import { settlePeriod } from "../../../market/rules/settlement.js";
import { wh } from "../../../shared/units.js";
import { anyPeriod, anyReading, period, reading, trade } from "./settlement-cases.js";

describe("an estimated reading", () => {
  it("keeps the contract: who sold exported and generated it, who bought imported it", () => {
    expect(estimatedReading("ann", wh(700))).toEqual({
      ...{ participant: "ann", importWh: 0, exportWh: 700, generationWh: 700, quality: "estimated" },
    });
    expect(estimatedReading("bob", wh(-700))).toMatchObject({ importWh: 700, exportWh: 0, generationWh: 0 });
  });

  it("deviates from nothing", () => {
    const trades = [trade("ann", "bob", 700, 100_000)];
    const readings = [estimatedReading("ann", wh(700)), estimatedReading("bob", wh(-700))];
    expect(settlePeriod(period(trades, readings)).deviationWh).toBe(0);
  });
});

describe("a correction", () => {
  it("books the difference on the one whose reading came, and on those it was netted with", () => {
    // Bob, not heard of, was taken to have kept his contract; Ann was short of 0.2 kWh. Bob had really left 0.3 kWh.
    const readings = [reading("ann", 0, 800), estimatedReading("bob", wh(-1000))];
    const { correction } = correctPeriod(
      period([trade("ann", "bob", 1000, 100_000)], readings),
      reading("bob", 700, 0),
    );
    expect([...correction.lines]).toEqual([
      ["ann", { kind: "correction", energyWh: 0, priceMicroPerKwh: 0, amountMicro: 32_000 - 20_000 }],
      ["bob", { kind: "correction", energyWh: 300, priceMicroPerKwh: 0, amountMicro: 20_000 + 4000 }],
    ]);
  });

  it("of a reading that says the same books nothing", () => {
    const input = period([trade("ann", "bob", 1000, 100_000)], [reading("ann", 0, 800), reading("bob", 900, 0)]);
    const { correction } = correctPeriod(input, reading("bob", 900, 0));
    expect(correction.lines.size).toBe(0);
    expect(correction.entries).toEqual([]);
  });

  it("is refused for who had no reading and between different periods", () => {
    const input = period([], [reading("ann", 0, 800)]);
    expect(() => correctPeriod(input, reading("bob", 1, 0))).toThrow("bob has none");
    const other = settlePeriod({ ...input, periodMs: input.periodMs + 1 });
    expect(() => correctionOf(settlePeriod(input), other)).toThrow("within its period");
  });

  it("after the estimate leaves every account as the right reading at once would have", () => {
    fc.assert(
      fc.property(anyPeriod, anyReading, (input, late) => {
        const { before, after, correction, input: corrected } = correctPeriod(input, late);
        const ledger = createLedger();
        post(ledger, input.periodMs, before.entries);
        post(ledger, input.periodMs, correction.entries);
        assertBalanced(ledger);
        const atOnce = createLedger();
        const right = settlePeriod(corrected);
        post(atOnce, input.periodMs, right.entries);
        for (const account of [...atOnce.balances.keys(), ...ledger.balances.keys()]) {
          expect(balanceOf(ledger, account)).toBe(balanceOf(atOnce, account));
        }
        expect(after).toEqual(right);
        for (const settled of before.participants) {
          const line = correction.lines.get(settled.participant);
          const twin = right.participants.find(({ participant }) => participant === settled.participant);
          expect(settled.totalMicro + (line?.amountMicro ?? 0)).toBe(twin?.totalMicro);
          expect(settled.meteredWh + (line?.energyWh ?? 0)).toBe(twin?.meteredWh);
        }
      }),
      { numRuns: 300 },
    );
  });
});
