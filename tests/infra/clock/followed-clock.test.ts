import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followedClock } from "../../../infra/clock/followed-clock.js";

const startMs = Date.UTC(2016, 7, 1);
const tickMs = 600_000;

describe("the clock of a process that runs alone", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("stands still until the first tick, then runs at the market's rate", () => {
    const clock = followedClock(startMs, tickMs);
    vi.advanceTimersByTime(5000);
    expect(clock.now()).toBe(startMs);
    clock.follow(startMs + 60_000, 300);
    vi.advanceTimersByTime(1000);
    expect(clock.now()).toBe(startMs + 360_000);
  });

  it("goes on at another rate where the market was started again with one", () => {
    const clock = followedClock(startMs, tickMs);
    clock.follow(startMs, 300);
    vi.advanceTimersByTime(1000);
    clock.follow(startMs + tickMs, 10);
    vi.advanceTimersByTime(1000);
    expect(clock.now()).toBe(startMs + tickMs + 10_000);
  });

  it("never steps back when a tick comes late, and catches up when one comes early", () => {
    const clock = followedClock(startMs, tickMs);
    clock.follow(startMs, 300);
    vi.advanceTimersByTime(2000);
    clock.follow(startMs + 300_000, 300);
    expect(clock.now()).toBe(startMs + 600_000);
    vi.advanceTimersByTime(1000);
    expect(clock.now()).toBe(startMs + 600_000);
    clock.follow(startMs + 900_000, 300);
    expect(clock.now()).toBe(startMs + 900_000);
  });

  it("stops at the next tick's instant where no tick comes, and what is due then rings", () => {
    const clock = followedClock(startMs, tickMs);
    const rung: number[] = [];
    clock.follow(startMs, 300);
    clock.setTimeout(() => rung.push(clock.now()), tickMs);
    clock.setTimeout(() => rung.push(-1), tickMs + 1);
    vi.advanceTimersByTime(60_000);
    expect(clock.now()).toBe(startMs + tickMs);
    expect(rung).toEqual([startMs + tickMs]);
  });

  it("rings at an instant, be it set before the first tick or passed by a jump", () => {
    const clock = followedClock(startMs, tickMs);
    const rung: number[] = [];
    clock.setTimeout(() => rung.push(clock.now()), 10_000);
    const cleared = clock.setTimeout(() => rung.push(-1), 10_000);
    clock.clearTimeout(cleared);
    vi.advanceTimersByTime(60_000);
    expect(rung).toEqual([]);
    clock.follow(startMs + 20_000, 1);
    vi.advanceTimersByTime(250);
    expect(rung).toEqual([startMs + 20_250]);
  });
});
