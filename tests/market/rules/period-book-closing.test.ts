import { describe, expect, it } from "vitest";
import { bookTop } from "../../../market/rules/indicative.js";
import { desk } from "./period-books.js";

describe("the gate of a period", () => {
  it("closes the list first, then clears leftovers and waiting rests in the auction", () => {
    const market = desk();
    market.list("i1", 800, 100_000);
    market.place("o1", "bob", 500, 120_000, { on: "i1" });
    market.place("o2", "cat", 200, 140_000);
    const closing = market.close();
    expect(closing.trades).toMatchObject([
      { mechanism: "listing", buyOrder: "o1", sellOrder: "i1", energyWh: 500, priceMicroPerKwh: 100_000 },
      { mechanism: "uniform", buyOrder: "o2", sellOrder: "i1", energyWh: 200, priceMicroPerKwh: 100_000 },
    ]);
    expect(closing).toMatchObject({ volumeWh: 700, priceMicroPerKwh: 100_000, offeredWh: 800, wantedWh: 700 });
    expect(closing.auction).toMatchObject({
      offeredWh: 300,
      wantedWh: 200,
      bids: [[140_000, 200]],
      asks: [[100_000, 300]],
    });
  });

  it("weighs the period's price by volume, to the nearest millionth", () => {
    const market = desk();
    market.list("i1", 100, 100_000);
    market.list("i2", 200, 100_001);
    market.place("o1", "bob", 100, 120_000, { on: "i1" });
    market.place("o2", "bob", 200, 120_000, { on: "i2" });
    expect(market.close().priceMicroPerKwh).toBe(100_001);
    const below = desk();
    below.list("i1", 100, -3);
    below.list("i2", 100, -4);
    below.place("o1", "bob", 100, 0, { on: "i1" });
    below.place("o2", "bob", 100, 0, { on: "i2" });
    expect(below.close().priceMicroPerKwh).toBe(-3);
    expect(desk().close().priceMicroPerKwh).toBeNull();
  });

  it("gives a best-offer item to the best price, then the earlier, each at its own price", () => {
    const market = desk();
    market.list("i1", 800, 100_000, { sale: "best-offer", auction: false });
    market.place("o1", "bob", 500, 120_000, { on: "i1", auction: false });
    market.place("o2", "cat", 200, 120_000, { on: "i1", auction: false });
    market.place("o3", "dan", 400, 130_000, { on: "i1", auction: false });
    expect(market.close().trades).toMatchObject([
      { buyOrder: "o3", energyWh: 400, priceMicroPerKwh: 130_000 },
      { buyOrder: "o1", energyWh: 400, priceMicroPerKwh: 120_000 },
    ]);
    expect(market.fate("o1")).toMatchObject({ outcome: "partly", tradedWh: 400 });
    expect(market.fate("o2")).toMatchObject({
      outcome: "unfilled",
      why: "outbid on item i1: the last offer it took was 0.12; kept out of the auction",
      wouldTradeAtMicroPerKwh: 120_001,
    });
  });

  it("gives a best-offer need to the cheapest offer", () => {
    const market = desk();
    market.list("i1", 300, 100_000, { side: "buy", sale: "best-offer" });
    market.place("o1", "bob", 300, 90_000, { on: "i1", side: "sell", auction: false });
    market.place("o2", "cat", 300, 80_000, { on: "i1", side: "sell", auction: false });
    expect(market.close().trades).toMatchObject([{ sellOrder: "o2", buyOrder: "i1", priceMicroPerKwh: 80_000 }]);
    // o1 came first: the same price would have won.
    expect(market.fate("o1").wouldTradeAtMicroPerKwh).toBe(80_000);
  });

  it("tells an offer that got what better ones left the price that would have won it more", () => {
    const market = desk();
    market.list("i1", 500, 100_000, { sale: "best-offer" });
    market.place("o1", "bob", 400, 110_000, { on: "i1", auction: false });
    market.place("o2", "cat", 300, 120_000, { on: "i1" });
    market.place("o3", "eve", 300, 130_000, { on: "i1", side: "buy" });
    expect(market.fate("o2")).toMatchObject({ tradedWh: 200, wouldTradeAtMicroPerKwh: 130_000 });
    expect(market.fate("o1")).toMatchObject({ tradedWh: 0, wouldTradeAtMicroPerKwh: 120_000 });
    market.modify("o2", "cat", 1, 600, 130_000);
    expect(market.fate("o2")).toMatchObject({ tradedWh: 200, wouldTradeAtMicroPerKwh: 130_001 });
    market.modify("o2", "cat", 2, 600, 130_001);
    expect(market.fate("o2")).toMatchObject({ tradedWh: 500, wouldTradeAtMicroPerKwh: null });
  });

  it("lets a remainder below its smallest part lapse, with a receipt", () => {
    const market = desk();
    market.list("i1", 800, 100_000, { min: 100, sale: "best-offer" });
    market.place("o1", "bob", 750, 120_000, { on: "i1" });
    market.place("o2", "cat", 500, 110_000, { on: "i1" });
    expect(market.close().trades).toHaveLength(1);
    expect(market.fate("i1")).toMatchObject({
      outcome: "lapsed",
      tradedWh: 750,
      tradedPriceMicroPerKwh: 120_000,
      why: "0.75 kWh ordered at 0.12; the remainder of 0.05 kWh lapsed: its smallest part is 0.1 kWh",
    });
    expect(market.fate("o2")).toMatchObject({ outcome: "unfilled", rank: 1 });
  });

  it("keeps out of the auction what asked to be kept out", () => {
    const market = desk();
    market.list("i1", 800, 100_000, { auction: false });
    market.place("o1", "bob", 500, 120_000);
    expect(market.close().trades).toEqual([]);
    expect(market.fate("i1")).toMatchObject({ outcome: "unfilled", why: "nobody ordered it; kept out of the auction" });
    expect(market.fate("o1")).toMatchObject({ why: "no counterparty", wouldTradeAtMicroPerKwh: null });
  });

  it("has no auction in a market of listings alone", () => {
    const market = desk({ mechanism: "listing" });
    market.list("i1", 800, 100_000);
    market.place("o1", "bob", 500, 120_000, { on: "i1" });
    market.place("o2", "cat", 300, 120_000);
    const closing = market.close();
    expect(closing.trades).toHaveLength(1);
    expect(closing.auction).toMatchObject({ priceMicroPerKwh: null, volumeWh: 0, bids: [], asks: [] });
    expect(market.fate("i1")).toMatchObject({ outcome: "partly", rank: null });
    expect(market.fate("o2")).toMatchObject({ outcome: "unfilled", why: "this market has no auction" });
    expect(bookTop(market.book, market.book.terms)).toEqual({
      bestBidMicroPerKwh: 120_000,
      bestAskMicroPerKwh: 100_000,
      indicativeMicroPerKwh: null,
      indicativeWh: 0,
    });
  });

  it("shows before the gate the price and volume that it would give", () => {
    const market = desk();
    market.list("i1", 800, 100_000);
    market.list("i2", 100, 90_000, { by: "eve", auction: false });
    market.place("o1", "bob", 500, 110_000, { on: "i1" });
    market.place("o2", "cat", 300, 120_000);
    expect(bookTop(market.book, market.book.terms)).toEqual({
      bestBidMicroPerKwh: 120_000,
      bestAskMicroPerKwh: 100_000,
      indicativeMicroPerKwh: 110_000,
      indicativeWh: 300,
    });
    expect(market.close().auction).toMatchObject({ priceMicroPerKwh: 110_000, volumeWh: 300 });
  });

  it("sends the offers on an item that was withdrawn to the auction", () => {
    const market = desk();
    market.list("i1", 800, 100_000, { sale: "best-offer" });
    market.place("o1", "bob", 500, 120_000, { on: "i1" });
    market.withdraw("i1");
    expect(market.modify("o1", "bob", 1, 400, 90_000).ok).toBe(true);
    market.list("i2", 800, 80_000);
    expect(market.fate("o1")).toMatchObject({ outcome: "filled", why: "item i1 was withdrawn; cleared at 0.08" });
  });
});

describe("a receipt", () => {
  it("tells the item, the price, and the average over list and auction rounded down", () => {
    const market = desk();
    market.list("i1", 100, 100_000);
    market.list("i2", 500, 110_000, { by: "eve" });
    market.place("o1", "bob", 130, 120_000, { on: "i1" });
    expect(market.fate("o1")).toMatchObject({
      outcome: "filled",
      tradedWh: 130,
      tradedPriceMicroPerKwh: 102_307,
      limitPriceMicroPerKwh: 120_000,
      acceptedAtMs: 3000,
      why: "reserved on item i1 at 0.1, 0.1 of 0.13 kWh; cleared at 0.11",
      wouldTradeAtMicroPerKwh: null,
      rank: 1,
    });
    expect(market.fate("i1")).toMatchObject({ outcome: "filled", why: "0.1 kWh ordered at 0.1", rank: null });
  });

  it("tells whoever was priced out the clearing price and at which price it shares", () => {
    const market = desk();
    market.list("i1", 300, 90_000);
    market.place("o1", "bob", 300, 106_000);
    market.place("o2", "cat", 100, 80_000);
    market.list("i2", 300, 130_000, { by: "eve" });
    expect(market.fate("o2")).toMatchObject({
      outcome: "unfilled",
      why: "priced out: the clearing price was 0.098",
      wouldTradeAtMicroPerKwh: 106_000,
      rank: 2,
    });
    expect(market.fate("i2")).toMatchObject({ wouldTradeAtMicroPerKwh: 90_000, rank: 2 });
  });

  it("sends a bidder that came later a millionth above the last bid served, where ties go by time", () => {
    const market = desk({ tie: "time" });
    market.list("i1", 300, 90_000);
    market.place("o1", "bob", 300, 106_000);
    market.place("o2", "cat", 100, 106_000);
    expect(market.fate("o2")).toMatchObject({
      why: "outranked at the margin by earlier arrival",
      wouldTradeAtMicroPerKwh: 106_001,
    });
  });

  it("tells who shares the margin that a millionth more would have got more", () => {
    const market = desk();
    market.list("i1", 300, 90_000);
    market.place("o1", "bob", 200, 106_000);
    market.place("o2", "cat", 200, 106_000);
    expect(market.fate("o2")).toMatchObject({
      outcome: "partly",
      tradedWh: 150,
      why: "at the margin, shared pro rata",
      wouldTradeAtMicroPerKwh: 106_001,
    });
  });

  it("names no price where nobody is left to trade with, and the next ask where there is one", () => {
    const market = desk();
    market.list("i1", 300, 90_000);
    market.place("o1", "bob", 400, 106_000);
    const why = "at the margin, the other side did not reach for all of it";
    expect(market.fate("o1")).toMatchObject({ outcome: "partly", why, wouldTradeAtMicroPerKwh: null });
    market.list("i2", 300, 120_000, { by: "eve" });
    expect(market.fate("o1")).toMatchObject({ outcome: "partly", wouldTradeAtMicroPerKwh: 120_000 });
  });

  it("tells the best price of the other side where nothing met", () => {
    const market = desk();
    market.list("i1", 300, 90_000);
    market.place("o1", "bob", 400, 80_000);
    expect(market.fate("o1")).toMatchObject({
      why: "no bid met an ask: the best ask was 0.09",
      wouldTradeAtMicroPerKwh: 90_000,
    });
    expect(market.fate("i1")).toMatchObject({
      why: "nobody ordered it; no bid met an ask: the best bid was 0.08",
      wouldTradeAtMicroPerKwh: 80_000,
    });
  });

  it("tells a withdrawn item's trade of what was reserved", () => {
    const market = desk();
    market.list("i1", 800, 100_000);
    market.place("o1", "bob", 200, 120_000, { on: "i1" });
    market.withdraw("i1");
    expect(market.fate("i1")).toMatchObject({
      outcome: "filled",
      energyWh: 200,
      why: "0.2 kWh ordered at 0.1; the rest was withdrawn by its owner",
    });
  });
});
