import { describe, expect, it } from "vitest";
import type { BillLine } from "../../../market/facts.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { type Wh, wh } from "../../../shared/units.js";
import { type Choices, period, reading, trade } from "./settlement-cases.js";

/** Settles under `full`; `notified` in Wh, positive = feeds in. */
function settle(
  trades: Parameters<typeof period>[0],
  readings: Parameters<typeof period>[1],
  notified: Record<string, number>,
  imbalancePrice: NonNullable<Choices["imbalancePrice"]> = "dual",
): PeriodSettlement {
  const positions = new Map<string, Wh>(Object.entries(notified).map(([id, energyWh]) => [id, wh(energyWh)]));
  return settlePeriod(period(trades, readings, { positions, terms: { imbalance: "full", imbalancePrice } }));
}

function linesOf(settlement: PeriodSettlement, participant: string): [BillLine["kind"], number, number, number][] {
  const lines = settlement.participants.find((settled) => settled.participant === participant)?.lines ?? [];
  return lines.map((line) => [line.kind, line.energyWh, line.priceMicroPerKwh, line.amountMicro]);
}

describe("the table of GB imbalance (thesis 2.1.2)", () => {
  // Each alone with its supplier: notified 1 kWh, contracted with nobody.
  const cases = [
    ["under-consumes is paid the system sell price", -1000, [600, 0], ["imbalance", 400, 40_000, 16_000]],
    ["over-generates is paid the system sell price", 1000, [0, 1300], ["imbalance", 300, 40_000, 12_000]],
    ["over-consumes pays the system buy price", -1000, [1500, 0], ["imbalance", -500, 160_000, -80_000]],
    ["under-generates pays the system buy price", 1000, [0, 800], ["imbalance", -200, 160_000, -32_000]],
  ] as const;
  it.each(cases)("who %s", (_title, notifiedWh, [importWh, exportWh], line) => {
    const settlement = settle([], [reading("ann", importWh, exportWh)], { ann: notifiedWh });
    const contracted = notifiedWh < 0 ? ["supply", -1000, 145_700, -145_700] : ["export", 1000, 50_300, 50_300];
    expect(linesOf(settlement, "ann")).toEqual([contracted, line]);
  });
});

describe("imbalance of all that differs from the position", () => {
  it("contracts the rest of the notified position with the own supplier", () => {
    const trades = [trade("ann", "bob", 1000, 100_000)];
    const readings = [reading("ann", 0, 1500), reading("bob", 1800, 0)];
    const settlement = settle(trades, readings, { ann: 1500, bob: -1800 });
    expect(linesOf(settlement, "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["export", 500, 50_300, 25_150],
    ]);
    expect(linesOf(settlement, "bob")).toEqual([
      ["trade", -1000, 100_000, -100_000],
      ["supply", -800, 145_700, -116_560],
    ]);
    expect(settlement.deviationWh).toBe(0);
  });

  it("holds who notified nothing to its contract: what it takes beyond is imbalance, not supply", () => {
    const readings = [reading("ann", 0, 1000), reading("bob", 1300, 0)];
    expect(linesOf(settle([trade("ann", "bob", 1000, 100_000)], readings, {}), "bob")).toEqual([
      ["trade", -1000, 100_000, -100_000],
      ["imbalance", -300, 160_000, -48_000],
    ]);
  });

  it("buys back from the supplier what was sold beyond the position", () => {
    // Ann sold 1 kWh, then notified that she will feed in 0.6 only, and does.
    const readings = [reading("ann", 0, 600), reading("bob", 1000, 0)];
    const settlement = settle([trade("ann", "bob", 1000, 100_000)], readings, { ann: 600 });
    expect(linesOf(settlement, "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["supply", -400, 145_700, -58_280],
    ]);
    expect(settlement.participants[0]).toMatchObject({ contractedWh: 1000, positionWh: 600, deliveredWh: 600 });
  });

  it("is read off the net of both registers", () => {
    const settlement = settle([], [reading("ann", 300, 1000)], { ann: 700 });
    expect(linesOf(settlement, "ann")).toEqual([["export", 700, 50_300, 35_210]]);
  });

  it.each([
    ["dual", 100_000, 40_000, -40_000],
    ["single", 160_000, 64_000, -64_000],
  ] as const)("is netted inside the community first (%s)", (imbalancePrice, price, long, short) => {
    const readings = [reading("ann", 600, 0), reading("bob", 1500, 0)];
    const settlement = settle([], readings, { ann: -1000, bob: -1000 }, imbalancePrice);
    expect(settlement).toMatchObject({ deviationWh: 900, matchedWh: 400 });
    expect(linesOf(settlement, "ann").slice(1)).toEqual([["balancing", 400, price, long]]);
    expect(linesOf(settlement, "bob").slice(1)).toEqual([
      ["balancing", -400, price, short],
      ["imbalance", -100, 160_000, -16_000],
    ]);
  });
});
