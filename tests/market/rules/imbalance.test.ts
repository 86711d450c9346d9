import { describe, expect, it } from "vitest";
import { netDeviations } from "../../../market/rules/imbalance.js";
import { microPerKwh } from "../../../shared/units.js";

const prices = { systemBuyMicroPerKwh: microPerKwh(160_001), systemSellMicroPerKwh: microPerKwh(40_000) };

/** Wh netted within the community and Wh left to the supplier, of each deviation. */
function net(...deviations: number[]): [number, number][] {
  const { balancedWh } = netDeviations(deviations, prices, "dual");
  return balancedWh.map((balanced, index) => [balanced, (deviations[index] ?? 0) - balanced]);
}

describe("netting within the community", () => {
  it("matches the smaller side wholly and shares it among the larger in proportion", () => {
    expect(net(-300, 100, -100, 100)).toEqual([
      [-150, -150],
      [100, 0],
      [-50, -50],
      [100, 0],
    ]);
  });

  it("gives the Wh that cannot be split to the largest remainder, of equals to the earlier", () => {
    expect(net(10, 10, 10, -20).map(([balancedWh]) => balancedWh)).toEqual([7, 7, 6, -20]);
    expect(net(1, 2, -1).map(([balancedWh]) => balancedWh)).toEqual([0, 1, -1]);
  });

  it("leaves everything to the supplier where all deviate the same way, and nothing where nobody deviates", () => {
    expect(net(-5, -7, 0)).toEqual([
      [0, -5],
      [0, -7],
      [0, 0],
    ]);
    expect(net(0, 0)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("prices of imbalance", () => {
  const table = [
    ["dual", -1, 100_000, 160_001],
    ["dual", 1, 100_000, 40_000],
    ["single", -1, 160_001, 160_001],
    ["single", 1, 40_000, 40_000],
  ] as const;
  it.each(table)("%s, the community %d Wh out: netted at %d, the rest at %d", (rule, netWh, balancing, imbalance) => {
    const deviations = [50, -50, netWh];
    expect(netDeviations(deviations, prices, rule)).toMatchObject({
      balancingPriceMicroPerKwh: balancing,
      imbalancePriceMicroPerKwh: imbalance,
    });
  });

  it.each(["dual", "single"] as const)("a balanced community nets at the middle, rounded down (%s)", (rule) => {
    const deviations = [50, -50];
    expect(netDeviations(deviations, prices, rule).balancingPriceMicroPerKwh).toBe(100_000);
  });
});
