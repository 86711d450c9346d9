import { describe, expect, it } from "vitest";
import { stepBattery } from "../../../agents/devices/battery.js";
import { profileEnergyWh } from "../../../agents/devices/energy-profile.js";
import { loadEnergyWh } from "../../../agents/devices/load.js";
import { readMeter } from "../../../agents/devices/meter.js";
import { solarEnergyWh } from "../../../agents/devices/solar.js";
import { minuteMs } from "../../../shared/time.js";

const chance = { seed: 7, owner: "home1", purpose: "load/0" };
const series = { fromMs: 0, periodMinutes: 30, energyWh: Int32Array.of(100, 200, 300), repeats: false };
const half = 30 * minuteMs;

describe("a device's series", () => {
  it("says nothing outside its span", () => {
    expect([-1, 0, 2, 3].map((slot) => profileEnergyWh(series, slot * half))).toEqual([undefined, 100, 300, undefined]);
  });

  it("that repeats goes on in both directions", () => {
    const repeating = { ...series, repeats: true };
    expect([-1, 0, 3, 4].map((slot) => profileEnergyWh(repeating, slot * half))).toEqual([300, 100, 100, 200]);
  });

  it("without disturbance is what the device does, to the Wh", () => {
    expect(loadEnergyWh({ series, disturbance: 0 }, chance, half)).toBe(200);
  });

  it("is disturbed alike in whatever order its periods are asked for", () => {
    const load = { series, disturbance: 0.2 };
    const forwards = [0, 1, 2].map((slot) => loadEnergyWh(load, chance, slot * half));
    const backwards = [2, 1, 0].map((slot) => loadEnergyWh(load, chance, slot * half)).reverse();
    expect(forwards).toEqual(backwards);
    expect(forwards).not.toEqual([100, 200, 300]);
  });

  it("of panels is not lifted above their peak by chance", () => {
    const solar = { peakW: 620, series, disturbance: 2 };
    const atPeak = Array.from({ length: 50 }, (_, seed) => solarEnergyWh(solar, { ...chance, seed }, 2 * half));
    expect(Math.max(...atPeak)).toBe(310);
  });
});

describe("a battery", () => {
  const battery = { capacityWh: 6400, powerW: 5000, efficiency: 0.81 };

  it("loses a tenth each way at a round trip of 81 %", () => {
    expect(stepBattery(battery, 0, 1000, 30)).toEqual({ socWh: 900, chargedWh: 1000, dischargedWh: 0 });
    expect(stepBattery(battery, 900, -1000, 30)).toEqual({ socWh: 0, chargedWh: 0, dischargedWh: 810 });
  });

  it("takes no more than its power allows in the period", () => {
    expect(stepBattery(battery, 0, 9000, 30).chargedWh).toBe(2500);
  });

  it("stops at its capacity", () => {
    expect(stepBattery(battery, 6310, 1000, 30)).toEqual({ socWh: 6400, chargedWh: 100, dischargedWh: 0 });
  });
});

describe("a meter", () => {
  it("nets load, generation and battery over the period", () => {
    const flows = { loadWh: 500, generationWh: 200, chargedWh: 0, dischargedWh: 100 };
    expect(readMeter(flows)).toEqual({ importWh: 200, exportWh: 0, generationWh: 200 });
    expect(readMeter({ ...flows, generationWh: 900 })).toEqual({ importWh: 0, exportWh: 500, generationWh: 900 });
  });
});
