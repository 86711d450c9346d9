import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { createEventBatches, mostBytes, mostEvents, mostWaiting } from "../../../infra/inspect/event-batches.js";
import { inspectedEvents } from "../../../shared/messages/inspection.js";

const event = { actor: "bot1/x0", kind: "event", type: "TICK", from: "clock" } as const;

function batches(isLossless = false) {
  const wall = steppedClock(0);
  const told: string[] = [];
  const made = createEventBatches({
    ...{ wall, marketNow: () => 1_470_000_000_000, tell: ({ text }) => told.push(text) },
    pace: { batchEveryMs: 100, actorEveryMs: 200, isLossless },
  });
  return { made, wall, parsed: () => told.map((text) => inspectedEvents.parse(JSON.parse(text))), told };
}

describe("events of a node in batches", () => {
  it("go out together after their interval, numbered, and nothing goes out where nothing was", () => {
    const { made, wall, parsed } = batches();
    made.record(event);
    made.record(event);
    wall.advanceTo(99);
    expect(parsed()).toEqual([]);
    wall.advanceTo(1000);
    expect(parsed()).toMatchObject([{ n: 1, missed: 0, events: [{ n: 1 }, { n: 2 }] }]);
    made.record(event);
    wall.advanceTo(1200);
    expect(parsed()[1]).toMatchObject({ n: 2, events: [{ n: 3 }] });
  });

  it("tell a burst over the next batches, and count what is beyond: the numbers show the gap", () => {
    const { made, wall, parsed } = batches();
    const room = mostEvents * (mostWaiting + 1);
    for (let i = 0; i < room + 7; i += 1) made.record(event);
    wall.advanceTo(100 * (mostWaiting + 1));
    made.record(event);
    wall.advanceTo(2000);
    const told = parsed();
    expect(told.map(({ events }) => events.length)).toEqual([...Array(mostWaiting + 1).fill(mostEvents), 1]);
    expect(told.reduce((sum, { missed }) => sum + missed, 0)).toBe(7);
    expect(told.at(-1)?.events[0]?.n).toBe(room + 8);
  });

  it("hold at most 64 kB", () => {
    const { made, parsed, told } = batches();
    for (let i = 0; i < 30; i += 1) made.record({ ...event, payload: "x".repeat(20_000) });
    made.record({ ...event, payload: "x".repeat(2 * mostBytes) });
    made.flush();
    expect(Math.max(...told.map((text) => Buffer.byteLength(text)))).toBeLessThan(mostBytes + 500);
    expect(parsed().reduce((sum, { missed }) => sum + missed, 0)).toBe(31 - 3 * (mostWaiting + 1));
  });

  it("are all there in a file, however many come at once", () => {
    const { made, parsed } = batches(true);
    for (let i = 0; i < 3 * mostEvents; i += 1) made.record(event);
    made.flush();
    const numbers = parsed().flatMap(({ events }) => events.map(({ n }) => n));
    expect(numbers).toEqual(Array.from({ length: 3 * mostEvents }, (_, index) => index + 1));
    expect(parsed().every(({ missed }) => missed === 0)).toBe(true);
  });
});
