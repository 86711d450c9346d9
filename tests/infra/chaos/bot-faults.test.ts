import { describe, expect, it } from "vitest";
import { createBotFaults } from "../../../infra/chaos/bot-faults.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { planOf, startMs } from "./sample-plan.js";

const topics = topicsOf("main");
const clock = topics.public("clock");
const tickAt = (minutes: number) => {
  const ts = isoUtc(startMs + minutes * minuteMs);
  return JSON.stringify({ v: 1, ts, period: isoUtc(startMs), seq: minutes / 10 + 1 });
};
const reading = (requestId: string, minutes: number) => ({ requestId, period: isoUtc(startMs + minutes * minuteMs) });

describe("a bot's clock", () => {
  const plan = planOf([
    { fault: "skew-clock", at: ["2017-02-20T10:00:00Z"], minutes: 20, seconds: -1800, whom: ["ann"] },
  ]);

  it("is wrong for as long as the file says, period included, and for nobody else", () => {
    const heard = (id: string, minutes: number) =>
      JSON.parse(createBotFaults(plan, "main", id).hear(clock, tickAt(minutes))) as { ts: string; period: string };
    expect([50, 60, 70, 80].map((minutes) => heard("ann", minutes).ts)).toEqual([
      "2017-02-20T09:50:00Z",
      "2017-02-20T09:30:00Z",
      "2017-02-20T09:40:00Z",
      "2017-02-20T10:20:00Z",
    ]);
    expect(heard("ann", 60).period).toBe("2017-02-20T09:30:00Z");
    expect(heard("bob", 60).ts).toBe("2017-02-20T10:00:00Z");
  });
});

describe("a meter that has stopped", () => {
  const plan = planOf([{ fault: "stop-meter", at: ["2017-02-20T10:00:00Z"], minutes: 60, whom: ["ann"] }]);

  it("sends no reading of its periods, and the ready does not count them", () => {
    const { send } = createBotFaults(plan, "main", "ann");
    const meter = topics.in("ann", "meter");
    expect(send(meter, reading("10-1", 60))).toBeUndefined();
    expect(send(meter, reading("7-1", 30))).toEqual(reading("7-1", 30));
    // A repeat of one that was never sent was not counted by the bot either.
    expect(send(meter, reading("9-1", 60))).toBeUndefined();
    expect(send(topics.in("ann", "ready"), { v: 1, seq: 10, sent: 3 })).toEqual({ v: 1, seq: 10, sent: 2 });
    expect(send(topics.in("ann", "ready"), { v: 1, seq: 11, sent: 3 })).toEqual({ v: 1, seq: 11, sent: 3 });
  });
});
