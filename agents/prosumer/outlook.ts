/**
 * What a home can sell or must buy in a period, its battery considered (elecbay.md 0, rule 10: no energy is offered twice).
 *
 * The state of charge is projected through all periods from the present one to a day past the one asked about, every commitment
 * kept: contracts, and all of each live offer, as if it were sold. The battery serves the home first: surplus is stored before it is
 * sold, and from store only that is sold which neither a later commitment nor own need is projected to miss before surplus makes up
 * for it, a reserve excepted. Bids are not counted upon. Whole Wh; above 0 is fed in.
 */
import { type Battery, deliverableWh, powerLimitWh, stepBattery, storedFromWh } from "../devices/battery.js";
import { batteryWish } from "./household.js";

/** Share of the capacity that is never offered: forecasts err. */
const reserveShare = 0.1;

export interface Outlook {
  readonly periodMinutes: number;
  readonly battery: Battery | undefined;
  readonly socWh: number;
  /** Expected generation less load per period, the present one first. */
  readonly netWh: readonly number[];
  /** Sold (above 0) or bought energy per period, same order. */
  readonly committedWh: readonly number[];
}

/**
 * Least energy, over the outlook's sold periods, that is left over when the battery has kept all commitments: below 0 where something
 * sold could not be delivered; 0 where nothing is sold.
 */
export function deliveryMarginWh(outlook: Outlook): number {
  const { battery, netWh, committedWh, periodMinutes } = outlook;
  let { socWh } = outlook;
  let leastWh = 0;
  for (let at = 0; at < netWh.length; at += 1) {
    const expectedWh = netWh[at] ?? 0;
    const targetWh = committedWh[at] ?? 0;
    let restWh = expectedWh - targetWh;
    if (battery !== undefined) {
      const step = stepBattery(battery, socWh, batteryWish(expectedWh, targetWh), periodMinutes);
      socWh = step.socWh;
      restWh += step.dischargedWh - step.chargedWh;
    }
    if (targetWh > 0) leastWh = Math.min(leastWh, restWh);
  }
  return leastWh;
}

/** What to trade in all in the outlook's period `index`, whose own entry in `committedWh` is not looked at. */
export function positionWh(outlook: Outlook, index: number): number {
  const { battery, netWh, committedWh, periodMinutes } = outlook;
  if (battery === undefined) return netWh[index] ?? 0;
  const powerWh = powerLimitWh(battery, periodMinutes);
  let { socWh } = outlook;
  let restWh = 0;
  let freePowerWh = 0;
  let refilledWh = 0;
  let spareWh = Number.POSITIVE_INFINITY;
  for (let at = 0; at < netWh.length; at += 1) {
    const expectedWh = netWh[at] ?? 0;
    const targetWh = at === index ? 0 : (committedWh[at] ?? 0);
    const step = stepBattery(battery, socWh, batteryWish(expectedWh, targetWh), periodMinutes);
    socWh = step.socWh;
    if (at < index) continue;
    const leftWh = expectedWh - targetWh - step.chargedWh + step.dischargedWh;
    if (at === index) {
      // A deficit that remains, or surplus that goes into store: nothing stored is for sale.
      if (leftWh < 0 || step.chargedWh > 0) return leftWh;
      restWh = leftWh;
      freePowerWh = powerWh - step.dischargedWh;
    } else if (leftWh > 0 && expectedWh > 0) {
      // Surplus that would overflow a full battery makes up for what was sold before it.
      refilledWh += storedFromWh(battery, Math.min(leftWh, powerWh - step.chargedWh));
    }
    spareWh = Math.min(spareWh, socWh + refilledWh);
  }
  const reserveWh = Math.ceil(battery.capacityWh * reserveShare);
  return restWh + Math.min(freePowerWh, deliverableWh(battery, Math.max(0, spareWh - reserveWh)));
}
