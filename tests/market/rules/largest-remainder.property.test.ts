import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { share } from "../../../market/rules/largest-remainder.js";

const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });

describe("sharing whole units by largest remainder", () => {
  it("gives the leftover unit to the largest remainder, and in a tie to the earlier", () => {
    expect(share(10, [5, 3, 1])).toEqual([6, 3, 1]);
    expect(share(1, [1, 1, 1])).toEqual([1, 0, 0]);
    expect(share(2, [1, 1, 1])).toEqual([1, 1, 0]);
    expect(share(0, [])).toEqual([]);
  });

  it("stays exact where a product of two numbers exceeds what a double holds", () => {
    const large = 3_000_000_000_001;
    expect(share(large, [large, large])).toEqual([1_500_000_000_001, 1_500_000_000_000]);
  });

  it("refuses units that nobody can take, parts of units and negative ones", () => {
    expect(() => share(1, [0, 0])).toThrow(RangeError);
    expect(() => share(0.5, [1])).toThrow(RangeError);
    expect(() => share(1, [-1, 2])).toThrow(RangeError);
  });

  it("hands out every unit, each share within one of its proportion, and none to a weight of zero", () => {
    fc.assert(
      fc.property(weights, fc.nat(5000), (weighed, units) => {
        const sum = weighed.reduce((one, other) => one + other, 0);
        fc.pre(sum > 0);
        const shares = share(units, weighed);
        expect(shares.reduce((one, other) => one + other, 0)).toBe(units);
        for (const [index, weight] of weighed.entries()) {
          const given = shares[index] ?? Number.NaN;
          expect(Math.abs(given - (units * weight) / sum)).toBeLessThan(1);
          if (weight === 0) expect(given).toBe(0);
          if (units <= sum) expect(given).toBeLessThanOrEqual(weight);
        }
      }),
      { numRuns: 300 },
    );
  });
});
