import { describe, expect, it } from "vitest";
import { applyCuts } from "../../../market/rules/operating-cuts.js";
import { cut, linesOf, tradesFrom } from "./cut-cases.js";

/** Orders arrive in the order in which they are named. */
const arrived = (...ids: string[]) => new Map(ids.map((id, place) => [id, place + 1]));
const said = ({ cuts }: ReturnType<typeof applyCuts>) =>
  cuts.map(({ orderId, cutWh, askedWh }) => `${orderId} ${askedWh} of ${cutWh}`);

describe("the DSO's cuts", () => {
  it("shrink a contract of the list on both sides", () => {
    const after = applyCuts(tradesFrom("list b1 s1 5 @100"), arrived("s1", "b1"), [cut("b1", 2)]);
    expect(linesOf(after.trades)).toEqual(["list b1 s1 3 @100"]);
    expect(said(after)).toEqual(["b1 2 of 2", "s1 0 of 2"]);
  });

  it("take of an item first what was ordered last on it", () => {
    const trades = tradesFrom("list b1 s1 5 @100", "list b2 s1 5 @100");
    const after = applyCuts(trades, arrived("s1", "b2", "b1"), [cut("s1", 7)]);
    expect(linesOf(after.trades)).toEqual(["list b2 s1 3 @100"]);
    expect(said(after)).toEqual(["b1 0 of 5", "s1 7 of 7", "b2 0 of 2"]);
  });

  it("take of the other side of an auction the one who came last, and leave the price and who broke no limit", () => {
    const trades = tradesFrom("b1 s1 4 @100", "b2 s1 1 @100", "b2 s2 3 @100");
    const after = applyCuts(trades, arrived("s1", "s2", "b1", "b2"), [cut("b1", 2)]);
    expect(linesOf(after.trades)).toEqual(["b1 s1 2 @100", "b2 s1 3 @100", "b2 s2 1 @100"]);
    expect(said(after)).toEqual(["b1 2 of 2", "s2 0 of 2"]);
  });

  it("spare the named of the other side as long as others can bear it", () => {
    const trades = tradesFrom("b1 s1 3 @100", "b1 s2 3 @100");
    const after = applyCuts(trades, arrived("b1", "s1", "s2"), [cut("b1", 5), cut("s2", 1)]);
    expect(said(after)).toEqual(["b1 5 of 5", "s1 0 of 3", "s2 1 of 2"]);
    expect(linesOf(after.trades)).toEqual(["b1 s2 1 @100"]);
  });

  it("serve both where both sides are named", () => {
    const trades = tradesFrom("list b1 s1 4 @100", "list b1 s2 4 @100");
    const after = applyCuts(trades, arrived("s1", "s2", "b1"), [cut("b1", 3), cut("s1", 3)]);
    expect(linesOf(after.trades)).toEqual(["list b1 s1 1 @100", "list b1 s2 4 @100"]);
    expect(said(after)).toEqual(["b1 3 of 3", "s1 3 of 3"]);
  });

  it("go to what the auction gave before what the list gave", () => {
    const trades = tradesFrom("list b1 s1 4 @100", "b1 s2 4 @110");
    const after = applyCuts(trades, arrived("s2", "s1", "b1"), [cut("b1", 5)]);
    expect(linesOf(after.trades)).toEqual(["list b1 s1 3 @100"]);
  });

  it("stay within the pair where pairs have prices of their own", () => {
    const trades = tradesFrom("b1 s1 4 @110", "b2 s2 4 @100");
    const after = applyCuts(trades, arrived("b1", "s1", "b2", "s2"), [cut("b1", 1)]);
    expect(linesOf(after.trades)).toEqual(["b1 s1 3 @110", "b2 s2 4 @100"]);
  });

  it("take the whole order where the DSO asks for more than it traded", () => {
    const after = applyCuts(tradesFrom("b1 s1 4 @110/90"), arrived("b1", "s1"), [cut("s1", 9)]);
    expect(after.trades).toEqual([]);
    expect(said(after)).toEqual(["b1 0 of 4", "s1 4 of 4"]);
  });

  it("tell an order that is named twice the element that asks for more", () => {
    const asked = [cut("b1", 1, "line A"), cut("b1", 2, "node B"), cut("b1", 2, "node C")];
    const { cuts } = applyCuts(tradesFrom("b1 s1 9 @100"), arrived("b1", "s1"), asked);
    expect(cuts.map(({ cutWh, cause }) => [cutWh, cause?.element])).toEqual([
      [5, "node B"],
      [5, undefined],
    ]);
  });
});
