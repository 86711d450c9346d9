import { describe, expect, it } from "vitest";
import { dueAgain, noneUnanswered, noteAnswer, noteCommand } from "../../../agents/prosumer/unanswered.js";
import type { ClockTick } from "../../../shared/messages/clock.js";
import type { Reply } from "../../../shared/messages/private.js";
import { isoUtc } from "../../../shared/time.js";

const startMs = Date.UTC(2016, 7, 1);
const at = isoUtc(startMs);
const tick = (seq: number, more: Partial<ClockTick> = {}): ClockTick => ({
  ...{ v: 1, ts: at, runId: "r1", seq, mode: "lockstep", rate: 1, period: at, round: 1, rounds: 3, deadline: at },
  ...more,
});
const command = (requestId: string) => ({ topic: "orders of home1", message: { v: 1, requestId, action: "cancel" } });
const refused = (requestId: string, code: "market-closed" | "unknown-order"): Reply => ({
  ...{ v: 1, ts: at, requestId, topic: "orders", status: "rejected", code, reason: "so it is" },
});
const sentInTick1 = () => {
  const unanswered = noneUnanswered();
  noteCommand(unanswered, "orders", command("1-1"), 1);
  return unanswered;
};

describe("a command without a reply", () => {
  it("is sent again unchanged after two further ticks, and again after two more", () => {
    const unanswered = sentInTick1();
    const repeated = [2, 3, 4, 5, 6, 7].map((seq) => dueAgain(unanswered, tick(seq), 30));
    expect(repeated).toEqual([[], [], [command("1-1")], [], [], [command("1-1")]]);
  });

  it("is not sent again once it is answered, also by a refusal", () => {
    const unanswered = sentInTick1();
    expect(noteAnswer(unanswered, refused("1-1", "unknown-order"))).toBe(true);
    expect(dueAgain(unanswered, tick(10), 30)).toEqual([]);
  });

  it("is sent again where the market was closed for a moment, and what was refused then decides nothing", () => {
    const unanswered = sentInTick1();
    expect(noteAnswer(unanswered, refused("1-1", "market-closed"))).toBe(false);
    expect(dueAgain(unanswered, tick(4), 30)).toEqual([command("1-1")]);
  });

  it("is given up after eight repeats", () => {
    const unanswered = sentInTick1();
    const repeated = Array.from({ length: 100 }, (_, index) => dueAgain(unanswered, tick(index + 2), 30).length);
    expect(repeated.reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(unanswered.size).toBe(0);
  });

  it("waits five seconds of wall time where the clock does not wait for replies", () => {
    const unanswered = sentInTick1();
    // A tick of ten minutes at 600 times real time takes one second.
    const scaled = (seq: number) => dueAgain(unanswered, tick(seq, { mode: "scaled", rate: 600 }), 30).length;
    expect([2, 3, 4, 5, 6, 7].map(scaled)).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
