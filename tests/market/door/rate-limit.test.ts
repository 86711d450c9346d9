import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../../market/door/rate-limit.js";

describe("the rate limit", () => {
  it("admits so many per window and participant", () => {
    const limit = createRateLimit(2, 1000, new Map());
    const admitted = (sender: string, ...instants: number[]) => instants.map((at) => limit.admits(sender, at));
    expect(admitted("ann", 0, 0, 0, 999)).toEqual([true, true, false, false]);
    expect(admitted("bob", 0, 10, 20)).toEqual([true, true, false]);
    expect(admitted("ann", 1000, 1500, 1999, 2000)).toEqual([true, true, false, true]);
  });

  it("counts a tick of lockstep, where all stamps are equal, as one window", () => {
    const limit = createRateLimit(1, 1, new Map());
    expect([600_000, 600_000, 1_200_000].map((at) => limit.admits("ann", at))).toEqual([true, false, true]);
  });
});
