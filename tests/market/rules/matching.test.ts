import { describe, expect, it } from "vitest";
import { bookAtGate } from "../../../market/rules/book-at-gate.js";
import { openWh } from "../../../market/rules/order.js";
import type { Outcome } from "../../../market/rules/period-book.js";
import { orderCount, ownObjects } from "../../../market/rules/period-book-views.js";
import { desk } from "./period-books.js";

const continuous = { mechanism: "continuous", maxOrdersPerPeriod: 20 };
const trades = (outcome: Outcome) =>
  outcome.ok
    ? outcome.changes.map((change) =>
        change.kind === "traded"
          ? [
              change.trade.buyOrder,
              change.trade.sellOrder,
              change.trade.energyWh,
              change.trade.priceMicroPerKwh,
              change.taker,
            ]
          : change.kind,
      )
    : outcome.code;

describe("an order of the continuous market", () => {
  it("trades at once, best price first, then the earlier arrival, at the price of the order that rested", () => {
    const market = desk(continuous);
    market.place("s1", "ann", 200, 120_000, { side: "sell" });
    market.place("s2", "bob", 200, 100_000, { side: "sell" });
    market.place("s3", "cat", 200, 100_000, { side: "sell" });
    expect(trades(market.place("b1", "dan", 500, 130_000))).toEqual([
      ["b1", "s2", 200, 100_000, "buy"],
      ["b1", "s3", 200, 100_000, "buy"],
      ["b1", "s1", 100, 120_000, "buy"],
    ]);
    expect(market.book.fills.map(({ mechanism }) => mechanism)).toEqual(["continuous", "continuous", "continuous"]);
  });

  it("rests with what is open, and is open no longer once it is filled whole", () => {
    const market = desk(continuous);
    market.place("s1", "ann", 500, 100_000, { side: "sell" });
    expect(trades(market.place("b1", "bob", 200, 100_000))).toEqual([["b1", "s1", 200, 100_000, "buy"]]);
    expect(ownObjects(market.book, "ann").orders).toMatchObject([
      { orderId: "s1", energyWh: 500, filledWh: 200, version: 1 },
    ]);
    expect(ownObjects(market.book, "bob").orders).toEqual([]);
    expect(orderCount(market.book)).toBe(1);
    expect(market.cancel("b1", "bob")).toMatchObject({ code: "unknown-order" });
    expect(market.modify("b1", "bob", 1, 300, 100_000)).toMatchObject({ code: "unknown-order" });
  });

  it("leaves orders on items, and those kept out of the auction, for the gate", () => {
    const market = desk(continuous);
    market.list("i1", 500, 100_000, { by: "ann", sale: "best-offer" });
    market.place("b1", "bob", 200, 120_000, { on: "i1" });
    market.place("b2", "bob", 200, 120_000, { auction: false });
    expect(trades(market.place("s1", "cat", 100, 90_000, { side: "sell" }))).toEqual([]);
    expect(market.book.fills).toEqual([]);
  });

  it("may trade with its owner's own order", () => {
    const market = desk(continuous);
    market.place("s1", "ann", 100, 100_000, { side: "sell" });
    expect(trades(market.place("b1", "ann", 100, 100_000))).toEqual([["b1", "s1", 100, 100_000, "buy"]]);
  });
});

describe("changing an order that rests", () => {
  const resting = () => {
    const market = desk(continuous);
    market.place("s1", "ann", 400, 100_000, { side: "sell" });
    market.place("s2", "bob", 400, 100_000, { side: "sell" });
    market.place("b0", "cat", 100, 100_000);
    return market;
  };

  it("keeps its place where only energy shrinks", () => {
    const market = resting();
    expect(market.modify("s1", "ann", 1, 300, 100_000)).toMatchObject({
      ok: true,
      object: { version: 2 },
      changes: [],
    });
    expect(trades(market.place("b1", "cat", 300, 100_000))).toEqual([
      ["b1", "s1", 200, 100_000, "buy"],
      ["b1", "s2", 100, 100_000, "buy"],
    ]);
  });

  it.each([
    ["grows", 500, 100_000],
    ["changes its price and comes back", 300, 110_000],
  ])("goes to the end of the queue where it %s", (_how, energy, price) => {
    const market = resting();
    market.modify("s1", "ann", 1, energy, price);
    if (price !== 100_000) market.modify("s1", "ann", 2, energy, 100_000);
    expect(trades(market.place("b1", "cat", 400, 100_000))).toEqual([["b1", "s2", 400, 100_000, "buy"]]);
  });

  it("may trade at once where its new price meets another", () => {
    const market = resting();
    market.place("b1", "dan", 200, 90_000);
    expect(trades(market.modify("s1", "ann", 1, 400, 80_000))).toEqual([["b1", "s1", 200, 90_000, "sell"]]);
    expect(market.book.orders.get("s1")).toMatchObject({ energyWh: 400, filledWh: 300 });
  });

  it("cannot touch what was traded: its energy counts that in, and something must stay open", () => {
    const market = resting();
    const code = (energy: number) => {
      const outcome = market.modify("s1", "ann", 1, energy, 100_000);
      return outcome.ok ? "ok" : [outcome.code, outcome.reason];
    };
    const sentence = "0.1 kWh of order s1 are traded already: it must be more, or cancel what is open (0.3 kWh).";
    expect(code(100)).toEqual(["energy-out-of-range", `0.1 kWh asked in all, ${sentence}`]);
    expect(code(50)).toEqual(["energy-out-of-range", `0.05 kWh asked in all, ${sentence}`]);
    expect(code(105)).toEqual(["below-minimum", "0.005 kWh asked, the least of the market is 0.01 kWh."]);
    expect(code(110)).toBe("ok");
  });

  it("refuses another version than the present one; a fill makes no new version", () => {
    const market = resting();
    expect(market.modify("s1", "ann", 2, 300, 100_000)).toMatchObject({ code: "version-conflict" });
    expect(market.modify("s1", "ann", 1, 300, 100_000)).toMatchObject({ object: { version: 2 } });
    expect(market.modify("s1", "ann", 1, 300, 100_000)).toMatchObject({ code: "version-conflict" });
  });

  it("is cancelled with what is open; what was traded stays traded", () => {
    const market = resting();
    expect(market.cancel("s1", "ann")).toMatchObject({ ok: true });
    expect(trades(market.place("b1", "dan", 300, 100_000))).toEqual([["b1", "s2", 300, 100_000, "buy"]]);
    expect(market.book.orders.get("s1")).toMatchObject({ live: false, filledWh: 100 });
    expect(bookAtGate(market.book).map(({ orderId, energyWh }) => [orderId, energyWh])).toEqual([
      ["s1", 100],
      ["s2", 400],
      ["b0", 100],
      ["b1", 300],
    ]);
  });

  it("never leaves a bid that reaches an ask, and no order with more filled than asked", () => {
    const market = resting();
    market.place("b1", "dan", 900, 99_999);
    market.modify("s2", "bob", 1, 800, 99_999);
    for (const order of market.book.orders.values()) expect(openWh(order)).toBeGreaterThanOrEqual(0);
    expect(market.book.fills.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(900);
  });
});
