import { describe, expect, it } from "vitest";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import { none } from "../../../../market/rules/mechanisms/none.js";
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
