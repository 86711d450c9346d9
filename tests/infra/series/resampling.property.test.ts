import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { energyPerPeriod, meanPerPeriod } from "../../../infra/series/resample.js";

const microWh = fc.integer({ min: 0, max: 20_000_000_000 });
const minutes = fc.constantFrom(5, 10, 15, 30, 60);

describe("energy brought from one step to another", () => {
  it("keeps its sum to the Wh, and never turns negative, whatever the two steps", () => {
    fc.assert(
      fc.property(
        fc.array(microWh, { minLength: 12, maxLength: 60 }),
        minutes,
        minutes,
        (steps, stepMinutes, periodMinutes) => {
          const whole = steps.slice(0, steps.length - (steps.length % 12)); // whole hours, so that no period is covered in part
          const energyWh = energyPerPeriod({ fromMs: 0, stepMinutes, values: whole }, periodMinutes);
          const sumMicro = whole.reduce((sum, value) => sum + value, 0);
          expect(energyWh).toHaveLength((whole.length * stepMinutes) / periodMinutes);
          expect(energyWh.reduce((sum, value) => sum + value, 0)).toBe(Math.floor(sumMicro / 1_000_000 + 0.5));
          expect(Math.min(...energyWh)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("is split evenly: the periods of one step differ by one Wh at most", () => {
    fc.assert(
      fc.property(
        fc.array(microWh, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(5, 15, 30),
        (steps, periodMinutes) => {
          const energyWh = energyPerPeriod({ fromMs: 0, stepMinutes: 60, values: steps }, periodMinutes);
          const perStep = 60 / periodMinutes;
          steps.forEach((_, step) => {
            const parts = energyWh.slice(step * perStep, (step + 1) * perStep);
            expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
          });
        },
      ),
    );
  });
});

describe("a mean over time", () => {
  it("lies between the least and the greatest value", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 1000 }), { minLength: 12, maxLength: 36 }),
        minutes,
        minutes,
        (values, from, to) => {
          for (const mean of meanPerPeriod({ fromMs: 0, stepMinutes: from, values }, to)) {
            expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
            expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          }
        },
      ),
    );
  });
});
