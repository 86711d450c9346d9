import { describe, expect, it } from "vitest";
import { billHash } from "../../../../market/rules/bill.js";
import { dayMs, hourMs, instantFromIso, isoUtc, minuteMs } from "../../../../shared/time.js";
import { membersMessage, sha256 } from "../recording-ports.js";
import { first, firstMs, second, startMs, terms } from "../sample-terms.js";
import { billMs, endMs, meteredRoom, people, reading, settlementRoom, trade } from "./settlement-room.js";

/** What a period without contracts is settled at, which all have read their meters for. */
function settledTariffs(room: ReturnType<typeof settlementRoom>) {
  room.contract(first, []);
  room.tickAt(endMs + hourMs);
  room.meter(
    first,
    people.map((id) => reading(id, 0.1)),
  );
  return room.facts.find((fact) => fact.type === "settled")?.prices.tariffs;
}

const micro = (amount: number) => Math.round(amount * 1e6);

describe("the settlement manager", () => {
  it("tells everyone who consumes his own tariff, and again only when it has changed", () => {
    const room = settlementRoom();
    expect(room.outbox.retained.get("private/ann/tariff")).toMatchObject({ supplier: "retail1", capacityKw: 8 });
    expect(room.outbox.retained.has("private/ann-meter/tariff")).toBe(false);
    room.actor.send({ type: "MEMBERS", message: membersMessage(terms.members) });
    expect(room.outbox.on("private/ann/tariff")).toHaveLength(1);
  });

  it("sends the bills at the bill date, not before, and says that the period is billed", () => {
    const room = meteredRoom();
    room.tickAt(billMs - 1);
    expect(room.bills("bob")).toEqual([]);
    room.tickAt(billMs);
    const [bill] = room.bills("bob");
    expect(bill).toMatchObject({ period: first, contractedKwh: -0.5, meteredKwh: -0.6, previous: "" });
    expect(bill?.lines.map(({ kind, energyKwh, amount }) => [kind, energyKwh, amount])).toEqual([
      ["trade", -0.5, -0.05],
      ["supply", -0.1, -0.01457],
      ["service-charge", 0, -0.0005],
    ]);
    expect(bill?.total).toBe(-0.06507);
    expect(room.facts.at(-1)).toEqual({ type: "billed", periodMs: firstMs });
    expect(room.facts.filter(({ type }) => type === "bill")).toHaveLength(3);
  });

  it("books double entries that sum to zero, and bills exactly what it booked", () => {
    const room = meteredRoom([reading("ann", 0, 0.3), reading("bob", 0.2), reading("cat", 0.2)]);
    room.tickAt(billMs);
    const balances = room.balances();
    expect([...balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
    for (const id of people) {
      const billed = room.bills(id).reduce((sum, { total }) => sum + micro(total), 0);
      expect([id, balances.get(`participant:${id}`) ?? 0]).toEqual([id, billed]);
    }
    expect(balances.get("balancing") ?? 0).toBe(0);
  });

  it("chains each participant's bills by hashes that anybody can verify", () => {
    const room = meteredRoom();
    room.contract(second, []);
    room.tickAt(endMs + 2 * hourMs);
    room.meter(
      second,
      people.map((id) => reading(id, 0.1)),
    );
    room.tickAt(billMs + hourMs);
    const chain = [...room.bills("bob"), ...room.bills("bob", "20160801-0230")];
    expect(chain).toHaveLength(2);
    let previous = "";
    for (const bill of chain) {
      expect(bill.previous).toBe(previous);
      expect(billHash(bill, sha256)).toBe(bill.hash);
      previous = bill.hash;
    }
    expect(new Set(room.facts.flatMap((fact) => (fact.type === "bill" ? [fact.bill.billId] : []))).size).toBe(6);
  });

  it("waits for the contracts of a period that is metered before they come, corrections included", () => {
    const room = settlementRoom();
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6, 0, "estimated"), reading("cat", 0)]);
    room.meter(first, [reading("bob", 0.7)], true);
    expect(room.facts).toEqual([]);
    room.contract(first, [trade(0.5)]);
    room.tickAt(billMs);
    const [bill] = room.bills("bob");
    expect(bill).toMatchObject({ contractedKwh: -0.5, meteredKwh: -0.7 });
    expect(bill?.lines.map(({ kind }) => kind)).toContain("trade");
  });

  it("waits for the tariffs of a period that is metered before they come: they are told by another process", () => {
    const room = settlementRoom(terms, undefined, false);
    room.tickAt(endMs + hourMs);
    room.contract(first, [trade(0.5)]);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0)]);
    expect(room.facts).toEqual([]);
    room.tellTariffs();
    room.tickAt(billMs);
    expect(room.bills("bob")).toHaveLength(1);
  });

  it("keeps the tariff of every period that is not settled yet, however many guests come", () => {
    const room = settlementRoom();
    for (let guest = 0; guest < 60; guest += 1) room.tariffsFrom(endMs + guest * 30 * minuteMs);
    room.contract(first, [trade(0.5)]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0)]);
    room.tickAt(billMs);
    expect(room.bills("bob")).toHaveLength(1);
  });

  it("puts a correction that comes before the bill date on the bill", () => {
    const room = meteredRoom([reading("ann", 0, 0.5), reading("bob", 0.5, 0, "estimated"), reading("cat", 0)]);
    room.meter(first, [reading("bob", 0.7)], true);
    room.tickAt(billMs);
    const [bill, ...more] = room.bills("bob");
    expect(more).toEqual([]);
    expect(bill?.meteredKwh).toBe(-0.7);
    expect(bill?.lines.at(-1)).toMatchObject({ kind: "correction", energyKwh: -0.2, amount: -0.02914 });
    expect(room.balances().get("participant:bob")).toBe(micro(bill?.total ?? 0));
  });

  it.each([
    ["after the bill date", billMs + hourMs],
    ["after the bills have been cleared", billMs + 10 * dayMs],
    ["at the last moment of the correction limit", endMs + 90 * dayMs - 1],
  ])("sends a bill of the correction alone when it comes %s", (_when, atMs) => {
    const room = meteredRoom([reading("ann", 0, 0.5), reading("bob", 0.5, 0, "estimated"), reading("cat", 0)]);
    room.tickAt(billMs);
    room.tickAt(atMs);
    room.meter(first, [reading("bob", 0.7)], true);
    const [bill, correction] = room.bills("bob");
    expect(correction).toMatchObject({ previous: bill?.hash, meteredKwh: -0.7, total: -0.02914 });
    expect(correction?.lines.map(({ kind }) => kind)).toEqual(["correction"]);
    expect(room.bills("cat")).toHaveLength(1);
    expect([...room.balances().values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
    room.tickAt(atMs + 7 * dayMs);
    expect([...room.outbox.retained.keys()].filter((topic) => topic.includes("/bills/"))).toEqual([]);
  });

  it("clears them after 7 days also where corrections are taken for less", () => {
    const room = settlementRoom({ ...terms, calendar: { ...terms.calendar, correctionDays: 2 } });
    room.contract(first, [trade(0.5)]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6)]);
    for (let day = 1; day < 8; day += 1) room.tickAt(endMs + hourMs + day * dayMs);
    expect(room.bills("bob")).toHaveLength(1);
    room.tickAt(billMs + 7 * dayMs);
    expect([...room.outbox.retained.keys()].filter((topic) => topic.includes("/bills/"))).toEqual([]);
  });

  it("clears the bills from their topics after 7 days", () => {
    const room = meteredRoom();
    const kept = () => [...room.outbox.retained.keys()].filter((topic) => topic.includes("/bills/"));
    room.tickAt(billMs + 7 * dayMs - 1);
    expect(kept()).toEqual(people.map((id) => `private/${id}/bills/20160801-0200`));
    room.tickAt(billMs + 7 * dayMs);
    expect(kept()).toEqual([]);
  });

  it("takes a repeated end of metering once, and survives a correction of what it never settled", () => {
    const room = meteredRoom();
    const entries = room.facts.length;
    room.meter(first, [reading("ann", 0, 9), reading("bob", 9), reading("cat", 9)]);
    room.meter(second, [reading("ann", 0, 9)], true);
    room.meter(isoUtc((instantFromIso(first) ?? 0) - dayMs), [reading("ann", 0, 9)], true);
    expect(room.facts).toHaveLength(entries);
    expect(room.lines.some((line) => line.includes("no settlement to correct"))).toBe(true);
  });

  it("publishes the key figures when they have changed", () => {
    const room = meteredRoom();
    room.tickAt(endMs + hourMs);
    room.tickAt(endMs + hourMs + minuteMs);
    expect(room.outbox.on("public/kpi")).toHaveLength(1);
  });

  it("goes by the supplier's newest word, also where that begins before what was told earlier", () => {
    const room = settlementRoom();
    room.tariffsFrom(firstMs);
    const tariffs = people.map((participant) => ({
      ...{ participant, supplier: "retail2", importPerKwh: [0.2], exportPerKwh: [0.1] },
    }));
    const prices = { stepMinutes: 30, systemBuyPerKwh: [0.2], systemSellPerKwh: [0.04] };
    const head = { v: 1 as const, ts: isoUtc(firstMs - minuteMs), n: 3, from: isoUtc(startMs) };
    room.actor.send({ type: "TARIFFS", message: { ...head, ...prices, tariffs } });
    const settled = settledTariffs(room);
    expect(settled).toHaveLength(people.length);
    expect(new Set(settled?.map(({ supplier, importMicroPerKwh }) => `${supplier} ${importMicroPerKwh}`))).toEqual(
      new Set(["retail2 200000"]),
    );
  });

  it("goes on by what was told before where the supplier's newest word does not reach as far", () => {
    const room = settlementRoom();
    room.tariffsFrom(firstMs);
    room.tariffsFrom(firstMs - hourMs);
    const settled = settledTariffs(room);
    expect(settled?.map(({ importMicroPerKwh }) => importMicroPerKwh)).toEqual(people.map(() => 145_700));
  });

  it("edits nothing where the supplier's word on a period comes after its settlement, and says so", () => {
    const room = meteredRoom();
    const before = room.balances();
    room.tellTariffs();
    expect(room.lines.join()).not.toMatch(/settled already/);
    room.tariffsFrom(firstMs);
    expect(room.lines.at(-1)).toMatch(new RegExp(`word on ${first} came when it was settled already`));
    expect(room.balances()).toEqual(before);
  });

  it("reports what waits for its bill", () => {
    const room = meteredRoom();
    room.tickAt(endMs + hourMs);
    expect(room.reports.at(-1)?.periods).toEqual([{ period: first, phase: "settling", orderCount: 2 }]);
    room.tickAt(billMs);
    expect(room.reports.at(-1)?.periods).toEqual([]);
  });
});
