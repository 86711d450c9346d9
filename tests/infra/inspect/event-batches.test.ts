import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { createEventBatches, mostBytes, mostEvents } from "../../../infra/inspect/event-batches.js";
import { inspectedEvents } from "../../../shared/messages/inspection.js";

const event = { actor: "bot1/x0", kind: "event", type: "TICK", from: "clock" } as const;

function batches(isLossless = false) {
  const wall = steppedClock(0);
  const told: string[] = [];
  const made = createEventBatches({
    ...{ wall, marketNow: () => 1_470_000_000_000, tell: (text) => told.push(text) },
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

  it("leave out what is beyond five hundred or 64 kB, and count it: the numbers show the gap", () => {
    const { made, wall, parsed, told } = batches();
    for (let i = 0; i < mostEvents + 7; i += 1) made.record(event);
    wall.advanceTo(100);
    made.record(event);
    wall.advanceTo(300);
    expect(parsed().map(({ events, missed }) => [events.length, missed])).toEqual([
      [mostEvents, 7],
      [1, 0],
    ]);
    expect(parsed()[1]?.events[0]?.n).toBe(mostEvents + 8);
    const long = { ...event, payload: "x".repeat(20_000) };
    for (let i = 0; i < 5; i += 1) made.record(long);
    made.flush();
    expect(Buffer.byteLength(told.at(-1) ?? "")).toBeLessThan(mostBytes + 500);
    expect(parsed().at(-1)).toMatchObject({ missed: 2 });
  });

  it("are all there in a file, however many come at once", () => {
    const { made, parsed } = batches(true);
    for (let i = 0; i < 3 * mostEvents; i += 1) made.record(event);
    made.stop();
    const numbers = parsed().flatMap(({ events }) => events.map(({ n }) => n));
    expect(numbers).toEqual(Array.from({ length: 3 * mostEvents }, (_, index) => index + 1));
    expect(parsed().every(({ missed }) => missed === 0)).toBe(true);
  });
});
