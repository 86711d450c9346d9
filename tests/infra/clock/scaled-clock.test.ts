import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scaledClock } from "../../../infra/clock/scaled-clock.js";
import { startTicker } from "../../../infra/clock/ticker.js";
import { minuteMs } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { checkingOutbox } from "../../market/managers/checking-outbox.js";
import { calendar, startMs, tickMs } from "../../market/managers/sample-terms.js";

const wallStartMs = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers({ now: wallStartMs, toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the scaled clock", () => {
  it("stands still until it begins, then runs so many times as fast as the wall", () => {
    const clock = scaledClock(startMs, 300);
    vi.advanceTimersByTime(5000);
    expect(clock.now()).toBe(startMs);
    clock.begin();
    vi.advanceTimersByTime(2000);
    expect(clock.now()).toBe(startMs + 600_000);
    expect(clock.wallTimeOf(startMs + 600_000)).toBe(wallStartMs + 7000);
  });

  it("never steps back, whatever the system clock does", () => {
    const clock = scaledClock(startMs, 1);
    clock.begin();
    vi.advanceTimersByTime(1000);
    vi.setSystemTime(wallStartMs - 3_600_000);
    vi.advanceTimersByTime(10);
    expect(clock.now()).toBe(startMs + 1010);
  });

  it("rings in market time, also what was set before it began, and nothing that was cleared", () => {
    const clock = scaledClock(startMs, 60);
    const rung: string[] = [];
    clock.setTimeout(() => rung.push("gate"), minuteMs);
    const cleared = clock.setTimeout(() => rung.push("cleared"), minuteMs);
    clock.clearTimeout(cleared);
    clock.begin();
    vi.advanceTimersByTime(999);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["gate"]);
    const second = clock.setTimeout(() => rung.push("second"), minuteMs);
    vi.advanceTimersByTime(500);
    clock.clearTimeout(second);
    vi.advanceTimersByTime(5000);
    expect(rung).toEqual(["gate"]);
  });

  it("waits longer than the platform's timers can, and never at once for what is far away", () => {
    const clock = scaledClock(startMs, 1);
    let rung = 0;
    clock.setTimeout(() => (rung += 1), 60 * 24 * 60 * minuteMs);
    clock.begin();
    vi.advanceTimersByTime(2 ** 31);
    expect(rung).toBe(0);
    vi.advanceTimersByTime(60 * 24 * 60 * minuteMs - 2 ** 31);
    expect(rung).toBe(1);
  });
});

describe("the ticker of scaled and real mode", () => {
  it("publishes a tick at each tick's instant, numbered without gaps, with its round and deadline", () => {
    const clock = scaledClock(startMs, 600);
    const outbox = checkingOutbox();
    clock.begin();
    const stop = startTicker({
      ...{ calendar, mode: "scaled", runId: "r1", clock, outbox, topics: topicsOf("main"), firstSeq: 1 },
    });
    vi.advanceTimersByTime((3 * tickMs) / 600);
    stop();
    vi.advanceTimersByTime(10_000);
    const ticks = outbox.on("public/clock");
    expect(ticks.map(({ seq, ts, round }) => [seq, ts, round])).toEqual([
      [1, "2016-08-01T00:00:00Z", 1],
      [2, "2016-08-01T00:10:00Z", 2],
      [3, "2016-08-01T00:20:00Z", 3],
      [4, "2016-08-01T00:30:00Z", 1],
    ]);
    expect(ticks.at(-1)).toMatchObject({ mode: "scaled", rate: 600, rounds: 3, deadline: "2026-01-01T00:00:04.000Z" });
  });
});
