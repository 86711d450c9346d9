import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrice, turnoverOf, valueOfEnergy } from "../../../market/rules/value.js";

describe("the value of energy", () => {
  it("is energy times price, a thousandth for Wh", () => {
    expect(valueOfEnergy(400, 98_000)).toBe(39_200);
    expect(valueOfEnergy(-400, 98_000)).toBe(-39_200);
    expect(valueOfEnergy(0, -5)).toBe(0);
  });

  it("rounds a half to the even millionth, on both sides of zero", () => {
    expect([500, 1500, 2500, 501, 499].map((price) => valueOfEnergy(1, price))).toEqual([0, 2, 2, 1, 0]);
    expect([500, 1500, 2500, 501, 499].map((price) => valueOfEnergy(-1, price))).toEqual([0, -2, -2, -1, 0]);
  });

  it("is refused where no whole number can hold it", () => {
    expect(() => valueOfEnergy(Number.MAX_SAFE_INTEGER, 1_000_000)).toThrow(RangeError);
  });

  it("is what exact arithmetic says, also beyond 2^53", () => {
    const big = fc.integer({ min: -3_000_000_000, max: 3_000_000_000 });
    fc.assert(
      fc.property(big, big, (energyWh, price) => {
        const value = BigInt(valueOfEnergy(energyWh, price)) * 1000n;
        const off = value - BigInt(energyWh) * BigInt(price);
        const distance = off < 0n ? -off : off;
        expect(distance <= 500n).toBe(true);
        if (distance === 500n) expect((value / 1000n) % 2n).toBe(0n);
        expect(valueOfEnergy(-energyWh, price) + valueOfEnergy(energyWh, price)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("an average price", () => {
  it("is weighted by energy and rounded down, also below zero", () => {
    const parts = [
      { energyWh: 1, priceMicroPerKwh: 10 },
      { energyWh: 2, priceMicroPerKwh: 11 },
    ];
    expect(averagePrice(turnoverOf(parts), 3)).toBe(10);
    expect(
      averagePrice(turnoverOf(parts.map((part) => ({ ...part, priceMicroPerKwh: -part.priceMicroPerKwh }))), 3),
    ).toBe(-11);
  });

  it("of nothing is null", () => {
    expect(averagePrice(turnoverOf([]), 0)).toBeNull();
  });
});
