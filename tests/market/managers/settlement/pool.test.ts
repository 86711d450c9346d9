import { describe, expect, it } from "vitest";
import { billSharing } from "../../../../market/rules/mechanisms/bill-sharing.js";
import type { Pool } from "../../../../market/rules/mechanisms/mechanism.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import type { MarketTerms } from "../../../../market/terms.js";
import { dayMs, hourMs, minuteMs } from "../../../../shared/time.js";
import { calendar, first, firstMs, second, secondMs, startMs, terms } from "../sample-terms.js";
import { endMs, reading, settlementRoom } from "./settlement-room.js";

const halfHourMs = 30 * minuteMs;
const runEndMs = firstMs + 2 * halfHourMs;
const monthly: MarketTerms = {
  ...terms,
  calendar: { ...calendar, periods: 2, monthStartsMs: [startMs - 31 * dayMs, startMs + 31 * dayMs] },
};

function poolRoom(pool: Pool, roomTerms: MarketTerms) {
  const room = settlementRoom(roomTerms, pool);
  for (const period of [first, second]) room.contract(period, []);
  return {
    ...room,
    kinds: (id: string, level?: string) => room.bills(id, level).map(({ lines }) => lines.map(({ kind }) => kind)),
  };
}
type Room = ReturnType<typeof poolRoom>;

const meterFirst = (room: Room, bob = reading("bob", 0.6)) =>
  room.meter(first, [reading("ann", 0, 0.5), bob, reading("cat", 0)]);
const meterSecond = (room: Room) =>
  room.meter(second, [reading("ann", 0, 0.3), reading("bob", 0.2), reading("cat", 0)]);
const pricesOf = (room: Room) =>
  room.facts.flatMap((fact) => (fact.type === "settled" ? [[fact.prices.periodMs, fact.prices.pool]] : []));
const sumOf = (balances: ReadonlyMap<string, number>): number =>
  [...balances.values()].reduce((sum, one) => sum + one, 0);

describe("the settlement manager of a pool that prices each period", () => {
  it("settles a period once it is metered, bills its metered energy, and tells the price pair", () => {
    const room = poolRoom(midMarketRate, terms);
    room.tickAt(endMs + hourMs);
    meterFirst(room);
    // Middle of 0.1457 and 0.0503: 0.098; 0.5 of bob's 0.6 kWh at it, the rest at retail.
    expect(pricesOf(room)).toEqual([[firstMs, { buyMicroPerKwh: 105_950, sellMicroPerKwh: 98_000 }]]);
    room.tickAt(endMs + dayMs);
    const [bill] = room.bills("bob");
    expect(bill).toMatchObject({ contractedKwh: 0, meteredKwh: -0.6 });
    expect(bill?.lines[0]).toEqual({ kind: "trade", energyKwh: -0.6, pricePerKwh: 0.10595, amount: -0.06357 });
    expect(room.kinds("ann")).toEqual([["trade", "service-charge"]]);
    expect(sumOf(room.balances())).toBe(0);
    expect(room.balances().get("pool") ?? 0).toBe(0);
    const kpi = room.outbox.on("public/kpi").at(-1);
    expect(kpi).toMatchObject({ localShare: 0.833333, meanPricePerKwh: null });
  });
});

describe("the settlement manager of a pool whose prices change with the hour", () => {
  it("takes a guest who was told his prices later at those that hold for all in the period", () => {
    const room = poolRoom(midMarketRate, terms);
    room.tariffsFrom(secondMs, "zoe");
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0), reading("zoe", 0.1)]);
    expect(pricesOf(room)).toHaveLength(1);
    const told = room.facts.flatMap((fact) => (fact.type === "settled" ? fact.prices.tariffs : []));
    expect(told.map(({ exportMicroPerKwh }) => exportMicroPerKwh)).toEqual([50_300, 50_300, 50_300, 50_300]);
  });
});

describe("the settlement manager of bill sharing", () => {
  it("books nothing before the last period of the month is metered, then settles all at one price pair", () => {
    const room = poolRoom(billSharing, monthly);
    room.tickAt(runEndMs + hourMs);
    meterFirst(room);
    expect(room.facts).toEqual([]);
    expect(room.reports.at(-1)?.periods).toEqual([]);
    room.tickAt(runEndMs + hourMs);
    expect(room.reports.at(-1)?.periods).toEqual([{ period: first, phase: "settling" }]);
    meterSecond(room);
    // 0.1 kWh at retail over 0.8 kWh taken; 0.1 kWh at export over 0.8 kWh fed in.
    const prices = { buyMicroPerKwh: 18_213, sellMicroPerKwh: 6287 };
    expect(pricesOf(room)).toEqual([
      [firstMs, prices],
      [secondMs, prices],
    ]);
    expect(room.balances().get("pool") ?? 0).toBe(0);
    expect(Math.abs(room.balances().get("rounding") ?? 0)).toBeLessThanOrEqual(3);
  });

  it("bills all periods at the bill date after the run's end", () => {
    const room = poolRoom(billSharing, monthly);
    room.tickAt(runEndMs + hourMs);
    meterFirst(room);
    meterSecond(room);
    room.tickAt(runEndMs + dayMs - 1);
    expect(room.bills("bob")).toEqual([]);
    room.tickAt(runEndMs + dayMs);
    expect(room.facts.flatMap((fact) => (fact.type === "billed" ? [fact.periodMs] : []))).toEqual([firstMs, secondMs]);
    expect(room.bills("bob", "20160801-0230")[0]?.previous).toBe(room.bills("bob")[0]?.hash);
    expect(room.facts.at(-1)?.type).toBe("head");
  });

  it("takes a correction that comes before the price into the price, and one that comes after at that price", () => {
    const [early, never] = [poolRoom(billSharing, monthly), poolRoom(billSharing, monthly)];
    for (const room of [early, never]) room.tickAt(runEndMs + hourMs);
    meterFirst(early, reading("bob", 0.1, 0, "estimated"));
    early.meter(first, [reading("bob", 0.6)], true);
    meterFirst(never);
    meterSecond(early);
    meterSecond(never);
    expect(pricesOf(early)).toEqual(pricesOf(never));
    expect(early.lines).toEqual([]);
    early.tickAt(runEndMs + dayMs);
    early.meter(second, [reading("bob", 0.7)], true);
    const [, correction] = early.bills("bob", "20160801-0230");
    // 0.5 kWh more at 0.018213, and the service charge on 0.1 kWh more of what ann fed in.
    expect(correction?.lines).toMatchObject([{ kind: "correction", energyKwh: -0.5, amount: -0.009206 }]);
    expect(sumOf(early.balances())).toBe(0);
    expect(early.balances().get("pool") ?? 0).toBe(0);
  });

  it("sends bills that were due before the last period was metered as soon as they have a price", () => {
    const room = poolRoom(billSharing, monthly);
    room.tickAt(runEndMs + hourMs);
    meterFirst(room);
    room.tickAt(runEndMs + 2 * dayMs);
    expect(room.bills("bob")).toEqual([]);
    meterSecond(room);
    expect(room.bills("bob")).toHaveLength(1);
    room.tickAt(runEndMs + 2 * dayMs);
    expect(room.bills("bob", "20160801-0230")).toHaveLength(1);
  });
});
