import { describe, expect, it } from "vitest";
import type { OrderFate, Side } from "../../../market/facts.js";
import { addCuts, createCutSums, cutFigures } from "../../../market/rules/cut-figures.js";
import { fatesAfterCuts } from "../../../market/rules/fate-after-cut.js";
import { applyCuts } from "../../../market/rules/operating-cuts.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { cut, tradesFrom } from "./cut-cases.js";

function fateOf(orderId: string, side: Side, energyWh: number, outcome: OrderFate["outcome"]): OrderFate {
  return {
    ...{ orderId, participant: `p${orderId}`, side, energyWh: wh(energyWh), limitPriceMicroPerKwh: microPerKwh(120) },
    ...{ acceptedAtMs: 0, biddingCycle: 1, outcome, tradedWh: wh(energyWh) },
    ...{ tradedPriceMicroPerKwh: microPerKwh(100), why: "cleared at 0.0001", wouldTradeAtMicroPerKwh: null, rank: 1 },
  };
}

const arrivals = new Map(["b1", "s1", "s2"].map((id, place) => [id, place]));
const trades = tradesFrom("list b1 s1 400 @100", "b1 s2 600 @110");
const fates = [
  fateOf("b1", "buy", 1000, "filled"),
  fateOf("s1", "sell", 400, "filled"),
  fateOf("s2", "sell", 600, "filled"),
];

describe("the receipt after the DSO's cut", () => {
  it("tells the guilty the element with its limit and value, the innocent that the other side was cut", () => {
    const after = applyCuts(trades, arrivals, [cut("b1", 700)]);
    const [buyer, listed, seller] = fatesAfterCuts(fates, after.trades, after.cuts);
    expect(buyer).toMatchObject({ outcome: "partly", tradedWh: 300, tradedPriceMicroPerKwh: 100, cutWh: 700 });
    expect(buyer?.why).toBe(
      "cut by the DSO: line R3-R11, limit 100, would be 112.5; lost 0.7 of 1 kWh; at the gate: cleared at 0.0001",
    );
    expect(listed).toMatchObject({ outcome: "partly", tradedWh: 300, cutWh: 100 });
    expect(seller).toMatchObject({ outcome: "unfilled", tradedWh: 0, tradedPriceMicroPerKwh: null, cutWh: 600 });
    expect(seller?.why).toBe(
      "cut by the DSO: the other side was cut; lost 0.6 of 0.6 kWh, which its supplier takes over at plain prices; at the gate: cleared at 0.0001",
    );
  });

  it("tells how much a named order lost because of others", () => {
    const pair = tradesFrom("b1 s1 9 @100");
    const after = applyCuts(pair, arrivals, [cut("b1", 8), cut("s1", 2)]);
    const [, seller] = fatesAfterCuts(
      [fateOf("b1", "buy", 9, "filled"), fateOf("s1", "sell", 9, "cancelled")],
      after.trades,
      after.cuts,
    );
    expect(seller?.why).toContain("lost 0.008 of 0.009 kWh, 0.006 of it because the other side was cut");
    expect(seller?.outcome).toBe("cancelled");
  });

  it("is the one of the gate for who lost nothing", () => {
    const after = applyCuts(trades, arrivals, [cut("s2", 1)]);
    expect(fatesAfterCuts(fates, after.trades, after.cuts)[1]).toBe(fates[1]);
  });
});

describe("the figures of orders cut by the DSO", () => {
  it("count the orders named, their energy once, and the share of what was traded at the gates", () => {
    const sums = createCutSums();
    addCuts(sums, trades, applyCuts(trades, arrivals, [cut("b1", 250), cut("s9", 4)]));
    addCuts(sums, trades, applyCuts(trades, arrivals, []));
    expect(cutFigures(sums)).toEqual({ cutOrders: 1, cutKwh: 0.25, cutShare: 0.125 });
  });

  it("have no share where nothing was traded", () => {
    expect(cutFigures(createCutSums())).toEqual({ cutOrders: 0, cutKwh: 0, cutShare: null });
  });
});
