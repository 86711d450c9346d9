import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { exchangeManager } from "../../../../market/managers/exchange/exchange-manager.js";
import type { CalendarTerms } from "../../../../market/terms.js";
import { reply as replySchema } from "../../../../shared/messages/private.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { membersMessage, packetOf, recordingPorts } from "../recording-ports.js";
import { calendar, first, firstMs, member, second, startMs, terms } from "../sample-terms.js";

const endMs = firstMs + 30 * minuteMs;
const dueMs = endMs + hourMs;
let requests = 0;

const aReading = (fields: object = {}) => {
  requests += 1;
  return {
    v: 1,
    requestId: `m${requests}`,
    period: first,
    importKwh: 0.3,
    exportKwh: 0,
    generationKwh: 0.1,
    ...fields,
  };
};

function exchangeRoom(pooled = false, ownCalendar: CalendarTerms = calendar) {
  const ports = recordingPorts(startMs);
  const ownTerms = { ...terms, calendar: ownCalendar };
  const { logic } = exchangeManager(ownTerms, { ...ports, rateWindowMs: 1, leastReportIntervalMs: 0, pooled });
  const actor = createActor(logic, {
    id: "exchange",
    input: { calendar: ownCalendar },
  });
  actor.start();
  const learn = (members = terms.members) => actor.send({ type: "MEMBERS", message: membersMessage(members) });
  learn();
  const trade = { energyKwh: 0.5, pricePerKwh: 0.1, mechanism: "uniform", buyOrder: "o1", sellOrder: "o2" };
  actor.send({
    type: "CONTRACTS",
    message: {
      ...{ v: 1, ts: isoUtc(startMs), n: 1, period: first, checked: false, limits: [] },
      trades: [{ ...trade, buyer: "bob", seller: "ann" }],
    },
  });
  return {
    ...ports,
    learn,
    send(sender: string, content: object | string, topic = "meter") {
      const before = ports.outbox.on(`private/${sender}/replies`).length;
      actor.send({ type: "COMMAND", packet: packetOf(sender, topic, content, ports.clock.now()) });
      const answers = ports.outbox.on(`private/${sender}/replies`).slice(before);
      expect(answers).toHaveLength(1);
      const answer = replySchema.parse(answers[0]);
      return answer.status === "accepted" ? "accepted" : answer.code;
    },
    control: (action: "close" | "open") => actor.send({ type: "CONTROL", message: { v: 1, action } }),
    /** The readings handed on, by hand-over: participant, import, quality. */
    metered: () =>
      ports.handed.flatMap((handed) =>
        handed.kind === "metered"
          ? [
              {
                correction: handed.body.correction,
                period: handed.body.period,
                readings: handed.body.readings.map((one) => [
                  one.participant,
                  one.importKwh,
                  one.exportKwh,
                  one.quality,
                ]),
              },
            ]
          : [],
      ),
    tickAt(atMs: number) {
      ports.clock.advanceTo(atMs);
      actor.send({ type: "TICK", tsMs: atMs });
    },
  };
}

describe("the exchange manager", () => {
  it("takes readings from the period's end on", () => {
    const room = exchangeRoom();
    room.tickAt(endMs - 1);
    const early = aReading();
    expect(room.send("bob", early)).toBe("not-open-yet");
    expect(room.send("bob", aReading({ period: second }))).toBe("not-open-yet");
    room.tickAt(endMs);
    expect(room.send("bob", early)).toBe("not-open-yet"); // the same request, the same reply
    expect(room.send("bob", aReading())).toBe("accepted");
  });

  it("knows no period off the grid or outside the run, nor one beyond its correction limit", () => {
    const room = exchangeRoom();
    room.tickAt(endMs);
    expect(room.send("bob", aReading({ period: isoUtc(firstMs + minuteMs) }))).toBe("unknown-period");
    expect(room.send("bob", aReading({ period: isoUtc(firstMs - 30 * minuteMs) }))).toBe("unknown-period");
    const reading = aReading();
    room.send("bob", reading);
    room.tickAt(endMs + 90 * dayMs - 1);
    expect(room.send("bob", reading)).toBe("accepted");
    room.tickAt(endMs + 90 * dayMs);
    expect(room.send("bob", reading)).toBe("unknown-period");
  });

  it("takes corrections for as many days as the calendar says", () => {
    const room = exchangeRoom(false, { ...calendar, correctionDays: 2 });
    room.tickAt(endMs + 2 * dayMs - 1);
    expect(room.send("bob", aReading())).toBe("accepted");
    room.tickAt(endMs + 2 * dayMs);
    expect(room.send("bob", aReading())).toBe("unknown-period");
  });

  it("tells as local energy what buyers took of their contracts, or in a pool of what neighbours fed in", () => {
    const localKwh = [false, true].map((pooled) => {
      const room = exchangeRoom(pooled);
      room.tickAt(endMs);
      room.send("ann", aReading({ importKwh: 0.1, exportKwh: 0.7, generationKwh: 0.7 }));
      room.send("bob", aReading({ importKwh: 0.9 }));
      room.tickAt(dueMs);
      return room.outbox.on("public/energy").at(-1)?.localKwh;
    });
    expect(localKwh).toEqual([0.5, 0.6]);
  });

  it("estimates what is missing when due as contracted, tells the period once, and publishes its energy", () => {
    const room = exchangeRoom();
    room.tickAt(endMs);
    room.send("bob", aReading());
    room.tickAt(dueMs - 1);
    expect(room.metered()).toEqual([]);
    room.tickAt(dueMs);
    expect(room.metered()).toEqual([
      {
        correction: false,
        period: first,
        readings: [
          ["ann", 0, 0.5, "estimated"],
          ["bob", 0.3, 0, "actual"],
          ["cat", 0, 0, "estimated"],
        ],
      },
    ]);
    expect(room.outbox.retained.get("public/energy")).toMatchObject({ importKwh: 0, exportKwh: 0.2, localKwh: 0.3 });
    expect(room.facts.filter(({ type }) => type === "metered")).toHaveLength(3);
  });

  it("takes a reading that comes late as a correction of the estimate, once", () => {
    const room = exchangeRoom();
    room.tickAt(endMs);
    room.send("bob", aReading());
    room.tickAt(dueMs);
    expect(room.send("ann", aReading({ importKwh: 0, exportKwh: 0.4 }))).toBe("accepted");
    room.tickAt(dueMs + minuteMs);
    expect(room.metered().at(-1)).toEqual({ correction: true, period: first, readings: [["ann", 0, 0.4, "actual"]] });
    expect(room.send("ann", aReading({ exportKwh: 0.5 }))).toBe("gate-closed");
    expect(room.send("bob", aReading())).toBe("gate-closed");
    room.tickAt(dueMs + 2 * minuteMs);
    expect(room.metered()).toHaveLength(2);
  });

  it("tells all corrections of a period that came in a tick in one message, in the order in which they came", () => {
    const room = exchangeRoom();
    room.tickAt(dueMs);
    expect(room.send("bob", aReading({ importKwh: 0.2 }))).toBe("accepted");
    expect(room.send("ann", aReading({ importKwh: 0, exportKwh: 0.4 }))).toBe("accepted");
    expect(room.metered()).toHaveLength(1);
    room.tickAt(dueMs + minuteMs);
    const readings = [
      ["bob", 0.2, 0, "actual"],
      ["ann", 0, 0.4, "actual"],
    ];
    expect(room.metered().slice(1)).toEqual([{ correction: true, period: first, readings }]);
  });

  it("lets a meter's reading outrank the participant's own, before and after the due instant", () => {
    const room = exchangeRoom();
    room.tickAt(endMs);
    expect(room.send("bob", aReading())).toBe("accepted");
    expect(room.send("ann-meter", aReading({ for: "bob", importKwh: 0.35 }))).toBe("accepted");
    expect(room.send("bob", aReading({ importKwh: 0.1 }))).toBe("not-owner");
    expect(room.send("cat", aReading())).toBe("accepted");
    room.tickAt(dueMs);
    expect(room.send("ann-meter", aReading({ for: "cat", importKwh: 0.2 }))).toBe("accepted");
    expect(room.send("ann-meter", aReading({ for: "cat", importKwh: 0.25 }))).toBe("gate-closed");
    room.tickAt(dueMs + minuteMs);
    expect(room.metered().map(({ readings }) => readings)).toEqual([
      [
        ["ann", 0, 0.5, "estimated"],
        ["bob", 0.35, 0, "actual"],
        ["cat", 0.3, 0, "actual"],
      ],
      [["cat", 0.2, 0, "actual"]],
    ]);
  });

  it("lets nobody read for others, nor who has no connection of its own", () => {
    const room = exchangeRoom();
    room.learn([...terms.members, member("gate-1", "gateway")]);
    room.tickAt(endMs);
    expect(room.send("bob", aReading({ for: "ann" }))).toBe("not-owner");
    expect(room.send("bob", aReading({ for: "bob" }))).toBe("accepted");
    expect(room.send("ann-meter", aReading())).toBe("not-owner");
    expect(room.send("ann-meter", aReading({ for: "nobody" }))).toBe("not-owner");
    expect(room.send("gate-1", aReading({ importKwh: 0, generationKwh: 0 }))).toBe("not-owner");
    expect(room.send("zoe", aReading())).toBe("not-registered");
  });

  it("lets the operator's reading outrank a meter's, and his later word his earlier one", () => {
    const room = exchangeRoom();
    room.learn([...terms.members, member("ann-meter", "meter")]);
    room.tickAt(endMs);
    expect(room.send("operator", aReading({ for: "bob", importKwh: 0.4 }))).toBe("accepted");
    expect(room.send("ann-meter", aReading({ for: "bob", importKwh: 0.35 }))).toBe("not-owner");
    expect(room.send("ann-meter", aReading({ for: "cat", importKwh: 0.2 }))).toBe("accepted");
    room.tickAt(dueMs);
    expect(room.send("operator", aReading({ for: "cat", importKwh: 0.25 }))).toBe("accepted");
    expect(room.send("operator", aReading({ for: "cat", importKwh: 0.25 }))).toBe("accepted");
    expect(room.send("operator", aReading({ for: "bob", importKwh: 0.5 }))).toBe("accepted");
    expect(room.send("operator", aReading())).toBe("not-owner");
    expect(room.send("operator", aReading({ for: "nobody" }))).toBe("not-owner");
    room.tickAt(dueMs + minuteMs);
    expect(room.metered()[1]?.readings).toEqual([
      ["cat", 0.25, 0, "actual"],
      ["bob", 0.5, 0, "actual"],
    ]);
  });

  it("takes no correction of a period that was metered before its sender joined: there is nothing to correct", () => {
    const room = exchangeRoom();
    room.tickAt(dueMs);
    room.learn([...terms.members, member("late")]);
    expect(room.send("late", aReading())).toBe("gate-closed");
    expect(room.metered()).toHaveLength(1);
  });

  it("refuses what no connection can carry, what is no reading, and everything while closed", () => {
    const room = exchangeRoom();
    room.tickAt(endMs);
    expect(room.send("bob", aReading({ importKwh: 40.001 }))).toBe("energy-out-of-range");
    expect(room.send("bob", aReading({ importKwh: -0.1 }))).toBe("bad-message");
    expect(room.send("bob", "{")).toBe("bad-message");
    room.control("close");
    const reading = aReading();
    expect(room.send("bob", reading)).toBe("market-closed");
    room.control("open");
    expect(room.send("bob", reading)).toBe("accepted");
  });

  it("reports the period that is exchanged and those that wait for readings", () => {
    const room = exchangeRoom();
    room.tickAt(firstMs + hourMs);
    expect(room.reports.at(-1)?.periods.map(({ period, phase }) => [period.slice(11, 16), phase])).toEqual([
      ["02:00", "metering"],
      ["02:30", "metering"],
      ["03:00", "exchange"],
    ]);
  });
});
