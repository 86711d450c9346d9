import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliverableWh, powerLimitWh, stepBattery } from "../../../agents/devices/battery.js";
import { readMeter } from "../../../agents/devices/meter.js";

const battery = fc.record({
  capacityWh: fc.integer({ min: 0, max: 20_000 }),
  powerW: fc.integer({ min: 0, max: 10_000 }),
  efficiency: fc.double({ min: 0.5, max: 1, noNaN: true }),
});
const wishes = fc.array(fc.integer({ min: -8000, max: 8000 }), { maxLength: 40 });

describe("a battery over any run of wishes", () => {
  it("stays within capacity and power, and moves whole Wh", () => {
    fc.assert(
      fc.property(battery, wishes, (cells, wanted) => {
        let socWh = 0;
        for (const wish of wanted) {
          const step = stepBattery(cells, socWh, wish, 30);
          socWh = step.socWh;
          expect(Number.isSafeInteger(socWh) && socWh >= 0 && socWh <= cells.capacityWh).toBe(true);
          expect(Math.max(step.chargedWh, step.dischargedWh)).toBeLessThanOrEqual(powerLimitWh(cells, 30));
          expect(
            step.chargedWh - step.dischargedWh === 0 ||
              Math.sign(step.chargedWh - step.dischargedWh) === Math.sign(wish),
          ).toBe(true);
        }
      }),
    );
  });

  it("gives no more than its efficiency leaves of what it took", () => {
    fc.assert(
      fc.property(battery, wishes, (cells, wanted) => {
        let socWh = 0;
        let tookWh = 0;
        let gaveWh = 0;
        for (const wish of wanted) {
          const step = stepBattery(cells, socWh, wish, 30);
          socWh = step.socWh;
          tookWh += step.chargedWh;
          gaveWh += step.dischargedWh;
        }
        expect(gaveWh + deliverableWh(cells, socWh)).toBeLessThanOrEqual(tookWh * cells.efficiency + 1e-6);
      }),
    );
  });
});

describe("a meter over any flows", () => {
  it("balances: import and generation equal export, load and losses, and only one direction counts", () => {
    const flow = fc.nat(5000);
    fc.assert(
      fc.property(flow, flow, flow, flow, (loadWh, generationWh, chargedWh, dischargedWh) => {
        const { importWh, exportWh } = readMeter({ loadWh, generationWh, chargedWh, dischargedWh });
        expect(importWh + generationWh + dischargedWh).toBe(exportWh + loadWh + chargedWh);
        expect(Math.min(importWh, exportWh)).toBe(0);
      }),
    );
  });
});
