import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";

interface Noted {
  readonly name: number;
  readonly dueMs: number;
  readonly rank: number;
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), delayMs: fc.integer({ min: -5, max: 30 }), rank: fc.nat(2) }),
  fc.record({ kind: fc.constant("clear" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("advance" as const), byMs: fc.nat(15) }),
);

describe("the stepped clock", () => {
  it("rings what a list sorted anew each time would ring, whatever is set and cleared", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = steppedClock(0);
        const timers: unknown[] = [];
        let list: Noted[] = [];
        const [rung, expected]: [number[], number[]] = [[], []];
        for (const one of steps) {
          if (one.kind === "set") {
            const name = timers.length;
            timers.push(clock.setTimeout(() => void rung.push(name), one.delayMs, one.rank));
            list.push({ name, dueMs: clock.now() + one.delayMs, rank: one.rank });
          } else if (one.kind === "clear") {
            clock.clearTimeout(timers[one.which]);
            list = list.filter(({ name }) => name !== one.which);
          } else {
            const untilMs = clock.now() + one.byMs;
            clock.advanceTo(untilMs);
            expected.push(...inOrder(list.filter(({ dueMs }) => dueMs <= untilMs)).map(({ name }) => name));
            list = list.filter(({ dueMs }) => dueMs > untilMs);
          }
          expect(clock.nextDueMs()).toBe(inOrder(list)[0]?.dueMs);
        }
        expect(rung).toEqual(expected);
      }),
    );
  });
});

function inOrder(timers: readonly Noted[]): Noted[] {
  return [...timers].sort((one, other) => one.dueMs - other.dueMs || one.rank - other.rank || one.name - other.name);
}
