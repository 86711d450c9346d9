import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { haveRepeatedIds } from "../../../market/rules/repeated-ids.js";

const objects = (ids: readonly string[]) => ids.map((orderId) => ({ orderId }));

describe("repeated ids", () => {
  it("are found where a set would find them, short ones and few letters among them", () => {
    const id = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ unit: fc.constantFrom("a", "b", "é", "𝄞"), maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
        expect(haveRepeatedIds(objects(ids))).toBe(new Set(ids).size < ids.length);
      }),
      { numRuns: 1000 },
    );
  });

  it("are found at the far end of many", () => {
    const ids = Array.from({ length: 100_000 }, (_, at) => `o${at}`);
    expect(haveRepeatedIds(objects(ids))).toBe(false);
    expect(haveRepeatedIds(objects([...ids, "o7"]))).toBe(true);
  });

  it("are found among texts that were chosen to have one hash", () => {
    // "Aa" and "BB" meet, so every row of twelve of them does.
    const ids = Array.from({ length: 4096 }, (_, bits) =>
      Array.from({ length: 12 }, (_, at) => ((bits >> at) & 1 ? "Aa" : "BB")).join(""),
    );
    expect(haveRepeatedIds(objects(ids))).toBe(false);
    expect(haveRepeatedIds(objects([...ids, "AaBB".repeat(6)]))).toBe(true);
  });
});
