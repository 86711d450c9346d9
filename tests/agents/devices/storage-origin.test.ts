import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepBattery } from "../../../agents/devices/battery.js";
import { homeShares, storageOriginOf, trackStorage } from "../../../agents/devices/storage-origin.js";

const flows = (loadWh: number, generationWh: number, chargedWh: number, dischargedWh: number) => {
  return { loadWh, generationWh, chargedWh, dischargedWh };
};

describe("the origin of stored energy", () => {
  it("makes the published example of two houses: house 1 covers all it needs and uses three tenths of its sun itself", () => {
    // 10 kWh of sun: 1 to the load, 5 to storage, 4 to house 2; later storage gives 2 to the load and 3 to house 2.
    const house = storageOriginOf(0);
    trackStorage(house, flows(1000, 10_000, 5000, 0), 5000);
    trackStorage(house, flows(2000, 0, 0, 5000), 0);
    expect(homeShares(house)).toEqual({ selfSufficiency: 1, selfConsumption: 0.3 });
    expect([house.toLoadWh.own, house.toGridWh.own]).toEqual([2000, 3000]);
  });

  it("keeps what was charged from the network apart: it is no self-supply when it is used", () => {
    const house = storageOriginOf(0);
    trackStorage(house, flows(0, 1000, 4000, 0), 4000); // 1 kWh of sun, 3 kWh from the network
    expect(house.chargedWh).toEqual({ own: 1000, grid: 3000, start: 0 });
    trackStorage(house, flows(2000, 0, 0, 2000), 2000);
    expect(house.toLoadWh).toEqual({ own: 500, grid: 1500, start: 0 });
    expect(house.storedWh).toEqual({ own: 500, grid: 1500, start: 0 });
    expect(homeShares(house)).toEqual({ selfSufficiency: 0.25, selfConsumption: 0.5 });
  });

  it("adds up to the state of charge and to all that was given, whatever happens", () => {
    const battery = { capacityWh: 8000, powerW: 6000, efficiency: 0.9 };
    const step = fc.tuple(fc.nat(3000), fc.nat(3000), fc.integer({ min: -3000, max: 3000 }));
    fc.assert(
      fc.property(fc.nat(8000), fc.array(step, { maxLength: 30 }), (startWh, steps) => {
        const house = storageOriginOf(startWh);
        let socWh = startWh;
        let givenWh = 0;
        for (const [loadWh, generationWh, wish] of steps) {
          const after = stepBattery(battery, socWh, wish, 30);
          socWh = after.socWh;
          givenWh += after.dischargedWh;
          trackStorage(house, { loadWh, generationWh, ...after }, socWh);
        }
        const sum = ({ own, grid, start }: typeof house.storedWh) => own + grid + start;
        expect(sum(house.storedWh)).toBeCloseTo(socWh, 6);
        expect(sum(house.toLoadWh) + sum(house.toGridWh)).toBeCloseTo(givenWh, 6);
        for (const part of [house.storedWh, house.toLoadWh, house.toGridWh]) {
          for (const energyWh of Object.values(part)) expect(energyWh).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
