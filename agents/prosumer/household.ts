/**
 * A home's devices at work, period by period, and what they taught about the next ones.
 *
 * The battery makes the home's net follow its contract: it charges from own surplus only, never from the grid, and gives what own
 * deficit and contract ask for. Operating limits come first (elecbay.md 0, rule 4): export above `maxExportW` is stored, then
 * curtailed at the panels; import above `maxImportW` is met from the battery as far as it reaches; the load itself is not shed.
 */

import { type Battery, merged, stepBattery } from "../devices/battery.js";
import type { Chance } from "../devices/energy-profile.js";
import { profileEnergyWh } from "../devices/energy-profile.js";
import { type Experience, learn, noExperience, persistenceWh, trendWh } from "../devices/forecast.js";
import { loadEnergyWh } from "../devices/load.js";
import { type MeterReading, readMeter } from "../devices/meter.js";
import { solarEnergyWh } from "../devices/solar.js";
import { type StorageOrigin, storageOriginOf, trackStorage } from "../devices/storage-origin.js";
import type { BatteryDevice, BotSpecification, Device, LoadDevice, SolarDevice } from "./specification.js";
import { solarCurveWh, type Trends, typicalWh } from "./trends.js";

/** Share of the irradiance on its panels that a home expects to get before it has measured any. */
const firstSolarScale = 0.75;
const firstLoadScale = 1;

interface MeteredDevice {
  readonly device: LoadDevice | SolarDevice;
  readonly chance: Chance;
  readonly experience: Experience;
}

export interface Household {
  readonly periodMinutes: number;
  readonly metered: readonly MeteredDevice[];
  readonly battery: Battery | undefined;
  readonly initialWh: number;
  socWh: number;
  /** What the battery took and gave in the last period that was lived, on the AC side. */
  lastStep: { readonly periodMs: number; readonly chargedWh: number; readonly dischargedWh: number } | undefined;
  readonly origin: StorageOrigin;
}

/** What binds a home in a period: sold (above 0) or bought energy, and operating limits, infinite where there are none. */
export interface Duty {
  readonly contractWh: number;
  readonly maxImportW: number;
  readonly maxExportW: number;
}

export const noDuty: Duty = {
  contractWh: 0,
  maxImportW: Number.POSITIVE_INFINITY,
  maxExportW: Number.POSITIVE_INFINITY,
};

export function householdOf(specification: BotSpecification, periodMinutes: number): Household {
  const metered = specification.devices.flatMap((device, index): MeteredDevice[] => {
    if (device.kind === "battery") return [];
    const chance = { seed: specification.seed, owner: specification.id, purpose: `${device.kind}/${index}` };
    return [{ device, chance, experience: noExperience(periodMinutes) }];
  });
  const batteries = specification.devices.filter(isBattery);
  const initialWh = batteries.reduce((sum, battery) => sum + battery.initialWh, 0);
  const origin = storageOriginOf(initialWh);
  const battery = merged(batteries);
  return { periodMinutes, metered, battery, initialWh, socWh: initialWh, lastStep: undefined, origin };
}

const isBattery = (device: Device): device is BatteryDevice => device.kind === "battery";

/** Runs the devices through a period that has ended, and learns from it. @returns the meter's reading */
export function livePeriod(household: Household, trends: Trends, duty: Duty, periodMs: number): MeterReading {
  let loadWh = 0;
  let generationWh = 0;
  for (const metered of household.metered) {
    const energyWh = energyOf(metered, periodMs);
    learn(metered.experience, periodMs, energyWh, curveOf(household, trends, metered, periodMs));
    if (metered.device.kind === "load") loadWh += energyWh;
    else generationWh += energyWh;
  }
  return deliver(household, duty, loadWh, generationWh, periodMs);
}

/** Learns from a period before the first tick, which the home has readings of where its series reaches back so far. */
export function rememberPeriod(household: Household, trends: Trends, periodMs: number): void {
  for (const metered of household.metered) {
    if (profileEnergyWh(metered.device.series, periodMs) === undefined) continue;
    const curveWh = curveOf(household, trends, metered, periodMs);
    learn(metered.experience, periodMs, energyOf(metered, periodMs), curveWh);
  }
}

/** Expected generation less load of a period to come, before any battery: above 0 a surplus. */
export function expectedNetWh(household: Household, trends: Trends, periodMs: number): number {
  let netWh = 0;
  for (const metered of household.metered) {
    const energyWh = expectedWh(household, trends, metered, periodMs);
    netWh += metered.device.kind === "load" ? -energyWh : energyWh;
  }
  return netWh;
}

/** What the battery is asked for, so that `netWh` of load and generation becomes `targetWh`: charging only from surplus. */
export function batteryWish(netWh: number, targetWh: number): number {
  const wantedWh = netWh - targetWh;
  return wantedWh > 0 ? Math.min(wantedWh, Math.max(0, netWh)) : wantedWh;
}

function deliver(
  household: Household,
  duty: Duty,
  loadWh: number,
  generationWh: number,
  periodMs: number,
): MeterReading {
  const hours = household.periodMinutes / 60;
  const mostExportWh = Math.max(0, Math.floor(duty.maxExportW * hours));
  const mostImportWh = Math.max(0, Math.floor(duty.maxImportW * hours));
  const targetWh = Math.max(-mostImportWh, Math.min(mostExportWh, duty.contractWh));
  const netWh = generationWh - loadWh;
  let chargedWh = 0;
  let dischargedWh = 0;
  if (household.battery !== undefined) {
    const wish = batteryWish(netWh, targetWh);
    const step = stepBattery(household.battery, household.socWh, wish, household.periodMinutes);
    household.socWh = step.socWh;
    ({ chargedWh, dischargedWh } = step);
    household.lastStep = { periodMs, chargedWh, dischargedWh };
  }
  const curtailedWh = Math.min(generationWh, Math.max(0, netWh - chargedWh + dischargedWh - mostExportWh));
  const flows = { loadWh, generationWh: generationWh - curtailedWh, chargedWh, dischargedWh };
  trackStorage(household.origin, flows, household.socWh);
  return readMeter(flows);
}

function energyOf({ device, chance }: MeteredDevice, periodMs: number): number {
  return device.kind === "load" ? loadEnergyWh(device, chance, periodMs) : solarEnergyWh(device, chance, periodMs);
}

function curveOf(household: Household, trends: Trends, { device }: MeteredDevice, periodMs: number) {
  return device.kind === "load"
    ? typicalWh(trends, periodMs, household.periodMinutes)
    : solarCurveWh(trends, device.peakW, periodMs, household.periodMinutes);
}

function expectedWh(household: Household, trends: Trends, metered: MeteredDevice, periodMs: number): number {
  const { device, experience } = metered;
  if (device.forecast === "perfect") return Math.max(0, profileEnergyWh(device.series, periodMs) ?? 0);
  if (device.forecast === "persistence") {
    const meanWh = persistenceWh(experience, periodMs);
    if (meanWh !== undefined) return meanWh;
  }
  const curveWh = curveOf(household, trends, metered, periodMs);
  const firstScale = device.kind === "load" ? firstLoadScale : firstSolarScale;
  // Nothing published reaches that far: the same slot of earlier days is the next best.
  return curveWh === undefined ? (persistenceWh(experience, periodMs) ?? 0) : trendWh(experience, curveWh, firstScale);
}
