import { describe, expect, it } from "vitest";
import {
  createTellingMemory,
  mostObjectsAtOnce,
  tellWithin,
  type Untold,
} from "../../../../market/managers/bidding/telling.js";

/** Lists of so many objects each, and which of them were told. */
function lists(sizes: Readonly<Record<string, number>>) {
  const told: string[] = [];
  const untold = (): Untold[] =>
    Object.entries(sizes).map(([key, objects]) => ({ key, objects, tell: () => void told.push(key) }));
  return { told, untold };
}

describe("what is told at once", () => {
  it("is everything, in its order, where little has changed", () => {
    const { told, untold } = lists({ a: 10, b: 500, c: 3 });
    expect(tellWithin(createTellingMemory(), untold(), 0, 500).size).toBe(0);
    expect(told).toEqual(["a", "b", "c"]);
  });

  it("is everything in lockstep, however much it is", () => {
    const { told, untold } = lists({ a: mostObjectsAtOnce, b: mostObjectsAtOnce, c: 1 });
    const memory = createTellingMemory();
    for (const nowMs of [0, 0, 1]) expect(tellWithin(memory, untold(), nowMs, 0).size).toBe(0);
    expect(told.join("")).toBe("abcabcabc");
  });

  it("lets the rest wait, which comes first the next time, so that everything has its turn", () => {
    const { told, untold } = lists({ a: mostObjectsAtOnce, b: mostObjectsAtOnce, c: mostObjectsAtOnce });
    const memory = createTellingMemory();
    for (let nowMs = 0; nowMs < 6 * 500; nowMs += 500) {
      const waiting = tellWithin(memory, untold(), nowMs, 500);
      expect(waiting.size).toBe(2);
    }
    expect(told.join("")).toBe("abcabc");
  });

  it("tells a list longer than all that may be told, and others only once that is made up for", () => {
    const { told, untold } = lists({ long: 5 * mostObjectsAtOnce, short: 1 });
    const memory = createTellingMemory();
    const toldAt: number[] = [];
    for (let nowMs = 0; nowMs < 10 * 500; nowMs += 500) {
      const before = told.length;
      tellWithin(memory, untold(), nowMs, 500);
      if (told.length > before) toldAt.push(nowMs);
    }
    expect(told).toEqual(["long", "short", "long"]);
    expect(toldAt).toEqual([0, 5 * 500]);
  });

  it("grows with market time alone: asking often brings nothing", () => {
    const { told, untold } = lists({ a: mostObjectsAtOnce, b: mostObjectsAtOnce });
    const memory = createTellingMemory();
    for (let time = 0; time < 100; time += 1) tellWithin(memory, untold(), 0, 500);
    expect(told).toEqual(["a"]);
  });

  it("forgets what nobody has to be told any more", () => {
    const memory = createTellingMemory();
    tellWithin(memory, lists({ a: mostObjectsAtOnce, gone: 1 }).untold(), 0, 500);
    expect(memory.waiting).toEqual(["gone"]);
    const { told, untold } = lists({ a: 1 });
    tellWithin(memory, untold(), 500, 500);
    expect([told, memory.waiting]).toEqual([["a"], []]);
  });
});
