import { describe, expect, it } from "vitest";
import type { MarketTerms } from "../../../../market/terms.js";
import type { ManageGrants } from "../../../../shared/messages/manage.js";
import { isoUtc, minuteMs } from "../../../../shared/time.js";
import { micro } from "../../../../shared/units.js";
import { first, firstGateMs, member, terms as sampleTerms, second, startMs } from "../sample-terms.js";
import { aCancel, aChange, aList, anOrder, aWithdrawal, biddingRoom } from "./bidding-room.js";

const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };

/** Ann and bob may go 0.1 below 0, cat has no limit. Orders pay 0.001 per kWh. */
const terms: MarketTerms = {
  ...sampleTerms,
  members: [
    { ...member("ann"), creditLimitMicro: micro(100_000) },
    { ...member("bob"), creditLimitMicro: micro(100_000) },
    member("cat"),
  ],
};

function creditRoom(funds: { ann?: number; bob?: number } = { ann: 0, bob: 0 }) {
  const room = biddingRoom(terms);
  room.hear({
    type: "TARIFFS",
    message: {
      ...{ ...head, from: isoUtc(startMs), stepMinutes: 60, tariffs: [] },
      ...{ systemBuyPerKwh: [0.1, 0.12, 0.2, 0.18], systemSellPerKwh: [0.04] },
    },
  });
  const grant = (granted: Record<string, number>, settled: string[] = []): void => {
    const grants = Object.entries(granted).map(([participant, amount]) => ({ participant, funds: amount }));
    const message: ManageGrants = { ...head, grants, ...(settled.length === 0 ? {} : { settled }) };
    room.hear({ type: "GRANTS", message });
  };
  grant({ ...funds });
  return { ...room, grant };
}

describe("credit in the bidding manager", () => {
  it("refuses what free funds do not cover, with the numbers, after the other limits of an order", () => {
    const room = creditRoom();
    // 0.5 kWh at 0.12 and 0.001 of service charge: 0.0605.
    expect(room.verdict("bob", "orders", anOrder())).toBe("accepted");
    expect(room.send("bob", "orders", anOrder())).toMatchObject({
      code: "credit-exceeded",
      reason: "This would hold 0.0605, 0.0395 are free: funds 0 + limit 0.1 - 0.0605 held already.",
    });
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 9 }))).toBe("energy-out-of-range");
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.001 }))).toBe("below-minimum");
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.3 }))).toBe("accepted");
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.02 }))).toBe("accepted");
    // Three are open: too many, but that comes after credit.
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.3 }))).toBe("credit-exceeded");
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.01, pricePerKwh: -0.1 }))).toBe("too-many-orders");
  });

  it("leaves alone who has no limit", () => {
    const room = creditRoom();
    expect(room.verdict("cat", "orders", anOrder({ energyKwh: 4, pricePerKwh: 2 }))).toBe("accepted");
  });

  it("is closed to who has a limit before the first grant, and decides the same request once funds are known", () => {
    const room = creditRoom({});
    const order = { ...anOrder({ energyKwh: 0.01 }), requestId: "early" };
    expect(room.send("bob", "orders", order)).toMatchObject({
      code: "market-closed",
      reason: "your funds are not known to the market yet: send again later",
    });
    expect(room.verdict("ann", "items", aList({ pricePerKwh: 1, energyKwh: 0.01 }))).toBe("market-closed");
    expect(room.verdict("cat", "orders", anOrder({ energyKwh: 0.01 }))).toBe("accepted");
    room.grant({ bob: 1 });
    expect(room.verdict("bob", "orders", order)).toBe("accepted");
  });

  it("holds of a seller what the system buy price of the very period is above its ask", () => {
    const room = creditRoom();
    // SBP at 02:00 is 0.2: 0.1 + 0.001 per kWh.
    expect(room.verdict("ann", "items", aList({ energyKwh: 1 }))).toBe("credit-exceeded");
    expect(room.verdict("ann", "items", aList({ energyKwh: 0.99 }))).toBe("accepted");
    expect(room.verdict("ann", "orders", anOrder({ side: "sell", pricePerKwh: 0.3, energyKwh: 0.01 }))).toBe(
      "accepted",
    );
    expect(room.verdict("ann", "items", aWithdrawal("i1"))).toBe("accepted");
    expect(room.verdict("ann", "items", aList({ energyKwh: 0.98 }))).toBe("accepted");
  });

  it("holds a modified order anew, releases a cancelled one, and lets who is short of funds shrink", () => {
    const room = creditRoom();
    room.send("bob", "orders", anOrder());
    expect(room.verdict("bob", "orders", aChange("o1", 1, { energyKwh: 0.83 }))).toBe("credit-exceeded");
    expect(room.verdict("bob", "orders", aChange("o1", 1, { energyKwh: 0.82 }))).toBe("accepted");
    room.grant({ bob: -1 });
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.01 }))).toBe("credit-exceeded");
    expect(room.verdict("bob", "orders", aChange("o1", 2, { energyKwh: 0.7 }))).toBe("accepted");
    expect(room.verdict("bob", "orders", aChange("o1", 3, { energyKwh: 0.71 }))).toBe("credit-exceeded");
    expect(room.verdict("bob", "orders", aCancel("o1"))).toBe("accepted");
    room.grant({ bob: 0 });
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.82 }))).toBe("accepted");
  });

  it("captures at the gate what was traded at its own price, releases the rest, and ends that with the settled period", () => {
    const room = creditRoom();
    room.tickAt(startMs + 30 * minuteMs);
    room.send("cat", "items", aList({ energyKwh: 0.4, pricePerKwh: 0.1 }));
    // Held at the own limit, 0.0825 and 0.8 kWh; traded: 0.4 kWh at 0.1 with 0.001: 0.0404.
    expect(room.verdict("bob", "orders", anOrder({ energyKwh: 0.8, itemId: "i1", pricePerKwh: 0.11 }))).toBe(
      "accepted",
    );
    expect(room.verdict("bob", "orders", anOrder({ period: second, energyKwh: 0.1 }))).toBe("credit-exceeded");
    room.tickAt(firstGateMs);
    const more = (energyKwh: number) =>
      room.verdict("bob", "orders", anOrder({ period: second, pricePerKwh: 0.099, energyKwh }));
    expect(more(0.597)).toBe("credit-exceeded");
    expect(more(0.596)).toBe("accepted");
    room.grant({ bob: 0 });
    expect(more(0.404)).toBe("credit-exceeded");
    room.grant({ bob: 0 }, [first]);
    room.grant({ bob: 0 }, [first]);
    expect(more(0.405)).toBe("credit-exceeded");
    expect(more(0.404)).toBe("accepted");
  });
});
