import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthlyTotal } from "../../../market/rules/monthly-statement.js";

const units = fc.constantFrom(10_000, 1_000_000, 1_000, 1);
const amounts = fc.integer({ min: -10_000_000_000, max: 10_000_000_000 });

describe("a month's total in what the currency can pay", () => {
  it.each([
    [-12_345_678, 0, 10_000, -12_350_000, 4_322],
    [12_345_000, 0, 10_000, 12_340_000, 5_000],
    [12_355_000, 0, 10_000, 12_360_000, -5_000],
    [-12_345_000, 0, 10_000, -12_340_000, -5_000],
    [12_345_000, 5_000, 10_000, 12_350_000, 0],
    [1_499_999, 0, 1_000_000, 1_000_000, 499_999],
    [-2_500, 0, 1_000, -2_000, -500],
    [4_000, -4_000, 10_000, 0, 0],
  ])("%i millionths with %i carried in, in units of %i, is %i and carries %i", (exact, carried, unit, payable, out) => {
    const total = monthlyTotal(exact, carried, unit);
    expect([total.payableMicro, total.carriedOutMicro]).toEqual([payable, out]);
  });

  it("keeps every millionth: carried in and exact are payable and carried out", () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: -500_000, max: 500_000 }), units, (exact, carried, unit) => {
        const total = monthlyTotal(exact, carried, unit);
        expect(total.carriedInMicro + total.exactMicro).toBe(total.payableMicro + total.carriedOutMicro);
        expect(Math.abs(total.payableMicro % unit)).toBe(0);
        expect(2 * Math.abs(total.carriedOutMicro)).toBeLessThanOrEqual(unit);
      }),
    );
  });

  it("over any number of months, what was paid differs from the exact total by less than one minor unit", () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 60 }), units, (months, unit) => {
        let [carried, exact, paid] = [0, 0, 0];
        for (const month of months) {
          const total = monthlyTotal(month, carried, unit);
          carried = total.carriedOutMicro;
          exact += month;
          paid += total.payableMicro;
          expect(Math.abs(exact - paid)).toBeLessThan(unit);
        }
      }),
    );
  });

  it("is refused for a unit that is none", () => {
    for (const unit of [0, -1, 0.5]) expect(() => monthlyTotal(1, 0, unit)).toThrow(RangeError);
  });
});
