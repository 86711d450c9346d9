import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { supervisorManager } from "../../../../market/managers/supervisor/supervisor-manager.js";
import type { MarketTerms } from "../../../../market/terms.js";
import type { ManageStatus } from "../../../../shared/messages/manage.js";
import { isoUtc, minuteMs } from "../../../../shared/time.js";
import { recordingPorts } from "../recording-ports.js";
import { terms as sampleTerms, startMs } from "../sample-terms.js";

function supervisorRoom(terms: MarketTerms = sampleTerms) {
  const ports = recordingPorts(startMs);
  const actor = createActor(
    supervisorManager(terms, { ...ports, version: "0.1.0", statementKey: "a key", leastReportIntervalMs: 0 }).logic,
    { id: "supervisor" },
  );
  actor.start();
  return {
    ...ports,
    actor,
    report(role: ManageStatus["role"], status: ManageStatus["status"], periods: ManageStatus["periods"] = []) {
      actor.send({ type: "STATUS", message: { v: 1, ts: isoUtc(ports.clock.now()), role, status, periods } });
    },
    statuses: () => ports.outbox.on("public/status").map(({ status, reason }) => [status, reason]),
    tickAt(atMs: number) {
      ports.clock.advanceTo(atMs);
      actor.send({ type: "TICK", tsMs: atMs });
    },
    members: () =>
      ports.handed.flatMap(({ kind, body }) => (kind === "members" ? [body.members.map(({ id }) => id)] : [])),
  };
}

/** With all managers there. */
function completeRoom() {
  const room = supervisorRoom();
  for (const role of ["bidding", "exchange", "settlement"] as const) room.report(role, "online");
  return room;
}

describe("the supervisor", () => {
  it("announces rules and members at its start, and is online once its managers have come", () => {
    const room = supervisorRoom();
    expect(room.statuses()).toEqual([["degraded", "bidding is away; exchange is away; settlement is away"]]);
    for (const role of ["bidding", "exchange", "settlement"] as const) room.report(role, "online");
    expect(room.outbox.retained.get("public/market-info")).toMatchObject({
      ...{ currency: "GBP", mechanism: "uniform", gateMinutes: 60, minEnergyKwh: 0.01, priceCap: 2 },
      ...{ firstPeriod: "2016-08-01T02:00:00Z", lastPeriod: "2016-08-01T03:30:00Z", statementKey: "a key" },
    });
    expect(room.members()).toEqual([["ann", "bob", "cat", "ann-meter"]]);
    expect(room.statuses().at(-1)).toEqual(["online", null]);
  });

  it("is degraded while a manager is away, names all who are, and is online again when they are back", () => {
    const room = completeRoom();
    room.report("bidding", "online");
    room.report("environment", "offline"); // without it the market goes on as it is
    room.report("exchange", "offline");
    room.report("bidding", "offline");
    room.report("exchange", "online");
    room.report("bidding", "online");
    room.report("bidding", "online");
    expect(room.statuses().slice(3)).toEqual([
      ["online", null],
      ["degraded", "exchange is away"],
      ["degraded", "bidding is away; exchange is away"],
      ["degraded", "bidding is away"],
      ["online", null],
    ]);
  });

  it("says why a manager is away where that is told, and forgets it when it is back", () => {
    const room = completeRoom();
    const told = { ts: isoUtc(startMs), role: "bidding" as const, status: "offline" as const };
    room.actor.send({ type: "STATUS", message: { ...told, v: 1, periods: [], reason: "the disk is full" } });
    room.report("bidding", "online");
    room.report("bidding", "offline");
    expect(room.statuses().slice(3)).toEqual([
      ["online", null],
      ["degraded", "bidding is away: the disk is full"],
      ["online", null],
      ["degraded", "bidding is away"],
    ]);
  });

  it("is degraded while closed by the operator, and says offline when it stops", () => {
    const room = completeRoom();
    room.actor.send({ type: "CONTROL", message: { v: 1, action: "close" } });
    room.actor.send({ type: "CONTROL", message: { v: 1, action: "open" } });
    room.actor.send({ type: "STOP" });
    expect(room.statuses().slice(3)).toEqual([
      ["online", null],
      ["degraded", "closed by the operator"],
      ["online", null],
      ["offline", "stopped"],
    ]);
    expect(room.actor.getSnapshot().status).toBe("done");
  });

  it("admits a guest under a free id once, and nobody under a reserved, impossible or taken one", () => {
    const room = supervisorRoom();
    for (const id of ["zoe", "zoe", "bidding", "X", "ann"]) room.actor.send({ type: "JOIN", id });
    expect(room.members()).toEqual([
      ["ann", "bob", "cat", "ann-meter"],
      ["ann", "bob", "cat", "ann-meter", "zoe"],
    ]);
    expect(room.handed.at(-1)).toMatchObject({ body: { members: { 4: { role: "prosumer", capacityKw: 5 } } } });
  });

  it("admits no guests where they are not welcome", () => {
    const room = supervisorRoom({ ...sampleTerms, guestCapacityW: undefined });
    room.actor.send({ type: "JOIN", id: "zoe" });
    expect(room.members()).toHaveLength(1);
  });

  it("puts the market's state together from the managers' reports, and publishes it when it has changed", () => {
    const room = supervisorRoom();
    const at = (time: string) => `2016-08-01T${time}:00Z`;
    room.report("bidding", "online", [
      { period: at("02:00"), phase: "contracted", contractCount: 2 },
      { period: at("02:30"), phase: "bidding", orderCount: 3, itemCount: 1 },
    ]);
    room.report("exchange", "online", [
      { period: at("01:00"), phase: "metering" },
      { period: at("01:30"), phase: "exchange" },
    ]);
    room.report("settlement", "online", [
      { period: at("00:00"), phase: "settling", orderCount: 4 },
      { period: at("00:30"), phase: "settling", orderCount: 5 },
    ]);
    room.tickAt(startMs + 90 * minuteMs - 1);
    room.tickAt(startMs + 90 * minuteMs - 1);
    expect(room.outbox.on("public/market-state")).toHaveLength(1);
    expect(room.outbox.retained.get("public/market-state")).toMatchObject({
      bidding: [{ period: at("02:30"), biddingCycle: 6, opensAt: at("00:30"), gateAt: at("01:30"), orderCount: 3 }],
      closed: [{ period: at("02:00"), stage: "contracted", contractCount: 2 }],
      exchange: { period: at("01:30"), endsAt: at("02:00") },
      metering: [{ period: at("01:00"), dueAt: at("02:30") }],
      settling: { from: at("00:00"), to: at("00:30"), nextBillAt: "2016-08-02T00:30:00Z", orderCount: 9 },
    });
  });

  it("counts and logs what it has no use for", () => {
    const room = supervisorRoom();
    room.actor.send({
      type: "CONTRACTS",
      message: { v: 1, ts: isoUtc(startMs), n: 1, period: "x", checked: false, trades: [], limits: [] },
    });
    expect(room.lines.at(-1)).toContain("CONTRACTS");
  });
});
