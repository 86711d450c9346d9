import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fairness, levelled } from "../../../market/rules/fairness.js";

const values = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 12 });

describe("fairness", () => {
  it("is this by hand", () => {
    expect(fairness([1, 1, 1, 1])).toEqual({ gini: 0, jain: 1 });
    expect(fairness([0, 0, 0, 8])).toEqual({ gini: 0.75, jain: 0.25 });
    expect(fairness([1, 3])).toEqual({ gini: 0.25, jain: 0.8 });
    expect(fairness([])).toEqual({ gini: null, jain: null });
    expect(fairness([0, 0])).toEqual({ gini: null, jain: null });
    expect(levelled([-2, 0, 3])).toEqual([0, 2, 5]);
  });

  it("is the definition over all pairs, in any order and any unit", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), (income, unit) => {
        const raised = levelled(income);
        const sum = raised.reduce((total, value) => total + value, 0);
        const { gini, jain } = fairness(income);
        if (sum === 0) {
          expect(gini).toBeNull();
          return;
        }
        let pairs = 0;
        for (const one of raised) for (const other of raised) pairs += Math.abs(one - other);
        expect(gini).toBeCloseTo(pairs / (2 * raised.length * sum), 9);
        const squares = raised.reduce((total, value) => total + value * value, 0);
        expect(jain).toBeCloseTo(sum ** 2 / (raised.length * squares), 9);
        expect(jain).toBeLessThanOrEqual(1 + 1e-12);
        expect(jain).toBeGreaterThanOrEqual(1 / raised.length - 1e-12);
        expect(fairness([...income].reverse().map((value) => value * unit)).gini).toBeCloseTo(gini ?? 0, 9);
      }),
    );
  });
});
