/**
 * What a device takes or gives by itself: a series of whole Wh per period, with chance on top.
 *
 * The factor of a period comes from a stream of its own name, so that it is the same however often and in whatever order
 * periods are asked for. Disturbance 0: the series itself, to the Wh. Source: elecbay.md 0, rule 8.
 */
import { stream } from "../../shared/random-stream.js";
import { minuteMs } from "../../shared/time.js";

/** Wh per period from `fromMs` on; outside it is 0, or the same again where it `repeats` (backwards, too). */
export interface EnergyProfile {
  readonly fromMs: number;
  readonly periodMinutes: number;
  readonly energyWh: ArrayLike<number>;
  readonly repeats: boolean;
}

/** Whose chance it is. `purpose` names the device among its owner's. */
export interface Chance {
  readonly seed: number;
  readonly owner: string;
  readonly purpose: string;
}

/** Wh of the period that starts at `periodMs` (on the profile's own grid); undefined where the profile says nothing. */
export function profileEnergyWh(profile: EnergyProfile, periodMs: number): number | undefined {
  const length = profile.energyWh.length;
  const index = Math.floor((periodMs - profile.fromMs) / (profile.periodMinutes * minuteMs));
  if (!profile.repeats || length === 0) return profile.energyWh[index];
  return profile.energyWh[((index % length) + length) % length];
}

/** `energyWh` times a factor drawn around 1 with standard deviation `disturbance`; whole, never negative. */
export function disturbedWh(energyWh: number, disturbance: number, chance: Chance, periodMs: number): number {
  if (disturbance === 0 || energyWh === 0) return Math.max(0, energyWh);
  const factor = 1 + disturbance * stream(chance.seed, chance.owner, `${chance.purpose}/${periodMs}`).normal();
  return Math.max(0, Math.round(energyWh * factor));
}
