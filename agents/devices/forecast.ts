/**
 * What a device will probably do, from what is known now (elecbay.md 0, rule 9): whole Wh, never negative.
 *
 * persistence: for each slot of the UTC day, a mean of the readings known, the newest weighing most. trend: a published curve
 * times the share of it that this device showed so far. Neither is given anything but readings of ended periods, so that
 * neither can see the future. Perfect foresight is the series itself and needs nothing from here.
 */
import { dayMs, minuteMs } from "../../shared/time.js";

const newestWeight = 0.3;
/** Of the sums behind the trend's scale, what is kept from one reading to the next: about two days of half hours. */
const kept = 0.98;

/** What a device's readings taught; of a size that does not grow. */
export interface Experience {
  readonly periodMinutes: number;
  /** Weighted mean per slot of the UTC day; NaN where the slot was never read. */
  readonly slotMeanWh: Float64Array;
  measured: number;
  expected: number;
}

export function noExperience(periodMinutes: number): Experience {
  const slotMeanWh = new Float64Array((24 * 60) / periodMinutes).fill(Number.NaN);
  return { periodMinutes, slotMeanWh, measured: 0, expected: 0 };
}

function slotOf(experience: Experience, periodMs: number): number {
  const ofDayMs = ((periodMs % dayMs) + dayMs) % dayMs;
  return Math.floor(ofDayMs / (experience.periodMinutes * minuteMs));
}

/** Takes in the reading of an ended period; `trendWh` is what the bare curve said for it, undefined where there was none. */
export function learn(experience: Experience, periodMs: number, readWh: number, trendWh: number | undefined): void {
  const slot = slotOf(experience, periodMs);
  const meanWh = experience.slotMeanWh[slot] ?? Number.NaN;
  experience.slotMeanWh[slot] = Number.isNaN(meanWh) ? readWh : meanWh + newestWeight * (readWh - meanWh);
  if (trendWh === undefined) return;
  experience.measured = experience.measured * kept + readWh;
  experience.expected = experience.expected * kept + trendWh;
}

/** The slot's mean; undefined before its first reading. */
export function persistenceWh(experience: Experience, periodMs: number): number | undefined {
  const meanWh = experience.slotMeanWh[slotOf(experience, periodMs)] ?? Number.NaN;
  return Number.isNaN(meanWh) ? undefined : Math.round(meanWh);
}

/** The curve's value times what this device showed of the curve so far, `firstScale` before it showed anything. */
export function trendWh(experience: Experience, curveWh: number, firstScale: number): number {
  const scale = experience.expected > 0 ? experience.measured / experience.expected : firstScale;
  return Math.max(0, Math.round(curveWh * scale));
}
