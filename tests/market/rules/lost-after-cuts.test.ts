import { describe, expect, it } from "vitest";
import type { Trade } from "../../../market/facts.js";
import { lostAfterCuts } from "../../../market/rules/lost-after-cuts.js";
import { applyCuts, type OperatingCut } from "../../../market/rules/operating-cuts.js";
import { positionsAfterCuts } from "../../../market/rules/positions-after-cuts.js";
import { createRatings, promise, rate, reliability } from "../../../market/rules/reliability.js";
import { settlePeriod } from "../../../market/rules/settlement.js";
import { contractsOf } from "../../../market/rules/settlement-position.js";
import { cut } from "./cut-cases.js";
import { period, reading, trade } from "./settlement-cases.js";

/** On the list, where an order has no other side than its own. */
const listed = (seller: string, buyer: string, energyWh: number): Trade => {
  return { ...trade(seller, buyer, energyWh, 100_000), mechanism: "listing" };
};
/** By another order of the same buyer. */
const again = (bought: Trade): Trade => ({ ...bought, buyOrder: `${bought.buyOrder}-again` });
const people = ["ann", "bob", "cleo"];

function cutPeriod(trades: readonly Trade[], ...asked: OperatingCut[]) {
  const after = applyCuts(
    trades,
    new Map(
      people.flatMap((id, place) => [
        [`b-${id}`, place],
        [`s-${id}`, place],
        [`b-${id}-again`, place],
      ]),
    ),
    asked,
  );
  const lost = lostAfterCuts(after);
  /** What Ann is billed who imports and exports that much: energy and amount by kind. */
  const billOf = (importWh: number, exportWh: number) => {
    const readings = [reading("ann", importWh, exportWh), reading("bob", 0, 0), reading("cleo", 0, 0)];
    const told = new Map(lost.map(({ participant, energyWh }) => [participant, energyWh]));
    const { participants } = settlePeriod({ ...period(after.trades, readings), lost: told });
    return participants[0]?.lines.map(({ kind, energyWh, amountMicro }) => [kind, energyWh, amountMicro]);
  };
  return { after, lost, billOf };
}

describe("who sold 5 kWh, bought 3, and lost the sale because its buyer was cut", () => {
  const { lost, billOf } = cutPeriod([listed("ann", "bob", 5000), listed("cleo", "ann", 3000)], cut("b-bob", 5000));

  it("is told with its net loss, and nobody else is", () => {
    expect(lost).toEqual([{ participant: "ann", energyWh: 5000 }]);
  });

  it("sells what it lost to its supplier at plain export, where it feeds in the 2 kWh that it meant to", () => {
    expect(billOf(0, 2000)).toEqual([
      ["trade", -3000, -300_000],
      ["export", 5000, 251_500],
    ]);
  });

  it("may take all that it bought as well, or half of it", () => {
    expect(billOf(3000, 0)).toEqual([["trade", -3000, -300_000]]);
    expect(billOf(1500, 0)).toEqual([
      ["trade", -3000, -300_000],
      ["export", 1500, 75_450],
    ]);
  });
});

describe("who bought 5 kWh, sold 3, and lost the purchase because its seller was cut", () => {
  it("has what it then does not deliver from its supplier at plain retail", () => {
    const { lost, billOf } = cutPeriod([listed("cleo", "ann", 5000), listed("ann", "bob", 3000)], cut("s-cleo", 5000));
    expect(lost).toEqual([{ participant: "ann", energyWh: -5000 }]);
    expect(billOf(2000, 0)).toEqual([
      ["trade", 3000, 300_000],
      ["supply", -5000, -728_500],
    ]);
  });
});

describe("what is missed beyond the loss", () => {
  const { after, lost, billOf } = cutPeriod(
    [listed("ann", "bob", 3000), listed("cleo", "ann", 4000)],
    cut("b-bob", 3000),
  );

  it("is imbalance as it would have been without the cut", () => {
    expect(billOf(500, 0)).toEqual([
      ["trade", -4000, -400_000],
      ["export", 3000, 150_900],
      ["balancing", 500, 50_000],
    ]);
  });

  it("counts in the rating, and what the supplier takes over does not, whichever reading counts in the end", () => {
    const ratings = createRatings();
    promise(ratings, 0, contractsOf(after.trades), lost);
    rate(ratings, 0, reading("ann", 0, 0), false);
    expect(reliability(ratings, "ann")).toBe(0);
    rate(ratings, 0, reading("ann", 500, 0), false);
    expect(reliability(ratings, "ann")).toBe(500); // half of the 1 kWh that the cut left for it to take
    rate(ratings, 0, reading("ann", 1000, 0), false);
    expect(reliability(ratings, "ann")).toBe(1000);
    rate(ratings, 0, reading("ann", 2000, 0), true);
    expect(ratings.kept.get("ann")).toEqual({ promisedWh: 2000, keptWh: 2000 });
  });
});

describe("nothing is told of", () => {
  it("who is left with contracts of the side that it lost energy of, or with none", () => {
    expect(cutPeriod([listed("ann", "bob", 3000), listed("ann", "cleo", 1000)], cut("b-bob", 3000)).lost).toEqual([]);
    expect(cutPeriod([listed("ann", "bob", 3000)], cut("b-bob", 3000)).lost).toEqual([]);
  });

  it("who was itself named: it obeys", () => {
    const { lost } = cutPeriod([listed("ann", "bob", 5000), listed("cleo", "ann", 3000)], cut("s-ann", 5000));
    expect(lost).toEqual([]);
  });

  it("who sold to itself and was named as the buyer: what it lost it took from itself", () => {
    const trades = [listed("ann", "ann", 5000), again(listed("cleo", "ann", 3000))];
    const { lost, billOf } = cutPeriod(trades, cut("b-ann", 5000));
    expect(lost).toEqual([]);
    expect(billOf(0, 0)).toEqual([
      ["trade", -3000, -300_000],
      ["balancing", 3000, 300_000],
    ]);
  });

  it("who stood on both sides of a pot and was named on one of them", () => {
    const pot = [trade("bob", "ann", 5000, 100_000), trade("ann", "cleo", 5000, 100_000)];
    const trades = [...pot, again(listed("cleo", "ann", 3000))];
    const byArrival = ["b-ann", "s-bob", "b-cleo", "s-ann", "s-cleo", "b-ann-again"];
    const after = applyCuts(trades, new Map(byArrival.map((id, place) => [id, place])), [cut("b-ann", 5000)]);
    expect(after.ownLosses).toEqual([{ participant: "ann", side: "sell", energyWh: 5000 }]);
    expect(lostAfterCuts(after)).toEqual([]);
    expect(positionsAfterCuts([], trades, after)).toEqual([{ participant: "ann", energyWh: -3000 }]);
  });
});
