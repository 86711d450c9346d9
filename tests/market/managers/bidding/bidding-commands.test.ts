import { describe, expect, it } from "vitest";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { first, firstGateMs, firstMs, second, startMs, terms, third } from "../sample-terms.js";
import { aCancel, aChange, aList, anOrder, aWithdrawal, biddingRoom } from "./bidding-room.js";

const rejection = (code: string) => expect.objectContaining({ status: "rejected", code });

describe("the bidding manager's door", () => {
  it("accepts a list and an order on it, with versions, cycle and instant", () => {
    const room = biddingRoom();
    room.tickAt(startMs + 25 * minuteMs);
    const listed = room.send("ann", "items", aList());
    expect(listed).toMatchObject({ status: "accepted", topic: "items", itemId: "i1", version: 1, period: first });
    const placed = room.send("bob", "orders", anOrder({ itemId: "i1" }));
    const instant = isoUtc(startMs + 25 * minuteMs);
    expect(placed).toMatchObject({ orderId: "o1", version: 1, biddingCycle: 3, acceptedAt: instant, ts: instant });
  });

  it("refuses what is no command, and what comes from nobody it knows", () => {
    const room = biddingRoom();
    expect(room.send("ann", "orders", "no json")).toEqual(
      expect.objectContaining({ requestId: null, code: "bad-message" }),
    );
    expect(room.send("ann", "orders", { ...anOrder(), extra: 1 })).toEqual(rejection("bad-message"));
    expect(room.send("zoe", "orders", anOrder())).toEqual(rejection("not-registered"));
    expect(room.send("ann", "batch", "no json")).toEqual(
      expect.objectContaining({ requestId: null, code: "bad-message" }),
    );
    const batch = { v: 1, requestId: "b1", entries: [{ for: "bob", topic: "orders", command: anOrder() }] };
    expect(room.send("ann", "batch", batch)).toEqual(
      expect.objectContaining({ requestId: "b1", code: "not-registered" }),
    );
    expect(room.facts.filter(({ type }) => type === "rejected")).toHaveLength(5);
    expect(room.lines.filter((line) => line.includes("rejected a message on elecbay/main/in/zoe/orders"))).toHaveLength(
      1,
    );
  });

  it("answers a repeated request with the same reply and no second effect, another content with request-id-reused", () => {
    const room = biddingRoom();
    const order = anOrder();
    const answer = room.send("bob", "orders", order);
    room.tickAt(startMs + 20 * minuteMs);
    expect(room.send("bob", "orders", { ...order, ts: "later" })).toEqual(answer);
    expect(room.verdict("bob", "orders", { ...order, energyKwh: 0.4 })).toBe("request-id-reused");
    expect(room.verdict("ann", "orders", order)).toBe("accepted");
    room.tickAt(startMs + 30 * minuteMs);
    expect(room.outbox.retained.get("private/bob/orders")).toMatchObject({ orders: [{ orderId: "o1" }] });
  });

  it("forgets a request once its period is billed: then the period is unknown", () => {
    const room = biddingRoom();
    const order = anOrder();
    room.send("bob", "orders", order);
    const billAtMs = firstMs + 30 * minuteMs + dayMs;
    room.tickAt(billAtMs - 1);
    expect(room.verdict("bob", "orders", order)).toBe("accepted");
    expect(room.verdict("bob", "orders", aCancel("o1"))).toBe("gate-closed");
    room.tickAt(billAtMs);
    expect(room.verdict("bob", "orders", order)).toBe("unknown-period");
    expect(room.verdict("bob", "orders", aCancel("o1"))).toBe("unknown-order");
  });

  it("refuses everything while closed by the operator, repeats earlier replies, and takes the same request after opening", () => {
    const room = biddingRoom();
    const early = anOrder();
    const late = anOrder();
    room.send("bob", "orders", early);
    room.control("close");
    expect(room.verdict("bob", "orders", late)).toBe("market-closed");
    expect(room.verdict("bob", "orders", early)).toBe("accepted");
    room.control("open");
    expect(room.verdict("bob", "orders", late)).toBe("accepted");
  });

  it("hears so many commands of one participant at once, and the same ones again in the next tick", () => {
    const room = biddingRoom({ ...terms, maxCommandsPerTick: 2 });
    const orders = [anOrder(), anOrder(), anOrder()];
    expect(orders.map((order) => room.verdict("bob", "orders", order))).toEqual([
      "accepted",
      "accepted",
      "rate-limited",
    ]);
    expect(room.verdict("ann", "orders", anOrder())).toBe("accepted");
    room.tickAt(startMs + 10 * minuteMs);
    expect(room.verdict("bob", "orders", orders[2] ?? {})).toBe("accepted");
  });
});

describe("the period of a command", () => {
  it.each([
    ["off the grid", isoUtc(firstMs + minuteMs)],
    ["before the run", isoUtc(firstMs - 30 * minuteMs)],
    ["after the run", isoUtc(firstMs + 2 * hourMs)],
  ])("is unknown %s", (_where, period) => {
    expect(biddingRoom().verdict("ann", "orders", anOrder({ period }))).toBe("unknown-period");
  });

  it("is not open yet until its opening; the same request is answered the same, another is decided", () => {
    const room = biddingRoom();
    const order = anOrder({ period: second });
    expect(room.verdict("bob", "orders", order)).toBe("not-open-yet");
    room.tickAt(startMs + 30 * minuteMs);
    expect(room.verdict("bob", "orders", order)).toBe("not-open-yet");
    expect(room.verdict("bob", "orders", anOrder({ period: second }))).toBe("accepted");
  });

  it("takes what is stamped 1 ms before its gate and refuses what is stamped at it", () => {
    const room = biddingRoom();
    room.clock.advanceTo(firstGateMs - 1);
    expect(room.verdict("bob", "orders", anOrder())).toBe("accepted");
    expect(room.verdict("bob", "orders", anOrder(), firstGateMs)).toBe("gate-closed");
    expect(room.verdict("bob", "orders", aChange("o1", 1), firstGateMs)).toBe("gate-closed");
    expect(room.verdict("bob", "orders", aCancel("o1"), firstGateMs)).toBe("gate-closed");
    room.clock.advanceTo(firstGateMs);
    expect(room.verdict("bob", "orders", anOrder())).toBe("gate-closed");
    expect(room.send("bob", "orders", anOrder())).toMatchObject({
      reason: `gate of ${first} closed at ${isoUtc(firstGateMs)}`,
    });
  });
});

describe("what stands against an order or item, first cause first", () => {
  it("names the object that nobody has", () => {
    const room = biddingRoom();
    expect(room.verdict("ann", "items", aWithdrawal("i9"))).toBe("unknown-item");
    expect(room.verdict("ann", "orders", aCancel("o9"))).toBe("unknown-order");
    expect(room.verdict("ann", "orders", aChange("o9", 1))).toBe("unknown-order");
    expect(room.verdict("ann", "orders", anOrder({ itemId: "i9" }))).toBe("unknown-item");
  });

  it("keeps strangers' hands and stale versions off", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder());
    expect(room.verdict("bob", "items", aWithdrawal("i1"))).toBe("not-owner");
    expect(room.verdict("ann", "orders", aCancel("o1"))).toBe("not-owner");
    expect(room.verdict("ann", "orders", aChange("o1", 9))).toBe("not-owner");
    expect(room.verdict("bob", "orders", aChange("o1", 2))).toBe("version-conflict");
    expect(room.verdict("bob", "orders", aChange("o1", 1))).toBe("accepted");
    expect(room.verdict("bob", "orders", aCancel("i1"))).toBe("unknown-order");
  });

  it("guards the item: taken, own, of the same side, too cheap, of another period", () => {
    const room = biddingRoom();
    room.send("ann", "items", aList({ energyKwh: 0.5 }));
    expect(room.verdict("ann", "orders", anOrder({ itemId: "i1" }))).toBe("own-item");
    expect(room.verdict("bob", "orders", anOrder({ itemId: "i1", side: "sell" }))).toBe("wrong-side");
    expect(room.verdict("bob", "orders", anOrder({ itemId: "i1", pricePerKwh: 0.09 }))).toBe("below-item-price");
    expect(room.verdict("bob", "orders", anOrder({ itemId: "i1" }))).toBe("accepted");
    expect(room.verdict("cat", "orders", anOrder({ itemId: "i1" }))).toBe("item-taken");
    expect(room.verdict("ann", "items", aWithdrawal("i1"))).toBe("item-taken");
    room.tickAt(startMs + 30 * minuteMs);
    expect(room.verdict("cat", "orders", anOrder({ itemId: "i1", period: second }))).toBe("unknown-item");
  });

  it("guards energy, price, smallest part and number", () => {
    const room = biddingRoom();
    expect(room.verdict("ann", "orders", anOrder({ energyKwh: 4.001 }))).toBe("energy-out-of-range");
    expect(room.verdict("ann", "orders", anOrder({ energyKwh: 0 }))).toBe("energy-out-of-range");
    expect(room.verdict("ann", "orders", anOrder({ pricePerKwh: 2.000001 }))).toBe("price-out-of-range");
    expect(room.verdict("ann", "orders", anOrder({ pricePerKwh: -1.5 }))).toBe("price-out-of-range");
    expect(room.verdict("ann", "orders", anOrder({ energyKwh: 0.009 }))).toBe("below-minimum");
    for (let i = 0; i < 3; i += 1) expect(room.verdict("ann", "orders", anOrder({ energyKwh: 1 }))).toBe("accepted");
    expect(room.verdict("ann", "items", aList())).toBe("too-many-orders");
    expect(room.verdict("ann", "orders", anOrder({ period: third }))).toBe("not-open-yet");
    expect(room.verdict("ann", "orders", aCancel("o1"))).toBe("accepted");
    expect(room.verdict("ann", "items", aList())).toBe("accepted");
  });
});
