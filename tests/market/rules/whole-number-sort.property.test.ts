import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortedByWholeNumber } from "../../../market/rules/whole-number-sort.js";

/** Few items are compared, many are sorted by digits. */
const few = { maxLength: 30 };
const many = { minLength: 129, maxLength: 180 };
const keys = fc.oneof(
  ...[few, many].flatMap((length) => [
    fc.array(fc.integer({ min: -3, max: 3 }), length),
    fc.array(fc.integer({ min: -5000, max: 5000 }), length),
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), length),
  ]),
);
/** As many as are sorted by digits. */
const repeated = (numbers: readonly number[]): number[] => Array.from({ length: 50 }, () => numbers).flat();

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
    const numbers = repeated([2 ** 32 - 1, 2 ** 22, 2 ** 11, 0, 2 ** 22 - 1, 2 ** 11 - 1, 2 ** 31, 1]);
    expect(sortedByWholeNumber(numbers, (key) => key)).toEqual([...numbers].sort((one, other) => one - other));
  });

  it("compares a few, however far apart", () => {
    expect(sortedByWholeNumber([2 ** 40, 0, 2 ** 33], (key) => key)).toEqual([0, 2 ** 33, 2 ** 40]);
  });

  it("leaves many keys that span 2^32 or more to another sort", () => {
    expect(sortedByWholeNumber(repeated([0, 1, 2 ** 32]), (key) => key)).toBeUndefined();
    expect(sortedByWholeNumber(repeated([-1, 0, 2 ** 32 - 1]), (key) => key)).toBeUndefined();
  });
});
