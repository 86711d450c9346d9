import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reading } from "../../../market/facts.js";
import {
  createRatings,
  forgetPromises,
  promise,
  type Ratings,
  rate,
  reliability,
} from "../../../market/rules/reliability.js";
import { wh } from "../../../shared/units.js";

const reading = (importWh: number, exportWh: number, quality: Reading["quality"] = "actual"): Reading => {
  return { participant: "ann", importWh: wh(importWh), exportWh: wh(exportWh), generationWh: wh(0), quality };
};
const promised = (contractWh: number, periodMs = 0, ratings = createRatings()): Ratings => {
  promise(ratings, periodMs, new Map([["ann", wh(contractWh)]]));
  return ratings;
};

describe("the reliability of a participant", () => {
  it("is 1000 for a newcomer, and for who promised nothing", () => {
    const ratings = promised(0);
    expect(rate(ratings, 0, reading(0, 0), true)).toBe(false);
    expect(reliability(ratings, "ann")).toBe(1000);
  });

  it("is the kept share of what was promised, in parts per thousand, rounded down", () => {
    const ratings = promised(900);
    expect(rate(ratings, 0, reading(0, 600), true)).toBe(true);
    expect(reliability(ratings, "ann")).toBe(666);
    promised(-100, 1, ratings);
    rate(ratings, 1, reading(100, 0), true);
    expect(reliability(ratings, "ann")).toBe(700);
  });

  it("serves a sale from export and a purchase from import alone, and gives no merit for more", () => {
    const sold = promised(500);
    rate(sold, 0, reading(400, 250), true);
    expect(reliability(sold, "ann")).toBe(500);
    const bought = promised(-500);
    rate(bought, 0, reading(800, 300), true);
    expect(reliability(bought, "ann")).toBe(1000);
  });

  it("counts no estimate, and the reading that replaces it as if it had come first", () => {
    const ratings = promised(500);
    expect(rate(ratings, 0, reading(0, 500, "estimated"), true)).toBe(false);
    expect(ratings.promised.size).toBe(1);
    expect(rate(ratings, 0, reading(0, 100), true)).toBe(true);
    expect(reliability(ratings, "ann")).toBe(200);
  });

  it("lets a correction take the place of what was counted, and keeps nothing once no correction can come", () => {
    const ratings = promised(500);
    rate(ratings, 0, reading(0, 100), false);
    rate(ratings, 0, reading(0, 450), false);
    expect(reliability(ratings, "ann")).toBe(900);
    rate(ratings, 0, reading(0, 500), true);
    expect(reliability(ratings, "ann")).toBe(1000);
    expect(ratings.promised.size).toBe(0);
    promised(500, 7, ratings);
    forgetPromises(ratings, 8);
    expect(rate(ratings, 7, reading(0, 0), true)).toBe(false);
  });

  it("is the same from running sums as from the whole history, whatever is corrected and in whatever order", () => {
    const amount = fc.integer({ min: 0, max: 3000 });
    const day = fc.record({
      contract: fc.integer({ min: -2000, max: 2000 }),
      readings: fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(day, { maxLength: 12 }), (days) => {
        const ratings = createRatings();
        for (const [at, { contract }] of days.entries()) promised(contract, at, ratings);
        for (const round of [0, 1, 2]) {
          for (const [at, { readings }] of days.entries()) {
            const [taken, fed] = readings[round] ?? [undefined, 0];
            if (taken !== undefined) rate(ratings, at, reading(taken, fed), false);
          }
        }
        let promisedWh = 0;
        let keptWh = 0;
        for (const { contract, readings } of days) {
          const [taken, fed] = readings.at(-1) ?? [0, 0];
          promisedWh += Math.abs(contract);
          keptWh += Math.min(Math.abs(contract), contract > 0 ? fed : taken);
        }
        const rating = reliability(ratings, "ann");
        expect(rating).toBe(promisedWh === 0 ? 1000 : Math.floor((keptWh * 1000) / promisedWh));
        expect(rating).toBeGreaterThanOrEqual(0);
        expect(rating).toBeLessThanOrEqual(1000);
      }),
    );
  });
});
