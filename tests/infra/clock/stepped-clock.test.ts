import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";

describe("the stepped clock", () => {
  it("rings each timer at its own instant, earliest first, equal ones as they were set", () => {
    const clock = steppedClock(100);
    const rung: [string, number][] = [];
    const ring = (name: string) => () => void rung.push([name, clock.now()]);
    clock.setTimeout(ring("late"), 50);
    clock.setTimeout(ring("early"), 10);
    clock.setTimeout(ring("early too"), 10);
    clock.advanceTo(200);
    expect(rung).toEqual([
      ["early", 110],
      ["early too", 110],
      ["late", 150],
    ]);
    expect(clock.now()).toBe(200);
  });

  it("keeps chained deadlines at their own instants within one step", () => {
    const clock = steppedClock(0);
    const rung: number[] = [];
    const again = (): void => {
      rung.push(clock.now());
      if (rung.length < 3) clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    clock.advanceTo(1000);
    expect(rung).toEqual([10, 20, 30]);
  });

  it("rings nothing early, nothing cleared, and never steps back", () => {
    const clock = steppedClock(0);
    let rung = 0;
    const timer = clock.setTimeout(() => (rung += 1), 10);
    clock.advanceTo(9);
    expect(rung).toBe(0);
    clock.clearTimeout(timer);
    clock.advanceTo(20);
    clock.advanceTo(5);
    expect([rung, clock.now()]).toEqual([0, 20]);
  });
});
