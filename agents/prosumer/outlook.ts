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

/** A projection's step: charge at its end, and what is left over (above 0) or lacking to the home and its commitment. */
interface Projected {
  readonly socWh: number;
  readonly restWh: number;
  readonly chargedWh: number;
  readonly dischargedWh: number;
}

/** The battery through all periods of the outlook, commitments kept as far as it reaches. */
export function project(battery: Battery, outlook: Outlook): Projected[] {
  let socWh = outlook.socWh;
  return outlook.netWh.map((netWh, index) => {
    const targetWh = outlook.committedWh[index] ?? 0;
    const step = stepBattery(battery, socWh, batteryWish(netWh, targetWh), outlook.periodMinutes);
    socWh = step.socWh;
    return { ...step, restWh: netWh - targetWh - step.chargedWh + step.dischargedWh };
  });
}

/** What to trade in all in the outlook's period `index`, whose own entry in `committedWh` is not looked at. */
export function positionWh(outlook: Outlook, index: number): number {
  const { battery } = outlook;
  if (battery === undefined) return outlook.netWh[index] ?? 0;
  const committedWh = outlook.committedWh.map((energyWh, at) => (at === index ? 0 : energyWh));
  const projected = project(battery, { ...outlook, committedWh });
  const here = projected[index];
  if (here === undefined) return 0;
  if (here.restWh < 0 || here.chargedWh > 0) return here.restWh;
  const powerWh = powerLimitWh(battery, outlook.periodMinutes) - here.dischargedWh;
  return here.restWh + Math.min(powerWh, deliverableWh(battery, spareWh(battery, outlook, projected, index)));
}

/** Stored energy that nobody misses later: least charge from here on, plus what overflowing surplus would refill until then. */
function spareWh(battery: Battery, outlook: Outlook, projected: readonly Projected[], index: number): number {
  const powerWh = powerLimitWh(battery, outlook.periodMinutes);
  const reserveWh = Math.ceil(battery.capacityWh * reserveShare);
  let leastWh = Number.POSITIVE_INFINITY;
  let refilledWh = 0;
  for (let at = index; at < projected.length; at += 1) {
    const step = projected[at];
    if (step === undefined) break;
    if (at > index && step.restWh > 0 && (outlook.netWh[at] ?? 0) > 0) {
      refilledWh += storedFromWh(battery, Math.min(step.restWh, powerWh - step.chargedWh));
    }
    leastWh = Math.min(leastWh, step.socWh + refilledWh);
  }
  return Math.max(0, leastWh - reserveWh);
}
