import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  kwFromWatt,
  kwhFromWh,
  majorFromMicro,
  microFromMajor,
  microPerKwhFromMajor,
  onGrid,
  wattFromKw,
  whFromKwh,
} from "../../shared/decimal.js";
import { micro, watt, wh } from "../../shared/units.js";

const energy = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const money = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 });

describe("a decimal on the wire", () => {
  it("is 0.3 where a client adds 0.1 and 0.2", () => {
    expect(whFromKwh(0.1 + 0.2)).toBe(300);
    expect(microFromMajor(0.1 + 0.2)).toBe(300_000);
  });

  it("is taken as on the grid within 1e-9 of it and refused beyond", () => {
    expect(onGrid(0.0010000009, 3)).toBe(1);
    expect(onGrid(0.0009999991, 3)).toBe(1);
    expect(onGrid(0.0010000011, 3)).toBeUndefined();
    expect(onGrid(0.0000010009, 6)).toBe(1);
    expect(onGrid(0.0000010011, 6)).toBeUndefined();
  });

  it("is refused with one decimal too many, and told so", () => {
    expect(() => whFromKwh(0.0005)).toThrow(RangeError);
    expect(() => wattFromKw(1.2345)).toThrow("1.2345 has more than 3 decimals or is too large");
    expect(() => microPerKwhFromMajor(0.1234567)).toThrow("more than 6 decimals");
  });

  it("is exact while it is large, and refused where a double no longer holds its decimals", () => {
    expect(whFromKwh(9_007_199_254.741)).toBe(9_007_199_254_741);
    expect(onGrid(123_456_789.1234, 3)).toBeUndefined();
    expect(onGrid(9_007_199_254_740, 3)).toBe(9_007_199_254_740_000);
    expect(onGrid(9_007_199_254_741, 3)).toBeUndefined();
    expect(onGrid(1e300, 6)).toBeUndefined();
    expect(onGrid(Number.POSITIVE_INFINITY, 3)).toBeUndefined();
    expect(onGrid(Number.NaN, 3)).toBeUndefined();
  });

  it("knows no negative zero, in or out", () => {
    expect(Object.is(whFromKwh(-0), 0)).toBe(true);
    expect(Object.is(kwhFromWh(wh(-0)), 0)).toBe(true);
    expect(Object.is(onGrid(-1e-10, 3), 0)).toBe(true);
  });

  it("keeps every whole number of Wh, W and millionths on its way out and in", () => {
    fc.assert(
      fc.property(energy, money, (whole, sum) => {
        expect(whFromKwh(kwhFromWh(wh(whole)))).toBe(whole);
        expect(wattFromKw(kwFromWatt(watt(whole)))).toBe(whole);
        expect(microFromMajor(majorFromMicro(micro(sum)))).toBe(sum);
        expect(microPerKwhFromMajor(majorFromMicro(micro(whole)))).toBe(whole);
      }),
    );
  });

  it("prints without noise: the text in JSON has at most the decimals of its unit", () => {
    fc.assert(
      fc.property(energy, money, (whole, sum) => {
        const decimalsOf = (text: string) => text.split(".")[1]?.length ?? 0;
        expect(decimalsOf(JSON.stringify(kwhFromWh(wh(whole))))).toBeLessThanOrEqual(3);
        fc.pre(Math.abs(sum) >= 1); // below a millionth JSON would write 1e-7: there is no such sum
        expect(decimalsOf(JSON.stringify(majorFromMicro(micro(sum))))).toBeLessThanOrEqual(6);
      }),
    );
  });

  it("survives what a client's sums do to it, within a billionth", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 30 }), (parts) => {
        const kwh = parts.reduce((sum, part) => sum + part / 1000, 0);
        expect(whFromKwh(kwh)).toBe(parts.reduce((sum, part) => sum + part, 0));
      }),
    );
  });
});
