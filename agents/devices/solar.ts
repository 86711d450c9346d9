/** Panels: Wh generated in a period, whole and never negative. Chance alone never lifts them above their peak power. */
import { type Chance, disturbedWh, type EnergyProfile, profileEnergyWh } from "./energy-profile.js";

export interface Solar {
  readonly peakW: number;
  readonly series: EnergyProfile;
  /** Standard deviation of the period's factor around 1. */
  readonly disturbance: number;
}

/** What the panels could generate in the period that starts at `periodMs`, before any curtailment. */
export function solarEnergyWh(solar: Solar, chance: Chance, periodMs: number): number {
  const undisturbedWh = Math.max(0, profileEnergyWh(solar.series, periodMs) ?? 0);
  const peakWh = Math.floor((solar.peakW * solar.series.periodMinutes) / 60);
  // The series is what was measured: where it lies above the name plate, it is the better witness.
  return Math.min(disturbedWh(undisturbedWh, solar.disturbance, chance, periodMs), Math.max(peakWh, undisturbedWh));
}
