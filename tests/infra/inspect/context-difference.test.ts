import { describe, expect, it } from "vitest";
import { contextDifference } from "../../../infra/inspect/context-difference.js";
import { withDifference } from "../../../infra/web/inspector/model/context.js";

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

  it("makes the later context of the earlier one also where names have dots, backslashes or nothing in them", () => {
    const before = {
      at: { "10.30": 1, "10": { "30": 2 }, "a\\": 1, "a\\.b": 2 },
      "v1.2": { old: true },
      gone: { "x.y": 1 },
    };
    const after = { at: { "10.30": 5, "10": { "30": 2 }, "a\\": 7, "a\\.b": 8, "": 9 }, "v1.2": {}, gone: {} };
    const difference = contextDifference(before, after);
    expect(difference?.set).toMatchObject({ "at.10\\.30": 5 });
    expect(withDifference(before, difference ?? { set: {}, removed: [] })).toEqual(after);
  });

  it("is the whole context where there was none before", () => {
    expect(contextDifference(undefined, { a: { b: 1 } })).toEqual({ set: { a: { b: 1 } }, removed: [] });
  });
});
