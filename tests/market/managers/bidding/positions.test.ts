import { describe, expect, it } from "vitest";
import type { MarketTerms } from "../../../../market/terms.js";
import { first, firstGateMs, firstMs, terms as sampleTerms } from "../sample-terms.js";
import { aList, anOrder, biddingRoom } from "./bidding-room.js";

const terms: MarketTerms = { ...sampleTerms, settlement: { ...sampleTerms.settlement, imbalance: "full" } };
let requests = 0;
const aPosition = (energyKwh: number, fields: object = {}) => {
  requests += 1;
  return { v: 1, requestId: `n${requests}`, action: "notify", period: first, energyKwh, ...fields };
};

describe("positions notified before the gate", () => {
  it("are handed over with the contracts and told as a fact, the last word of each, sorted", () => {
    const room = biddingRoom(terms);
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    expect(room.send("cat", "orders", aPosition(0.7))).toMatchObject({ status: "accepted", period: first });
    expect(room.verdict("bob", "orders", aPosition(-0.6))).toBe("accepted");
    expect(room.verdict("cat", "orders", aPosition(-0.25))).toBe("accepted");
    room.tickAt(firstGateMs);
    expect(room.handed[0]).toMatchObject({
      body: {
        trades: [{ buyer: "bob", energyKwh: 0.5 }],
        positions: [
          { participant: "bob", energyKwh: -0.6 },
          { participant: "cat", energyKwh: -0.25 },
        ],
      },
    });
    expect(room.facts).toContainEqual({
      type: "notified",
      periodMs: firstMs,
      positions: [
        { participant: "bob", energyWh: -600 },
        { participant: "cat", energyWh: -250 },
      ],
    });
  });

  it("are nothing to hand over where nobody notified one", () => {
    const room = biddingRoom(terms);
    room.tickAt(firstGateMs);
    expect(room.handed[0]?.body).not.toHaveProperty("positions");
    expect(room.facts.some(({ type }) => type === "notified")).toBe(false);
  });

  it("are refused out of the connection's range, after the gate, and from who has no meter", () => {
    const room = biddingRoom(terms);
    expect(room.send("ann", "orders", aPosition(-4.001))).toMatchObject({
      code: "energy-out-of-range",
      reason: "-4.001 kWh notified, it must be between -4 and 4 kWh, the capacity over the period.",
    });
    expect(room.verdict("ann", "orders", aPosition(4))).toBe("accepted");
    expect(room.verdict("ann", "orders", aPosition(1, { period: "2016-08-01T02:01:00Z" }))).toBe("unknown-period");
    expect(room.verdict("ann", "orders", aPosition(1), firstGateMs)).toBe("gate-closed");
    expect(room.verdict("ann-meter", "orders", aPosition(0))).toBe("not-owner");
  });

  it("are no message of a market where only promises count", () => {
    expect(biddingRoom().verdict("ann", "orders", aPosition(0.1))).toBe("bad-message");
  });
});
