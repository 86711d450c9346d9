import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { realClock } from "../../../infra/clock/real-clock.js";

const startMs = Date.parse("2026-11-22T16:24:30Z");

beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the clock of real mode", () => {
  it("is the wall clock, and knows which wall time an instant is", () => {
    const clock = realClock();
    vi.advanceTimersByTime(1234);
    expect([clock.now(), clock.rate, clock.wallTimeOf(startMs + 5000)]).toEqual([startMs + 1234, 1, startMs + 5000]);
  });

  it("never steps back when the system clock is set back, and goes on when that has caught up", () => {
    let wallMs = startMs;
    const clock = realClock(() => wallMs);
    wallMs -= 60_000;
    expect(clock.now()).toBe(startMs);
    wallMs = startMs + 1;
    expect(clock.now()).toBe(startMs + 1);
  });

  it("rings at its instant, also months ahead, and not when it was cleared", () => {
    const clock = realClock();
    const rung: string[] = [];
    clock.setTimeout(() => rung.push("soon"), 1000);
    clock.setTimeout(() => rung.push("in a month"), 30 * 86_400_000);
    clock.clearTimeout(clock.setTimeout(() => rung.push("cleared"), 2000));
    vi.advanceTimersByTime(2000);
    expect(rung).toEqual(["soon"]);
    vi.advanceTimersByTime(30 * 86_400_000);
    expect(rung).toEqual(["soon", "in a month"]);
  });

  it("notices within half a minute that the system clock was set forward", () => {
    let offsetMs = 0;
    const clock = realClock(() => Date.now() + offsetMs);
    const rung: number[] = [];
    clock.setTimeout(() => rung.push(clock.now()), 3_600_000);
    offsetMs = 3_600_000;
    vi.advanceTimersByTime(30_000);
    expect(rung).toHaveLength(1);
  });
});
