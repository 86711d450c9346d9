import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveryMarginWh, type Outlook, positionWh } from "../../../agents/prosumer/outlook.js";

const battery = fc.record({
  capacityWh: fc.integer({ min: 0, max: 15_000 }),
  powerW: fc.integer({ min: 0, max: 8000 }),
  efficiency: fc.double({ min: 0.6, max: 1, noNaN: true }),
});
const horizon = 60;
const home = fc.record({
  battery,
  charge: fc.double({ min: 0, max: 1, noNaN: true }),
  netWh: fc.array(fc.integer({ min: -1500, max: 2500 }), { minLength: horizon, maxLength: horizon }),
  /** Of each offer, which share the market leaves standing. */
  kept: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
});

describe("a battery's offers", () => {
  it("can all be delivered out of the projected charge, none twice", () => {
    fc.assert(
      fc.property(home, ({ battery: cells, charge, netWh, kept }) => {
        const committedWh = Array.from({ length: horizon }, () => 0);
        const socWh = Math.floor(charge * cells.capacityWh);
        const outlook: Outlook = { periodMinutes: 30, battery: cells, socWh, netWh, committedWh };
        kept.forEach((share, index) => {
          committedWh[index] = Math.floor(Math.max(0, positionWh(outlook, index)) * share);
        });
        // Lacking is lawful only for own need: what was sold is there.
        expect(deliveryMarginWh(outlook)).toBe(0);
      }),
    );
  });

  it("without sun or load add up to no more than the battery holds", () => {
    fc.assert(
      fc.property(battery, fc.double({ min: 0, max: 1, noNaN: true }), (cells, charge) => {
        const committedWh = Array.from({ length: horizon }, () => 0);
        const netWh = Array.from({ length: horizon }, () => 0);
        const socWh = Math.floor(charge * cells.capacityWh);
        const outlook: Outlook = { periodMinutes: 30, battery: cells, socWh, netWh, committedWh };
        for (let index = 0; index < 10; index += 1) committedWh[index] = positionWh(outlook, index);
        const offeredWh = committedWh.reduce((sum, energyWh) => sum + energyWh, 0);
        expect(offeredWh).toBeLessThanOrEqual(socWh * Math.sqrt(cells.efficiency));
      }),
    );
  });
});

describe("a home with a battery", () => {
  const cells = { capacityWh: 5000, powerW: 4000, efficiency: 1 };
  const quiet = (netWh: number[], socWh: number): Outlook => ({
    periodMinutes: 30,
    battery: cells,
    socWh,
    netWh,
    committedWh: netWh.map(() => 0),
  });

  it("stores its surplus before it sells any", () => {
    expect(positionWh(quiet([1500, -1000, -1000], 2000), 0)).toBe(0);
    expect(positionWh(quiet([2600, -1000, -1000], 2000), 0)).toBe(600);
  });

  it("keeps for its own evening what the evening will need", () => {
    expect(positionWh(quiet([0, -2000, -2000], 4400), 0)).toBe(0);
    expect(positionWh(quiet([0, -2000, -1000], 4400), 0)).toBe(900);
  });

  it("buys only what its battery cannot give", () => {
    expect(positionWh(quiet([-1500, 0, 0], 1000), 0)).toBe(-500);
  });
});
