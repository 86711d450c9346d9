import { describe, expect, it } from "vitest";
import { isActorPattern, isNodeShown, isShown } from "../../../infra/inspect/actor-patterns.js";

describe("a pattern of actors", () => {
  it.each([
    ["*", true],
    ["bidding", true],
    ["bidding/*", true],
    ["bidding/x7", true],
    ["bidding/bidding-147*", true],
    ["*/x7", true],
    ["bidding/x70", false],
    ["bid", false],
    ["settlement/*", false],
    ["bidding/.*", false],
  ])("%s holds for the period bidding-1470016800000 as bidding/x7: %s", (pattern, holds) => {
    expect(isShown([pattern], "bidding", "x7", "bidding-1470016800000")).toBe(holds);
  });

  it("holds where any of several does, and none holds where there are none", () => {
    expect(isShown(["bot7", "bidding/*"], "bidding", "x7", "bidding")).toBe(true);
    expect(isNodeShown([], "bidding")).toBe(false);
    expect(isNodeShown(["bot*/x0"], "bot12")).toBe(true);
  });

  it.each(["", "a b", "bidding/x7/more", "../etc", "$SYS", "#"])("is refused where it is none: %j", (text) => {
    expect(isActorPattern(text)).toBe(false);
  });
});
