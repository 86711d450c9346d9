import { describe, expect, it } from "vitest";
import { contract } from "../../../../shared/messages/private.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { first, firstGateMs, firstMs, startMs } from "../sample-terms.js";
import { aCancel, aChange, aList, anOrder, aWithdrawal, biddingRoom } from "./bidding-room.js";

const period = "20160801-0200";

describe("a period in the bidding manager", () => {
  it("tells the list, its changes, the book and everyone's own orders while open", () => {
    const room = biddingRoom();
    room.tickAt(startMs);
    const [empty] = room.outbox.on(`public/items/${period}`);
    expect(empty).toMatchObject({ n: 1, items: [], durationMinutes: 30, start: first });
    room.send("ann", "items", aList({ minEnergyKwh: 0.2 }));
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.tickAt(startMs + 10 * minuteMs);
    const deltas = room.outbox.on(`public/items-delta/${period}`);
    // The list is true at its own number: each change has a higher one than the list it changes.
    expect(deltas.map(({ n, energyKwh }) => [n, energyKwh])).toEqual([
      [2, 1],
      [3, 0.5],
    ]);
    expect(room.outbox.retained.get(`public/items/${period}`)).toMatchObject({
      n: 3,
      items: [{ itemId: "i1", energyKwh: 0.5, minEnergyKwh: 0.2, sale: "fixed", reliability: 1 }],
    });
    expect(JSON.stringify([...room.outbox.retained].filter(([topic]) => topic.startsWith("public/")))).not.toMatch(
      /ann|bob/,
    );
    expect(room.outbox.on("private/ann/fills")).toEqual(room.outbox.on("private/bob/fills"));
    expect(room.outbox.retained.get("private/ann/orders")).toMatchObject({ items: [{ reservedKwh: 0.5, version: 1 }] });
    expect(room.outbox.retained.get("private/bob/orders")).toMatchObject({ orders: [{ orderId: "o1", itemId: "i1" }] });
  });

  it("shows an item withdrawn as gone", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("ann", "items", aWithdrawal("i1"));
    room.tickAt(startMs + 10 * minuteMs);
    expect(room.outbox.on(`public/items-delta/${period}`).at(-1)).toMatchObject({ itemId: "i1", energyKwh: 0 });
    expect(room.outbox.retained.get(`public/items/${period}`)).toMatchObject({ items: [] });
    expect(room.outbox.retained.get("private/ann/orders")).toMatchObject({ items: [] });
  });

  it("publishes neither list nor book again where nothing has changed", () => {
    const room = biddingRoom();
    room.send("ann", "orders", anOrder({ side: "sell" }));
    for (let minutes = 10; minutes <= 50; minutes += 10) room.tickAt(startMs + minutes * minuteMs);
    expect(room.outbox.on(`public/items/${period}`)).toHaveLength(1);
    expect(room.outbox.on(`public/book/${period}`)).toHaveLength(1);
  });

  it("keeps each retained topic just as long as the contract says", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.send("cat", "orders", anOrder());
    room.tickAt(startMs + 10 * minuteMs);
    const kept = (atMs: number) => {
      room.tickAt(atMs);
      return [...room.outbox.retained.keys()].filter((topic) => topic.endsWith(period)).sort();
    };
    const endMs = firstMs + 30 * minuteMs;
    const contracts = ["ann", "bob", "cat"].map((id) => `private/${id}/contracts/${period}`);
    expect(kept(firstGateMs - 1)).toEqual([`public/book/${period}`, `public/items/${period}`]);
    expect(kept(firstGateMs)).toEqual([...contracts, `public/results/${period}`]);
    expect(kept(endMs + hourMs - 1)).toEqual([...contracts, `public/results/${period}`]);
    expect(kept(endMs + hourMs)).toEqual(contracts);
    expect(kept(endMs + dayMs - 1)).toEqual(contracts);
    expect(kept(endMs + dayMs)).toEqual([]);
  });

  it("clears at the gate, tells everyone his fate, and hands the contracts over", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.send("cat", "orders", anOrder({ energyKwh: 0.2 }));
    room.send("cat", "orders", anOrder({ energyKwh: 0.2 }));
    room.send("cat", "orders", aCancel("o3"));
    room.tickAt(firstGateMs);
    expect(room.handed).toHaveLength(1);
    const [handed] = room.handed;
    expect(handed).toMatchObject({ kind: "contracts", body: { period: first, checked: false } });
    const trades = handed?.kind === "contracts" ? handed.body.trades : [];
    expect(trades.map(({ buyer, seller, energyKwh, mechanism }) => [buyer, seller, energyKwh, mechanism])).toEqual([
      ["bob", "ann", 0.5, "listing"],
      ["cat", "ann", 0.2, "uniform"],
    ]);
    expect(room.outbox.retained.get(`private/cat/contracts/${period}`)).toMatchObject({
      energyKwh: -0.2,
      maxImportKw: 8,
      orders: [
        { orderId: "o2", outcome: "filled" },
        { orderId: "o3", outcome: "cancelled" },
      ],
    });
    expect(room.outbox.retained.get("public/price")).toMatchObject({ volumeKwh: 0.7, tradeCount: 2 });
    expect(room.outbox.on(`public/trades/${period}`)).toMatchObject([{ n: 1, energyKwh: 0.5, taker: "buy" }]);
    const filled = room.outbox.on("private/ann/fills").filter(({ kind }) => kind === "filled");
    expect(filled).toMatchObject([{ itemId: "i1", orderId: null, energyKwh: 0.7 }]);
    expect(room.outbox.retained.get("private/ann/orders")).toMatchObject({ items: [], orders: [] });
    const types = room.facts.map(({ type }) => type);
    expect(types.filter((type) => type === "fate")).toHaveLength(4);
    expect(types.filter((type) => type === "cleared")).toHaveLength(1);
    const contracted = room.facts.flatMap((fact) => (fact.type === "contract" ? [fact.energyWh] : []));
    expect(contracted.reduce((sum, energyWh) => sum + energyWh, 0)).toBe(0);
  });

  it("tells every order the price at which the auction cleared, also one that did not trade, whatever the list did", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.send("bob", "orders", anOrder({ energyKwh: 0.1, pricePerKwh: 0.05 }));
    room.send("cat", "orders", anOrder());
    room.tickAt(firstGateMs);
    const told = ["ann", "bob", "cat"].flatMap(
      (id) => contract.parse(room.outbox.retained.get(`private/${id}/contracts/${period}`)).orders,
    );
    expect(told.map(({ orderId, outcome, clearingPricePerKwh }) => [orderId, outcome, clearingPricePerKwh])).toEqual([
      ["i1", "filled", 0.11],
      ["o1", "filled", 0.11],
      ["o2", "unfilled", 0.11],
      ["o3", "filled", 0.11],
    ]);
  });

  it("tells no such price where the auction traded nothing", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.tickAt(firstGateMs);
    const { orders } = contract.parse(room.outbox.retained.get(`private/bob/contracts/${period}`));
    expect(orders).toMatchObject([{ outcome: "filled", pricePerKwh: 0.1, clearingPricePerKwh: null }]);
  });

  it("clears an empty book as well, with a price of none", () => {
    const room = biddingRoom();
    room.tickAt(firstGateMs);
    expect(room.outbox.retained.get(`public/results/${period}`)).toMatchObject({ pricePerKwh: null, volumeKwh: 0 });
    expect(room.handed).toMatchObject([{ kind: "contracts", body: { trades: [] } }]);
  });

  it("lives beside others, each in its own phase", () => {
    const room = biddingRoom();
    const phasesAt = (atMs: number) => {
      room.tickAt(atMs);
      return (room.reports.at(-1)?.periods ?? []).map(({ period: iso, phase }) => [iso.slice(11, 16), phase]);
    };
    expect(phasesAt(startMs)).toEqual([["02:00", "bidding"]]);
    expect(phasesAt(startMs + hourMs)).toEqual([
      ["02:00", "contracted"],
      ["02:30", "bidding"],
      ["03:00", "bidding"],
    ]);
    expect(phasesAt(firstMs)).toEqual([
      ["02:30", "contracted"],
      ["03:00", "contracted"],
      ["03:30", "bidding"],
    ]);
    expect(phasesAt(firstMs + 3 * hourMs)).toEqual([]);
  });

  it("closes once, also when a command comes in the moment before a late alarm", () => {
    const room = biddingRoom();
    room.send("bob", "orders", anOrder(), firstGateMs - 1);
    expect(room.verdict("cat", "orders", anOrder(), firstGateMs)).toBe("gate-closed");
    room.tickAt(firstGateMs + 5 * minuteMs);
    expect(room.facts.filter(({ type }) => type === "fate")).toHaveLength(1);
    expect(room.facts.filter(({ type }) => type === "cleared")).toHaveLength(1);
  });

  it("answers modify with a new version each time", () => {
    const room = biddingRoom();
    room.send("bob", "orders", anOrder());
    expect(room.send("bob", "orders", aChange("o1", 1))).toMatchObject({ orderId: "o1", version: 2, period: first });
    expect(room.send("bob", "orders", aChange("o1", 2))).toMatchObject({ version: 3, acceptedAt: isoUtc(startMs) });
  });
});
