import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginningIn, crashKindOf, lastingIn } from "../../../infra/chaos/schedule.js";
import { planOf } from "./sample-plan.js";

const ticks = Array.from({ length: 240 }, (_, tick) => tick);

describe("the schedule of faults", () => {
  it("has a fault once in each stretch, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 12 }), (seed, ticksApart) => {
        const plan = planOf([{ fault: "pause-broker", everyMinutes: 10 * ticksApart }], seed);
        const begun = ticks.slice(0, 10 * ticksApart).filter((tick) => beginningIn(plan, tick).length > 0);
        expect(begun.map((tick) => Math.floor(tick / ticksApart))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }),
    );
  });

  it("is the same whoever asks, and another with another seed", () => {
    const of = (seed: number) => {
      const plan = planOf([{ fault: "kill-bot", everyMinutes: 120 }], seed);
      return ticks.flatMap((tick) => beginningIn(plan, tick).map(({ whom }) => `${tick} ${whom.join()}`));
    };
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(new Set(of(1).map((line) => line.split(" ")[1]))).toEqual(new Set(["ann", "bob", "cid"]));
  });

  it("has what lasts in exactly as many ticks as it lasts", () => {
    const plan = planOf([{ fault: "stop-meter", at: ["2017-02-20T11:00:00Z"], minutes: 40, whom: ["bob"] }]);
    const lasting = ticks.filter((tick) => lastingIn(plan, "stop-meter", tick).length > 0);
    expect(lasting).toEqual([12, 13, 14, 15]);
    expect(ticks.filter((tick) => beginningIn(plan, tick).length > 0)).toEqual([12]);
    expect(beginningIn(plan, 12)[0]?.whom).toEqual(["bob"]);
  });

  it("keeps to from and until", () => {
    const span = { from: "2017-02-20T10:00:00Z", until: "2017-02-20T11:00:00Z" };
    const plan = planOf([{ fault: "pause-broker", everyMinutes: 10, ...span }]);
    expect(ticks.filter((tick) => beginningIn(plan, tick).length > 0)).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it("lets managers crash in all three ways where any may be", () => {
    const plan = planOf([{ fault: "crash-manager", everyMinutes: 10 }]);
    const kinds = ticks.flatMap((tick) => beginningIn(plan, tick).map(crashKindOf));
    expect(new Set(kinds)).toEqual(new Set(["error", "before-journal", "before-reply"]));
  });
});
