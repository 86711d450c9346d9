import { describe, expect, it } from "vitest";
import { continuous } from "../../../../market/rules/mechanisms/continuous.js";
import type { Auction, Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import { none } from "../../../../market/rules/mechanisms/none.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import { microPerKwh } from "../../../../shared/units.js";
import { first, firstGateMs, startMs, terms } from "../sample-terms.js";
import { aCancel, aChange, aList, anOrder, aWithdrawal, biddingRoom } from "./bidding-room.js";

const period = "20160801-0200";
const marketOf = (mechanism: Mechanism) =>
  biddingRoom({ ...terms, bidding: { ...terms.bidding, mechanism: mechanism.name } }, mechanism);

describe.each([
  ["a pool", midMarketRate, /pool \(mid-market-rate\)/],
  ["a market of none", none, /nobody trades/],
])("%s", (_name, mechanism, sentence) => {
  it("refuses items and orders with a sentence, after the checks of period and gate", () => {
    const room = marketOf(mechanism);
    expect(room.send("ann", "items", aList())).toMatchObject({
      code: "no-orders-in-pool",
      reason: expect.stringMatching(sentence),
    });
    expect(room.send("bob", "orders", anOrder())).toMatchObject({
      code: "no-orders-in-pool",
      reason: expect.stringMatching(sentence),
    });
    expect(room.verdict("bob", "orders", anOrder({ period: "2016-08-01T02:01:00Z" }))).toBe("unknown-period");
    expect(room.verdict("bob", "orders", anOrder({ period: "2016-08-01T02:30:00Z" }))).toBe("not-open-yet");
    expect(room.verdict("bob", "orders", anOrder(), firstGateMs)).toBe("gate-closed");
    expect(room.verdict("bob", "orders", anOrder({ itemId: "i1" }))).toBe("unknown-item");
    expect(room.verdict("bob", "orders", aCancel("o1"))).toBe("unknown-order");
    expect(room.verdict("bob", "orders", aChange("o1", 1))).toBe("unknown-order");
    expect(room.verdict("ann", "items", aWithdrawal("i1"))).toBe("unknown-item");
  });

  it("closes its gates with no contracts and no price", () => {
    const room = marketOf(mechanism);
    room.send("ann", "orders", anOrder());
    room.tickAt(firstGateMs);
    expect(room.handed).toMatchObject([{ kind: "contracts", body: { trades: [] } }]);
    const results = { mechanism: mechanism.name, pricePerKwh: null, priceLow: null, priceHigh: null, volumeKwh: 0 };
    expect(room.outbox.retained.get(`public/results/${period}`)).toMatchObject({ ...results, bids: [], asks: [] });
    expect(room.facts).toContainEqual({ type: "book", periodMs: Date.parse(first), orders: [] });
  });
});

describe("the fact of the book", () => {
  it("comes before the fates: what stood at the gate in order of arrival, reserved energy included", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.send("cat", "orders", anOrder());
    room.send("cat", "orders", anOrder({ energyKwh: 0.2 }));
    room.send("cat", "orders", aCancel("o2"));
    room.send("bob", "orders", aChange("o1", 1, { energyKwh: 0.3 }));
    room.tickAt(startMs + 600_000);
    room.tickAt(firstGateMs);
    const at = room.facts.findIndex(({ type }) => type === "book");
    expect(room.facts.findIndex(({ type }) => type === "fate")).toBeGreaterThan(at);
    const fact = room.facts[at];
    const orders = fact?.type === "book" ? fact.orders : [];
    expect(orders.map(({ orderId, side, energyWh }) => [orderId, side, energyWh])).toEqual([
      ["i1", "sell", 1000],
      ["o1", "buy", 300],
      ["o3", "buy", 200],
    ]);
  });
});

describe("a continuous market", () => {
  const sell = (fields: object = {}) => anOrder({ side: "sell", energyKwh: 1, pricePerKwh: 0.1, ...fields });
  const fillsOf = (room: ReturnType<typeof marketOf>, id: string) =>
    room.outbox.on(`private/${id}/fills`).map(({ kind, orderId, itemId, energyKwh, pricePerKwh }) => {
      return [kind, orderId ?? itemId, energyKwh, pricePerKwh];
    });
  const tradeFacts = (room: ReturnType<typeof marketOf>) =>
    room.facts.flatMap((fact) =>
      fact.type === "trade" ? [[fact.trade.buyOrder, fact.trade.sellOrder, fact.trade.energyWh]] : [],
    );

  it("tells a trade at once: to the public with its taker, to both sides, in the book", () => {
    const room = marketOf(continuous);
    room.send("ann", "orders", sell());
    room.send("bob", "orders", anOrder({ energyKwh: 0.4 }));
    expect(room.outbox.on(`public/trades/${period}`)).toMatchObject([
      { n: 1, energyKwh: 0.4, pricePerKwh: 0.1, taker: "buy" },
    ]);
    expect(fillsOf(room, "ann")).toEqual([["filled", "o1", 0.4, 0.1]]);
    expect(fillsOf(room, "bob")).toEqual([["filled", "o2", 0.4, 0.1]]);
    const top = { bestBidPerKwh: null, bestAskPerKwh: 0.1, indicativePerKwh: null, indicativeKwh: 0 };
    expect(room.outbox.retained.get(`public/book/${period}`)).toMatchObject(top);
    expect(tradeFacts(room)).toEqual([["o2", "o1", 400]]);
    room.tickAt(startMs + 600_000);
    expect(room.outbox.retained.get("private/ann/orders")).toMatchObject({
      orders: [{ orderId: "o1", energyKwh: 1, filledKwh: 0.4, version: 1 }],
    });
    expect(room.outbox.retained.get("private/bob/orders")).toMatchObject({ orders: [] });
  });

  it("takes no word about what was traded: neither a smaller order nor a cancellation brings it back", () => {
    const room = marketOf(continuous);
    room.send("ann", "orders", sell());
    room.send("bob", "orders", anOrder({ energyKwh: 0.4 }));
    expect(room.verdict("ann", "orders", aChange("o1", 1, { energyKwh: 0.3, pricePerKwh: 0.1 }))).toBe(
      "energy-out-of-range",
    );
    expect(room.verdict("bob", "orders", aCancel("o2"))).toBe("unknown-order");
    expect(room.verdict("ann", "orders", aCancel("o1"))).toBe("accepted");
    room.tickAt(firstGateMs);
    const contract = room.outbox.retained.get(`private/ann/contracts/${period}`);
    expect(contract).toMatchObject({
      energyKwh: 0.4,
      value: 0.04,
      orders: [{ orderId: "o1", outcome: "cancelled", energyKwh: 0.4, pricePerKwh: 0.1 }],
    });
    expect(room.handed).toMatchObject([
      { body: { trades: [{ buyOrder: "o2", sellOrder: "o1", mechanism: "continuous" }] } },
    ]);
  });

  it("lets what the list leaves meet what rests at the gate, in order of arrival; the rest expires with a receipt", () => {
    const room = marketOf(continuous);
    room.send("ann", "items", aList({ energyKwh: 0.6, pricePerKwh: 0.08 }));
    room.send("bob", "orders", anOrder({ itemId: "i1", energyKwh: 0.1, pricePerKwh: 0.09 }));
    room.send("cat", "orders", anOrder({ energyKwh: 0.3, pricePerKwh: 0.12 }));
    room.send("bob", "orders", anOrder({ energyKwh: 0.4, pricePerKwh: 0.07 }));
    expect(room.outbox.on(`public/trades/${period}`)).toEqual([]);
    room.tickAt(firstGateMs);
    expect(
      room.outbox.on(`public/trades/${period}`).map((trade) => [trade.energyKwh, trade.pricePerKwh, trade.taker]),
    ).toEqual([
      [0.1, 0.08, "buy"],
      [0.3, 0.12, "sell"],
    ]);
    expect(tradeFacts(room)).toEqual([
      ["o1", "i1", 100],
      ["o2", "i1", 300],
    ]);
    expect(fillsOf(room, "ann").slice(1)).toEqual([
      ["filled", "i1", 0.1, 0.08],
      ["filled", "i1", 0.3, 0.12],
    ]);
    const fates = room.facts.flatMap((fact) => (fact.type === "fate" ? [fact.fate] : []));
    expect(fates.map(({ orderId, outcome, tradedWh }) => [orderId, outcome, tradedWh])).toEqual([
      ["i1", "partly", 400],
      ["o1", "filled", 100],
      ["o2", "filled", 300],
      ["o3", "unfilled", 0],
    ]);
    for (const { why } of fates) expect(why).not.toBe("");
    expect(fates[3]).toMatchObject({ wouldTradeAtMicroPerKwh: 80_000, rank: 2 });
    const results = { mechanism: "continuous", priceLow: 0.12, priceHigh: 0.12, volumeKwh: 0.4, tradeCount: 2 };
    expect(room.outbox.retained.get(`public/results/${period}`)).toMatchObject(results);
    const book = room.facts.find((fact) => fact.type === "book");
    expect(book?.type === "book" && book.orders.map(({ orderId, energyWh }) => [orderId, energyWh])).toEqual([
      ["i1", 600],
      ["o1", 100],
      ["o2", 300],
      ["o3", 400],
    ]);
  });

  it("contracts both sides' energy and money alike", () => {
    const room = marketOf(continuous);
    room.send("ann", "orders", sell());
    room.send("bob", "orders", anOrder({ energyKwh: 0.4, pricePerKwh: 0.15 }));
    room.send("cat", "orders", anOrder({ energyKwh: 0.3, pricePerKwh: 0.05 }));
    room.send("ann", "orders", aChange("o1", 1, { energyKwh: 1, pricePerKwh: 0.04 }));
    room.tickAt(firstGateMs);
    const contracts = room.facts.flatMap((fact) => (fact.type === "contract" ? [fact] : []));
    expect(contracts.map(({ participant, energyWh, valueMicro }) => [participant, energyWh, valueMicro])).toEqual([
      ["ann", 700, 55_000],
      ["bob", -400, -40_000],
      ["cat", -300, -15_000],
    ]);
  });
});

describe("an auction with a price for each side", () => {
  const twoPrices: Auction = {
    kind: "auction",
    name: "two-prices",
    clears: "gate",
    clear: (orders, terms) => {
      const clearing = uniform.clear(orders, terms);
      const trades = clearing.trades.map((trade) => ({ ...trade, sellerPriceMicroPerKwh: microPerKwh(90_000) }));
      return { ...clearing, trades };
    },
  };

  it("makes contracts of each side's own price and tells the seller's where it differs", () => {
    const room = marketOf(twoPrices);
    room.send("ann", "orders", anOrder({ side: "sell", energyKwh: 0.5, pricePerKwh: 0.08 }));
    room.send("bob", "orders", anOrder({ energyKwh: 0.5, pricePerKwh: 0.12 }));
    room.tickAt(firstGateMs);
    const contracts = room.facts.flatMap((fact) => (fact.type === "contract" ? [fact] : []));
    expect(contracts.map(({ participant, valueMicro }) => [participant, valueMicro])).toEqual([
      ["ann", 45_000],
      ["bob", -50_000],
    ]);
    expect(room.outbox.retained.get(`private/ann/contracts/${period}`)).toMatchObject({
      value: 0.045,
      orders: [{ pricePerKwh: 0.09 }],
    });
    const trade = { pricePerKwh: 0.1, sellerPricePerKwh: 0.09, mechanism: "two-prices" };
    expect(room.handed).toMatchObject([{ body: { trades: [trade] } }]);
    const results = { mechanism: "two-prices", priceLow: 0.08, priceHigh: 0.12, pricePerKwh: 0.1 };
    expect(room.outbox.retained.get(`public/results/${period}`)).toMatchObject(results);
  });

  it("tells no seller's price where there is one price", () => {
    const room = marketOf(uniform);
    room.send("ann", "orders", anOrder({ side: "sell", pricePerKwh: 0.08 }));
    room.send("bob", "orders", anOrder());
    room.tickAt(firstGateMs);
    const [handed] = room.handed;
    const trades = handed?.kind === "contracts" ? handed.body.trades : [];
    expect(trades.map((trade) => Object.keys(trade).includes("sellerPricePerKwh"))).toEqual([false]);
  });
});
