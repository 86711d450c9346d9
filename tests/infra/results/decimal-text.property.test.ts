import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalText, wholeFromText } from "../../../infra/results/decimal-text.js";

describe("a whole number as decimal text", () => {
  it.each([
    [800, 3, "0.8"],
    [-39_200, 6, "-0.0392"],
    [0, 3, "0"],
    [-1, 3, "-0.001"],
    [12_000, 3, "12"],
    [9_007_199_254_740_991, 6, "9007199254.740991"],
  ] as const)("%i with %i decimals is %s", (value, decimals, text) => {
    expect(decimalText(value, decimals)).toBe(text);
  });

  it("has no noise, no trailing zeros, and says the number exactly", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(3 as const, 6 as const), (value, decimals) => {
        const text = decimalText(value, decimals);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        const [whole = "", fraction = ""] = text.split(".");
        expect(BigInt(whole + fraction.padEnd(decimals, "0"))).toBe(BigInt(value));
        expect(wholeFromText(text, decimals)).toBe(value);
      }),
    );
  });

  it.each(["", "-0", "01", "1.", ".5", "1.50", "1.0", "1e3", "+1", " 1", "1.2345", "9007199254740992"])(
    "is read back only as it was written, not as %j",
    (text) => {
      expect(wholeFromText(text, 3)).toBeUndefined();
    },
  );

  it("is refused for what is no whole number", () => {
    for (const bad of [0.5, Number.NaN, 2 ** 53]) expect(() => decimalText(bad, 3)).toThrow(RangeError);
  });
});
