/** What all batteries took and gave, period by period, as bots tell it on their status; known to whoever sees everything. */
import { signal } from "@preact/signals";
import { instantFromIso } from "../../../../shared/time.js";

export interface BatterySums {
  readonly chargedKwh: number;
  readonly dischargedKwh: number;
}

interface Told {
  readonly period?: string;
  readonly chargedKwh?: number;
  readonly dischargedKwh?: number;
}

/** Six weeks of half hours. */
const mostPeriods = 2000;
const byPeriod = new Map<number, Map<string, BatterySums>>();
/** Grows when there is something new. */
export const batteryVersion = signal(0);

/** Takes in a status: `in/<id>/status` below the market's name. */
export function hearBattery(topic: string, message: object | null): void {
  const id = /^in\/([^/]+)\/status$/.exec(topic)?.[1];
  const { period, chargedKwh, dischargedKwh } = (message ?? {}) as Told;
  const periodMs = period === undefined ? undefined : instantFromIso(period);
  if (id === undefined || periodMs === undefined || chargedKwh === undefined || dischargedKwh === undefined) return;
  const all = byPeriod.get(periodMs) ?? new Map<string, BatterySums>();
  byPeriod.set(periodMs, all.set(id, { chargedKwh, dischargedKwh }));
  for (const oldest of byPeriod.keys()) {
    if (byPeriod.size <= mostPeriods) break;
    byPeriod.delete(oldest);
  }
  batteryVersion.value += 1;
}

/** Sums of the periods from one instant to another, the second not included, ms UTC; undefined: no battery told of any of them. */
export function batteriesWithin(fromMs: number, toMs: number): BatterySums | undefined {
  let found: BatterySums | undefined;
  for (const [periodMs, all] of byPeriod) {
    if (periodMs < fromMs || periodMs >= toMs) continue;
    for (const { chargedKwh, dischargedKwh } of all.values()) {
      found = {
        chargedKwh: (found?.chargedKwh ?? 0) + chargedKwh,
        dischargedKwh: (found?.dischargedKwh ?? 0) + dischargedKwh,
      };
    }
  }
  return found;
}
