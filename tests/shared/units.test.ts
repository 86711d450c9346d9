import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micro, microPerKwh, watt, wh } from "../../shared/units.js";

const makers = [
  { name: "energy", make: wh, unit: "Wh" },
  { name: "power", make: watt, unit: "W" },
  { name: "price", make: microPerKwh, unit: "millionths per kWh" },
  { name: "money", make: micro, unit: "millionths" },
] as const;

describe.each(makers)("a quantity of $name", ({ name, make, unit }) => {
  it("takes every whole number as it is", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(make(value)).toBe(value);
      }),
    );
  });

  it("refuses fractions, what a double cannot hold exactly, and no number at all", () => {
    for (const bad of [0.5, 1e-14, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => make(bad)).toThrow(RangeError);
    }
  });

  it("says in its refusal what it is and what came", () => {
    expect(() => make(0.25)).toThrow(`${name} must be a whole number of ${unit}, got 0.25`);
  });

  it("knows no negative zero", () => {
    expect(Object.is(make(-0), 0)).toBe(true);
  });
});
