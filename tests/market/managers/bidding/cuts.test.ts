import { describe, expect, it } from "vitest";
import type { Fact } from "../../../../market/facts.js";
import { listing } from "../../../../market/rules/mechanisms/listing.js";
import type { ManageLimits } from "../../../../shared/messages/manage.js";
import { contract as contractSchema } from "../../../../shared/messages/private.js";
import { isoUtc } from "../../../../shared/time.js";
import { micro } from "../../../../shared/units.js";
import { first, firstGateMs, firstMs, member, second, startMs, terms, tickMs } from "../sample-terms.js";
import { aList, anOrder, biddingRoom } from "./bidding-room.js";

type Said = Partial<Pick<ManageLimits, "cuts" | "limits" | "period">>;

/** The DSO's word on the first period. */
function dso(said: Said, n = 1) {
  const message: ManageLimits = { v: 1, ts: isoUtc(firstGateMs), n, period: first, cuts: [], limits: [], ...said };
  return { type: "LIMITS", message } as const;
}
const overloaded = { element: "line R3-R11", limit: 32, value: 35.5 };

/** Two sellers and two buyers of 0.5 kWh each meet in the auction; the gate has closed. */
function roomAtGate(own = terms) {
  const room = biddingRoom(own);
  room.send("ann", "orders", anOrder({ side: "sell", pricePerKwh: 0.1 }));
  room.send("bob", "orders", anOrder({ side: "sell", pricePerKwh: 0.1 }));
  room.send("cat", "orders", anOrder());
  room.send("ann", "orders", anOrder());
  room.tickAt(firstGateMs);
  const factsBefore = room.facts.length;
  const newFacts = (type: Fact["type"]) => room.facts.slice(factsBefore).filter((fact) => fact.type === type);
  return { ...room, newFacts };
}

describe("the DSO's word between gate and exchange", () => {
  it("cuts the named and, last on first off, the other side, and tells both why", () => {
    const room = roomAtGate();
    room.hear(dso({ cuts: [{ orderId: "o3", cutKwh: 0.2, ...overloaded }] }));
    const receiptsOf = (id: string) =>
      contractSchema
        .parse(room.outbox.on(`private/${id}/contracts/20160801-0200`).at(-1))
        .orders.map(({ orderId, outcome, energyKwh, why }) => [
          ...[orderId, outcome, energyKwh],
          why.split("; at the gate")[0],
        ]);
    expect(receiptsOf("cat")).toEqual([
      ["o3", "partly", 0.3, "cut by the DSO: line R3-R11, limit 32, would be 35.5; lost 0.2 of 0.5 kWh"],
    ]);
    expect(receiptsOf("bob")?.[0]?.slice(0, 3)).toEqual(["o2", "partly", 0.3]);
    expect(receiptsOf("bob")?.[0]?.[3]).toContain("cut by the DSO: the other side was cut; lost 0.2 of 0.5 kWh");
    expect(receiptsOf("ann")).toEqual([
      ["o1", "filled", 0.5, "cleared at 0.11"],
      ["o4", "filled", 0.5, "cleared at 0.11"],
    ]);
    expect(room.outbox.on("private/bob/contracts/20160801-0200").at(-1)).toMatchObject({
      ...{ energyKwh: 0.3, value: 0.033, checked: true, maxImportKw: 8 },
    });
    expect(room.outbox.on("public/results/20160801-0200").at(-1)).toMatchObject({
      ...{ pricePerKwh: 0.11, volumeKwh: 0.8, cutKwh: 0.2, priceLow: 0.1, priceHigh: 0.12 },
    });
    expect(room.outbox.on("private/bob/fills").at(-1)).toMatchObject({
      ...{ orderId: "o2", kind: "released", energyKwh: 0.2, pricePerKwh: 0.11 },
    });
  });

  it("holds a participant that it limits twice to the lesser limit in each direction", () => {
    const room = roomAtGate();
    const limits = [
      { participant: "cat", maxImportKw: 2, maxExportKw: 3 },
      { participant: "cat", maxImportKw: 4, maxExportKw: 1 },
    ];
    room.hear(dso({ limits }));
    const least = { maxImportKw: 2, maxExportKw: 1 };
    expect(room.outbox.on("private/cat/contracts/20160801-0200").at(-1)).toMatchObject(least);
    const handed = room.handed.filter(({ kind }) => kind === "contracts").at(-1);
    expect(handed?.body).toMatchObject({ limits: [{ participant: "cat", ...least }] });
  });

  it("is recorded as facts of its own, and the contracts are handed on again", () => {
    const room = roomAtGate();
    room.hear(dso({ cuts: [{ orderId: "o3", cutKwh: 0.2, ...overloaded }] }));
    expect(room.newFacts("cut")).toEqual([
      {
        ...{ type: "cut", periodMs: firstMs },
        orders: [
          { orderId: "o3", participant: "cat", side: "buy", cutWh: 200, askedWh: 200, cause: overloaded },
          { orderId: "o2", participant: "bob", side: "sell", cutWh: 200, askedWh: 0, cause: undefined },
        ],
      },
    ]);
    expect(room.newFacts("fate")).toEqual([]);
    expect(room.newFacts("trade")).toEqual([]);
    expect(room.newFacts("cleared")).toMatchObject([{ price: { priceMicroPerKwh: 110_000, volumeWh: 800 } }]);
    expect(room.newFacts("contract")).toMatchObject([
      { participant: "ann", energyWh: 0 },
      { participant: "bob", energyWh: 300 },
      { participant: "cat", energyWh: -300 },
    ]);
    const [before, after] = room.handed.filter(({ kind }) => kind === "contracts");
    expect(before?.body).toMatchObject({ checked: false });
    expect(after?.body).toMatchObject({ checked: true, period: first, limits: [] });
    const energies = (after?.kind === "contracts" ? after.body.trades : []).map(({ energyKwh }) => energyKwh);
    expect(energies.reduce((sum, energyKwh) => sum + energyKwh, 0)).toBeCloseTo(0.8, 9);
  });

  it("shrinks an order on an item on both sides", () => {
    const room = biddingRoom(terms, listing);
    room.send("ann", "items", aList());
    room.send("bob", "orders", anOrder({ itemId: "i1" }));
    room.send("cat", "orders", anOrder({ itemId: "i1" }));
    room.tickAt(firstGateMs);
    room.hear(dso({ cuts: [{ orderId: "i1", cutKwh: 0.7, ...overloaded }] }));
    const contractOf = (id: string) => room.outbox.on(`private/${id}/contracts/20160801-0200`).at(-1);
    expect(contractOf("ann")).toMatchObject({ energyKwh: 0.3, orders: [{ outcome: "partly" }] });
    expect(contractOf("bob")).toMatchObject({ energyKwh: -0.3 });
    expect(contractOf("cat")).toMatchObject({ energyKwh: 0, orders: [{ outcome: "unfilled", pricePerKwh: null }] });
  });

  it("tells operating limits to whoever's are below its capacity, also who had no order, and hands them on", () => {
    const room = biddingRoom();
    room.send("ann", "orders", anOrder());
    room.tickAt(firstGateMs);
    const limits = [
      { participant: "bob", maxImportKw: 3, maxExportKw: 5 },
      { participant: "cat", maxImportKw: 8, maxExportKw: 9 },
    ];
    room.hear(dso({ limits }));
    const contractsOf = (id: string) => room.outbox.on(`private/${id}/contracts/20160801-0200`);
    expect(contractsOf("bob")).toMatchObject([
      { energyKwh: 0, maxImportKw: 3, maxExportKw: 5, checked: true, orders: [] },
    ]);
    expect(contractsOf("cat")).toEqual([]);
    expect(contractsOf("ann").map(({ checked }) => checked)).toEqual([false, true]);
    expect(room.handed.at(-1)).toMatchObject({ kind: "contracts", body: { limits } });
    expect(room.facts.some(({ type }) => type === "cut")).toBe(false);
  });

  it("is heard once, and neither before the gate nor from the exchange on", () => {
    const cuts = [{ orderId: "o3", cutKwh: 0.2, ...overloaded }];
    const room = roomAtGate();
    room.hear(dso({ cuts, period: second }));
    expect(room.lines.at(-1)).toContain(`the DSO's word on ${second} is refused`);
    room.hear(dso({ cuts, period: "2016-09-01T00:00:00Z" }));
    expect(room.lines.at(-1)).toContain("is refused");
    room.hear(dso({ cuts }));
    room.hear(dso({ cuts }, 2));
    expect(room.lines.at(-1)).toContain(`the DSO's word on ${first} is refused`);
    expect(room.newFacts("cut")).toHaveLength(1);
    const late = roomAtGate();
    late.tickAt(firstMs);
    late.hear(dso({ cuts }));
    expect(late.newFacts("cut")).toEqual([]);
    expect(late.lines.at(-1)).toContain("is refused");
    const inTime = roomAtGate();
    inTime.tickAt(firstMs - tickMs);
    inTime.hear(dso({ cuts }));
    expect(inTime.newFacts("cut")).toHaveLength(1);
  });

  it("is heard as far as the market knows what it names", () => {
    const room = roomAtGate();
    const cuts = ["o3", "o77"].map((orderId) => ({ orderId, cutKwh: 0.1, ...overloaded }));
    room.hear(dso({ cuts, limits: [{ participant: "zoe", maxImportKw: 1, maxExportKw: 1 }] }));
    expect(room.newFacts("cut")).toMatchObject([{ orders: [{ orderId: "o3" }, { orderId: "o2" }] }]);
    expect(room.lines.at(-1)).toContain("names what nobody knows");
    expect(room.outbox.on("private/zoe/contracts/20160801-0200")).toEqual([]);
  });

  it("leaves the position of who was cut for the other side, and shrinks that of the named, where imbalance is full", () => {
    const room = roomAtGate({ ...terms, settlement: { ...terms.settlement, imbalance: "full" } });
    room.hear(dso({ cuts: [{ orderId: "o3", cutKwh: 0.2, ...overloaded }] }));
    const positions = [
      { participant: "bob", energyWh: 500 },
      { participant: "cat", energyWh: -300 },
    ];
    expect(room.newFacts("notified")).toEqual([{ type: "notified", periodMs: firstMs, positions }]);
    expect(room.handed.at(-1)?.body).toMatchObject({
      positions: [
        { participant: "bob", energyKwh: 0.5 },
        { participant: "cat", energyKwh: -0.3 },
      ],
    });
  });

  it("tells what it took, and what who both buys and sells lost without being named; its rating does not suffer", () => {
    const room = roomAtGate();
    room.hear(dso({ cuts: [{ orderId: "o2", cutKwh: 0.2, ...overloaded }] }));
    // Ann sold 0.5 kWh and bought 0.5: her purchase, the later one, loses what Bob cannot sell.
    expect(room.newFacts("contract")).toMatchObject([{ participant: "ann", energyWh: 200, lostWh: -200 }, {}, {}]);
    expect(room.newFacts("contract").filter((fact) => "lostWh" in fact)).toHaveLength(1);
    const body = room.handed.at(-1)?.body;
    expect(body).toMatchObject({ lost: [{ participant: "ann", energyKwh: -0.2 }], cut: { orders: 1, energyKwh: 0.2 } });
    const readings = [{ participant: "ann", importKwh: 0, exportKwh: 0, generationKwh: 0, quality: "actual" as const }];
    room.send("ann", "items", aList({ period: second }));
    room.hear({ type: "METERED", message: { v: 1, ts: first, n: 1, period: first, correction: false, readings } });
    room.tickAt(firstGateMs + tickMs);
    expect(room.outbox.on("public/items/20160801-0230").at(-1)).toMatchObject({ items: [{ reliability: 1 }] });
  });

  it("leaves that to the positions where imbalance is full", () => {
    const room = roomAtGate({ ...terms, settlement: { ...terms.settlement, imbalance: "full" } });
    room.hear(dso({ cuts: [{ orderId: "o2", cutKwh: 0.2, ...overloaded }] }));
    expect(room.handed.at(-1)?.body).not.toHaveProperty("lost");
    expect(room.handed.at(-1)?.body).toMatchObject({ positions: [{ participant: "ann", energyKwh: 0 }, {}] });
  });

  it("releases the funds that were held for the energy cut", () => {
    const limited = {
      ...terms,
      members: [member("ann"), member("bob"), { ...member("cat"), creditLimitMicro: micro(0) }],
    };
    const room = biddingRoom(limited);
    const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };
    const prices = { systemBuyPerKwh: [0.1], systemSellPerKwh: [0.04] };
    room.hear({
      type: "TARIFFS",
      message: { ...head, from: isoUtc(startMs), stepMinutes: 60, tariffs: [], ...prices },
    });
    room.hear({ type: "GRANTS", message: { ...head, grants: [{ participant: "cat", funds: 0.0605 }] } });
    room.send("bob", "orders", anOrder({ side: "sell", pricePerKwh: 0.12 }));
    expect(room.verdict("cat", "orders", anOrder())).toBe("accepted");
    room.tickAt(firstGateMs);
    const another = () => room.verdict("cat", "orders", anOrder({ period: second, energyKwh: 0.3 }));
    expect(another()).toBe("credit-exceeded");
    room.hear(dso({ cuts: [{ orderId: "o2", cutKwh: 0.2, ...overloaded }] }));
    expect(another()).toBe("credit-exceeded");
    expect(room.verdict("cat", "orders", anOrder({ period: second, energyKwh: 0.2 }))).toBe("accepted");
  });

  it("lets a rating count what stands", () => {
    const room = roomAtGate();
    room.hear(dso({ cuts: [{ orderId: "o3", cutKwh: 0.2, ...overloaded }] }));
    const reading = {
      participant: "bob",
      importKwh: 0,
      exportKwh: 0.3,
      generationKwh: 0.3,
      quality: "actual",
    } as const;
    const metered = { v: 1, ts: first, n: 1, period: first, correction: false, readings: [reading] } as const;
    room.send("bob", "items", aList({ period: second }));
    room.hear({ type: "METERED", message: { ...metered, readings: [reading] } });
    room.tickAt(firstGateMs + tickMs);
    expect(room.outbox.on("public/items/20160801-0230").at(-1)).toMatchObject({ items: [{ reliability: 1 }] });
  });
});
