import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertBalanced, balanceOf, createLedger, netOf, post } from "../../../market/rules/ledger.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { localTradeWh } from "../../../market/rules/settlement-position.js";
import { anyPeriod } from "./settlement-cases.js";

const runs = { numRuns: 300 };
const participantsMoney = (settlement: PeriodSettlement): number =>
  settlement.participants.reduce((sum, { totalMicro }) => sum + totalMicro, 0);

/** Energy of all lines of some kinds. */
function energyOf(settlement: PeriodSettlement, ...kinds: string[]): number {
  const lines = settlement.participants.flatMap(({ lines }) => lines);
  return lines.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { energyWh }) => sum + energyWh, 0);
}

describe("any settlement", () => {
  it("moves money without making any: what participants get, the other accounts pay", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const ledger = createLedger();
        post(ledger, input.periodMs, settlement.entries);
        assertBalanced(ledger);
        const others = ["supplier", "market", "rounding", "balancing"].map((account) => balanceOf(ledger, account));
        expect(participantsMoney(settlement) + others.reduce((sum, balance) => sum + balance, 0)).toBe(0);
        for (const { participant, totalMicro } of settlement.participants) {
          expect(balanceOf(ledger, `participant:${participant}`)).toBe(totalMicro);
        }
      }),
      runs,
    );
  });

  it("bills each one exactly the energy that its meter shows", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const { participants } = settlePeriod(input);
        for (const { importWh, exportWh, participant } of input.readings) {
          const lines = participants.find((settled) => settled.participant === participant)?.lines ?? [];
          expect(lines.reduce((sum, line) => sum + line.energyWh, 0)).toBe(exportWh - importWh);
        }
      }),
      runs,
    );
  });

  it("trades and balances within the community, and asks the supplier for its net alone", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const net = input.readings.reduce((sum, { importWh, exportWh }) => sum + exportWh - importWh, 0);
        expect(energyOf(settlement, "trade")).toBe(0);
        expect(energyOf(settlement, "balancing")).toBe(0);
        expect(energyOf(settlement, "supply", "export", "imbalance")).toBe(net);
      }),
      runs,
    );
  });

  it("leaves the net imbalance to one side and matches the smaller side wholly", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const shortWh = settlement.participants.reduce((sum, settled) => sum + settled.shortWh, 0);
        const longWh = settlement.participants.reduce((sum, settled) => sum + settled.longWh, 0);
        const rests = settlement.participants.flatMap(({ lines }) => lines.filter(({ kind }) => kind === "imbalance"));
        expect(new Set(rests.map(({ energyWh }) => Math.sign(energyWh))).size).toBeLessThanOrEqual(1);
        expect(energyOf(settlement, "imbalance")).toBe(longWh - shortWh);
        expect(settlement.matchedWh).toBe(Math.min(shortWh, longWh));
        expect(settlement.deviationWh).toBe(shortWh + longWh);
      }),
      runs,
    );
  });

  it("costs rounding at most half a millionth for each balancing line", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const balancing = settlement.participants.flatMap(({ lines }) =>
          lines.filter(({ kind }) => kind === "balancing"),
        );
        const left = Math.abs(netOf(settlement.entries).get("rounding") ?? 0);
        expect(left).toBeLessThanOrEqual(balancing.length / 2);
      }),
      runs,
    );
  });

  it("does not depend on the order in which readings come", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const reversed = { ...input, readings: [...input.readings].reverse() };
        expect(settlePeriod(reversed)).toEqual(settlePeriod(input));
      }),
      runs,
    );
  });

  it("counts as local what buyers took against their contracts", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const buyers = settlePeriod(input).participants.filter(({ contractedWh }) => contractedWh < 0);
        const taken = buyers.reduce((sum, { deliveredWh }) => sum + deliveredWh, 0);
        expect(localTradeWh(input.trades, input.readings)).toBe(taken);
      }),
      runs,
    );
  });
});
