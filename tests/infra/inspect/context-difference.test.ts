import { describe, expect, it } from "vitest";
import { contextDifference } from "../../../infra/inspect/context-difference.js";

describe("the difference between two contexts", () => {
  it("is nothing where nothing differs", () => {
    expect(contextDifference({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 2] } })).toBeUndefined();
  });

  it("names by path what is new, other and gone, at the deepest place that tells it", () => {
    const before = { price: 5, funds: { ann: 1, bob: 2 }, orders: ["o1"], old: true };
    const after = { price: 5, funds: { ann: 3, bob: 2, cy: 4 }, orders: ["o1", "o2"] };
    expect(contextDifference(before, after)).toEqual({
      set: { "funds.ann": 3, "funds.cy": 4, orders: ["o1", "o2"] },
      removed: ["old"],
    });
  });

  it("is the whole context where there was none before", () => {
    expect(contextDifference(undefined, { a: { b: 1 } })).toEqual({ set: { a: { b: 1 } }, removed: [] });
  });
});
