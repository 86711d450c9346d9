import { describe, expect, it } from "vitest";
import { noOrders, noteFill, noteReply, noteSent, standing } from "../../../agents/prosumer/own-orders.js";
import type { Fill, Reply } from "../../../shared/messages/private.js";
import { isoUtc } from "../../../shared/time.js";

const periodMs = Date.UTC(2016, 7, 1, 2);
const order = {
  action: "place",
  side: "sell",
  periodMs,
  energyWh: 500,
  priceMicroPerKwh: 100_000,
  itemId: undefined,
} as const;
const stamp = { v: 1 as const, ts: isoUtc(periodMs) };
const accepted = (requestId: string, version: number): Reply => ({
  ...{ ...stamp, requestId, topic: "orders", status: "accepted", orderId: "o1", version, biddingCycle: 1 },
  ...{ period: isoUtc(periodMs), acceptedAt: isoUtc(periodMs) },
});
const filled = (energyKwh: number): Fill => ({
  ...{ ...stamp, n: 1, period: isoUtc(periodMs), orderId: "o1", itemId: null },
  ...{ kind: "filled", energyKwh, pricePerKwh: 0.1 },
});

describe("an own order that is matched as it comes", () => {
  it("counts a fill that is heard before the reply that names the order", () => {
    const own = noOrders();
    noteSent(own, order, "r1");
    noteFill(own, periodMs, filled(0.2));
    noteReply(own, accepted("r1", 1));
    noteFill(own, periodMs, filled(0.1));
    expect(standing(own, periodMs).orders).toMatchObject([{ orderId: "o1", energyWh: 500, filledWh: 300 }]);
  });

  it("keeps what it has traded when the rest is cancelled", () => {
    const own = noOrders();
    noteSent(own, order, "r1");
    noteReply(own, accepted("r1", 1));
    noteFill(own, periodMs, filled(0.2));
    noteSent(own, { action: "cancel", periodMs, orderId: "o1" }, "r2");
    noteReply(own, accepted("r2", 2));
    expect(standing(own, periodMs).orders).toMatchObject([{ energyWh: 200, filledWh: 200, settled: true }]);
  });

  it("is gone when it is cancelled before it has traded", () => {
    const own = noOrders();
    noteSent(own, order, "r1");
    noteReply(own, accepted("r1", 1));
    noteSent(own, { action: "cancel", periodMs, orderId: "o1" }, "r2");
    noteReply(own, accepted("r2", 2));
    expect(standing(own, periodMs).orders).toEqual([]);
  });
});
