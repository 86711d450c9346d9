import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  effectOf,
  type ReadingSource,
  readingRanks,
  type SourcedReading,
  whyAbsurd,
} from "../../../market/rules/standing-reading.js";
import { watt, wh } from "../../../shared/units.js";

const sources = Object.keys(readingRanks) as ReadingSource[];
const sourced: fc.Arbitrary<SourcedReading> = fc.record({
  source: fc.constantFrom(...sources),
  reading: fc.record({
    participant: fc.constant("ann"),
    importWh: fc.integer({ min: 0, max: 2 }).map(wh),
    exportWh: fc.constant(wh(0)),
    generationWh: fc.constant(wh(0)),
    quality: fc.constantFrom("actual" as const, "estimated" as const),
  }),
});
const isTaken = (effect: string): boolean => ["first", "same", "replaced", "corrected"].includes(effect);

describe("which reading stands", () => {
  it("is never one of a lower rank than what stood before", () => {
    fc.assert(
      fc.property(sourced, sourced, fc.boolean(), (next, held, isMetered) => {
        if (isTaken(effectOf(next, held, isMetered)))
          expect(readingRanks[next.source]).toBeGreaterThanOrEqual(readingRanks[held.source]);
      }),
    );
  });

  it("is always the operator's, who may put his own word right", () => {
    fc.assert(
      fc.property(sourced, sourced, fc.boolean(), (next, held, isMetered) => {
        expect(isTaken(effectOf({ ...next, source: "operator" }, held, isMetered))).toBe(true);
      }),
    );
  });

  it("is corrected after the due time only by what is better: for an estimate, of a higher rank, or the operator's", () => {
    fc.assert(
      fc.property(sourced, sourced, (next, held) => {
        const isBetter =
          held.reading.quality === "estimated" ||
          next.source === "operator" ||
          readingRanks[next.source] > readingRanks[held.source];
        const effect = effectOf(next, held, true);
        expect(effect === "corrected" || effect === "same").toBe(
          isBetter && readingRanks[next.source] >= readingRanks[held.source],
        );
      }),
    );
  });

  it("of the operator changes nothing where it says the same", () => {
    fc.assert(
      fc.property(sourced, fc.constantFrom(...sources), fc.boolean(), ({ reading }, source, isMetered) => {
        expect(effectOf({ reading, source: "operator" }, { reading, source }, isMetered)).toBe("same");
      }),
    );
  });

  it("is nobody's after the due time who took no part", () => {
    fc.assert(
      fc.property(sourced, fc.boolean(), (next, isMetered) => {
        expect(effectOf(next, undefined, isMetered)).toBe(isMetered ? "not-there" : "first");
      }),
    );
  });
});

describe("an absurd reading", () => {
  const reading = { participant: "ann", exportWh: wh(0), generationWh: wh(0), quality: "actual" } as const;

  it("is one above ten times what the connection carries in a period", () => {
    expect(whyAbsurd({ ...reading, importWh: wh(20_000) }, watt(4000), 30)).toBeUndefined();
    expect(whyAbsurd({ ...reading, importWh: wh(20_001) }, watt(4000), 30)).toMatch(/10 times.*ann/);
  });
});
