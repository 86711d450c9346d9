/** A household's consumption that cannot be moved: Wh taken in a period, whole and never negative. */
import { type Chance, disturbedWh, type EnergyProfile, profileEnergyWh } from "./energy-profile.js";

export interface Load {
  readonly series: EnergyProfile;
  /** Standard deviation of the period's factor around 1. */
  readonly disturbance: number;
}

/** What the load really takes in the period that starts at `periodMs`. */
export function loadEnergyWh(load: Load, chance: Chance, periodMs: number): number {
  return disturbedWh(profileEnergyWh(load.series, periodMs) ?? 0, load.disturbance, chance, periodMs);
}
