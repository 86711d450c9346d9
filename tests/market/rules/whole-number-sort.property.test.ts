import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortedByWholeNumber } from "../../../market/rules/whole-number-sort.js";

const keys = fc.oneof(
  fc.array(fc.integer({ min: -3, max: 3 })),
  fc.array(fc.integer({ min: -5000, max: 5000 })),
  fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
);

describe("sorting by whole numbers", () => {
  it("gives what a stable sort by comparison gives", () => {
    fc.assert(
      fc.property(keys, (numbers) => {
        const items = numbers.map((key, place) => ({ key, place }));
        const expected = [...items].sort((one, other) => one.key - other.key || one.place - other.place);
        expect(sortedByWholeNumber(items, ({ key }) => key)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("sorts by every digit", () => {
    const numbers = [2 ** 32 - 1, 2 ** 22, 2 ** 11, 0, 2 ** 22 - 1, 2 ** 11 - 1, 2 ** 31, 1];
    expect(sortedByWholeNumber(numbers, (key) => key)).toEqual([...numbers].sort((one, other) => one - other));
  });

  it("leaves keys that span 2^32 or more to another sort", () => {
    expect(sortedByWholeNumber([0, 2 ** 32], (key) => key)).toBeUndefined();
    expect(sortedByWholeNumber([-1, 2 ** 32 - 1], (key) => key)).toBeUndefined();
  });
});
