/** Leaving with a period and a change of tenant, at the registrar and at the managers that hear of it. */
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { exchangeManager } from "../../../../market/managers/exchange/exchange-manager.js";
import type { Ask } from "../../../../market/managers/registrar/asks.js";
import { registrarManager } from "../../../../market/managers/registrar/registrar-manager.js";
import type { MemberTerms } from "../../../../market/terms.js";
import { reply as replySchema } from "../../../../shared/messages/private.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { watt } from "../../../../shared/units.js";
import { anOrder, biddingRoom } from "../bidding/bidding-room.js";
import { membersMessage, packetOf, recordingPorts } from "../recording-ports.js";
import { calendar, first, firstMs, member, second, secondMs, startMs, terms, third } from "../sample-terms.js";

const key = { saltBase64: "", hashBase64: "", iterations: 1 };
const thirdMs = secondMs + 30 * minuteMs;
type Asked = Ask extends infer One ? (One extends Ask ? Omit<One, "askId"> : never) : never;

function registrarRoom(maxParticipants = 3) {
  const ports = recordingPorts(startMs);
  // Bidding for a period opens two hours before it starts: for the third at one o'clock.
  const actor = createActor(registrarManager(terms, ports).logic, { id: "api" });
  actor.start();
  actor.send({ type: "POLICY", policy: { mode: "operator", capacityW: watt(4000), maxParticipants } });
  let asked = 0;
  return {
    ...ports,
    ask(ask: Asked): string {
      asked += 1;
      actor.send({ ...ask, askId: `a${asked}` } as Ask);
      const answer = ports.facts.findLast((fact) => fact.type === "answered");
      if (answer?.type !== "answered" || answer.askId !== `a${asked}`) throw new Error("it was not answered");
      return answer.outcome.ok ? "ok" : answer.outcome.code;
    },
    tickAt(atMs: number) {
      ports.clock.advanceTo(atMs);
      actor.send({ type: "TICK" });
    },
    /** What was handed on last: who, standing, from, until. */
    told: () => {
      const last = ports.handed.at(-1);
      if (last?.kind !== "accounts") throw new Error("no accounts were told");
      return last.body.accounts.map(({ id, standing, from, until }) => [id, standing, from, until]);
    },
  };
}

describe("leaving with a period", () => {
  it("is told at once and done when the period begins", () => {
    const room = registrarRoom();
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: thirdMs })).toBe("ok");
    expect(room.told()).toEqual([["ann", "active", undefined, third]]);
    room.tickAt(thirdMs - 1);
    expect(room.handed).toHaveLength(1);
    room.tickAt(thirdMs);
    expect(room.told()).toEqual([["ann", "left", undefined, third]]);
    room.tickAt(thirdMs + minuteMs);
    expect(room.handed).toHaveLength(2);
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: thirdMs + hourMs })).toBe("has-left");
  });

  it("names a period of the run whose bidding has not opened yet", () => {
    const room = registrarRoom();
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: firstMs })).toBe("bad-message");
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: thirdMs + 1 })).toBe("bad-message");
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: thirdMs + dayMs })).toBe("bad-message");
    expect(room.ask({ type: "LEAVE", id: "eve", untilMs: thirdMs })).toBe("unknown-participant");
    expect(room.ask({ type: "LEAVE", id: "ann" })).toBe("ok");
    expect(room.told()).toEqual([["ann", "left", undefined, undefined]]);
  });
});

describe("leaving at once", () => {
  it("ends with the last period that is open then", () => {
    const room = registrarRoom();
    expect(room.ask({ type: "LEAVE", id: "ann", endsWithOpen: true })).toBe("ok");
    expect(room.told()).toEqual([["ann", "left", undefined, second]]);
    room.tickAt(startMs + hourMs);
    expect(room.ask({ type: "LEAVE", id: "bob", endsWithOpen: true })).toBe("ok");
    expect(room.told()).toEqual([["bob", "left", undefined, isoUtc(thirdMs + 30 * minuteMs)]]);
  });
});

describe("a change of tenant", () => {
  const newcomer = { id: "new-one", capacityW: null, key, fromMs: thirdMs };

  it("lets one leave with the period that the other begins with, at the same connection", () => {
    const room = registrarRoom(terms.members.length);
    expect(room.ask({ type: "CHANGE_TENANT", leaver: "ann", newcomer })).toBe("ok");
    expect(room.told()).toEqual([
      ["ann", "active", undefined, third],
      ["new-one", "active", third, undefined],
    ]);
    const accounts = room.facts.flatMap((fact) => (fact.type === "account" ? [fact.account] : []));
    const [old, follows] = accounts;
    expect(follows).toMatchObject({
      ...{ capacityW: old?.capacityW, connectionPoint: old?.connectionPoint, phase: old?.phase, claim: null },
    });
  });

  it("is done once: nobody stays beside the newcomer, and no second one comes, until that has left", () => {
    const room = registrarRoom(10);
    expect(room.ask({ type: "CHANGE_TENANT", isNoted: true, leaver: "ann", newcomer })).toBe("ok");
    const later = thirdMs + 30 * minuteMs;
    const another = { ...newcomer, id: "another", fromMs: later };
    expect(room.ask({ type: "CHANGE_TENANT", isNoted: true, leaver: "ann", newcomer: another })).toBe("bad-message");
    expect(room.ask({ type: "LEAVE", id: "ann", untilMs: later })).toBe("bad-message");
    expect(room.ask({ type: "LEAVE", id: "new-one", endsWithOpen: true })).toBe("ok");
    expect(room.ask({ type: "CHANGE_TENANT", isNoted: true, leaver: "ann", newcomer: another })).toBe("ok");
  });

  it("does neither where one of them cannot be done", () => {
    const room = registrarRoom();
    expect(room.ask({ type: "CHANGE_TENANT", leaver: "ann", newcomer: { ...newcomer, id: "bob" } })).toBe("id-taken");
    expect(room.ask({ type: "CHANGE_TENANT", leaver: "ann", newcomer: { ...newcomer, fromMs: firstMs } })).toBe(
      "bad-message",
    );
    expect(room.ask({ type: "LEAVE", id: "ann" })).toBe("ok");
    expect(room.ask({ type: "CHANGE_TENANT", leaver: "ann", newcomer })).toBe("has-left");
    expect(room.facts.filter((fact) => fact.type === "account")).toHaveLength(1);
  });
});

const untilSecond: MemberTerms = { ...member("ann"), untilMs: secondMs };
const fromSecond: MemberTerms = { ...member("new-one"), fromMs: secondMs };

describe("whoever takes part in some periods alone", () => {
  it("bids for those, and for no others", () => {
    const room = biddingRoom({ ...terms, members: [untilSecond, fromSecond] });
    room.tickAt(startMs + 40 * minuteMs);
    const verdict = (id: string, period: string) => room.verdict(id, "orders", anOrder({ period }));
    expect([verdict("ann", first), verdict("ann", second)]).toEqual(["accepted", "not-registered"]);
    expect([verdict("new-one", first), verdict("new-one", second)]).toEqual(["not-registered", "accepted"]);
  });

  it("reads nobody's meter any more where it was a meter and has left", () => {
    const ports = recordingPorts(startMs);
    const { logic } = exchangeManager(terms, { ...ports, rateWindowMs: 1, leastReportIntervalMs: 0, pooled: false });
    const actor = createActor(logic, { id: "exchange", input: { calendar } });
    actor.start();
    ports.clock.advanceTo(secondMs);
    const verdict = (standing: "left" | undefined): string => {
      const cabinet: MemberTerms = { ...member("cabinet"), role: "meter", standing };
      actor.send({ type: "MEMBERS", message: membersMessage([member("ann"), cabinet]) });
      const values = { importKwh: 0.3, exportKwh: 0, generationKwh: 0 };
      const reading = { v: 1, requestId: `r-${standing}`, period: first, for: "ann", ...values };
      actor.send({ type: "COMMAND", packet: packetOf("cabinet", "meter", reading, ports.clock.now()) });
      const answer = replySchema.parse(ports.outbox.on("private/cabinet/replies").at(-1));
      return answer.status === "accepted" ? "accepted" : answer.code;
    };
    expect([verdict(undefined), verdict("left")]).toEqual(["accepted", "not-registered"]);
  });

  it("is metered in those, also after it has left; nobody is estimated twice at one connection", () => {
    const ports = recordingPorts(startMs);
    const { logic } = exchangeManager(terms, { ...ports, rateWindowMs: 1, leastReportIntervalMs: 0, pooled: false });
    const actor = createActor(logic, { id: "exchange", input: { calendar } });
    actor.start();
    const members = [{ ...untilSecond, standing: "left" as const }, fromSecond];
    actor.send({ type: "MEMBERS", message: membersMessage(members) });
    const trade = { energyKwh: 0.5, pricePerKwh: 0.1, mechanism: "uniform", buyOrder: "o1", sellOrder: "o2" };
    for (const period of [first, second]) {
      const head = { v: 1 as const, ts: isoUtc(startMs), n: 1, period, checked: false, limits: [] };
      actor.send({ type: "CONTRACTS", message: { ...head, trades: [{ ...trade, buyer: "ann", seller: "new-one" }] } });
    }
    ports.clock.advanceTo(secondMs + 30 * minuteMs);
    const reply = (sender: string, period: string): string => {
      const reading = { v: 1, requestId: `${sender}${period.slice(11, 16).replace(":", "")}`, period };
      const content = { ...reading, importKwh: 0.3, exportKwh: 0, generationKwh: 0 };
      actor.send({ type: "COMMAND", packet: packetOf(sender, "meter", content, ports.clock.now()) });
      const answer = replySchema.parse(ports.outbox.on(`private/${sender}/replies`).at(-1));
      return answer.status === "accepted" ? "accepted" : answer.code;
    };
    expect([reply("ann", first), reply("ann", second)]).toEqual(["accepted", "not-registered"]);
    expect(reply("new-one", first)).toBe("not-registered");
    ports.clock.advanceTo(secondMs + 2 * hourMs);
    const metered = ports.handed.flatMap((one) => (one.kind === "metered" ? [one.body.readings] : []));
    expect(
      metered
        .slice(0, 2)
        .map((readings) => readings.map(({ participant, importKwh, quality }) => [participant, importKwh, quality])),
    ).toEqual([
      [
        ["ann", 0.3, "actual"],
        ["new-one", 0, "estimated"],
      ],
      [
        ["ann", 0, "estimated"],
        ["new-one", 0, "estimated"],
      ],
    ]);
  });
});
