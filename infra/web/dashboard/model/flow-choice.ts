/** Which period's or day's energy flow is shown, and its sums. */
import { computed, signal } from "@preact/signals";
import { isoUtc } from "../../../../shared/time.js";
import { batteriesWithin, batteryVersion } from "./batteries.js";
import { chosenPeriod } from "./chosen-period.js";
import { type EnergySums, flowLinks } from "./flows.js";
import { history, periodMs } from "./histories.js";
import { localDay } from "./local-day.js";
import { timezone } from "./market.js";

export type FlowSpan = "period" | "day";
export const flowSpan = signal<FlowSpan>("period");

/** Metered periods, newest first, ISO 8601 UTC. */
export const meteredPeriods = computed(() => history.energy.value.map(({ atMs }) => isoUtc(atMs)).reverse());

/** The chosen period where it is metered, else the last that is. */
export const flowPeriod = computed(() => {
  const chosen = chosenPeriod.value;
  return chosen !== undefined && meteredPeriods.value.includes(chosen) ? chosen : meteredPeriods.value[0];
});

export interface ShownFlow {
  readonly fromMs: number;
  readonly toMs: number;
  /** Metered periods in it. */
  readonly periods: number;
  readonly sums: EnergySums;
  /** Batteries have told what they took and gave. */
  readonly knowsBatteries: boolean;
  readonly links: ReturnType<typeof flowLinks>;
}

export const shownFlow = computed((): ShownFlow | undefined => {
  const period = flowPeriod.value;
  if (period === undefined) return undefined;
  const startMs = Date.parse(period);
  const [fromMs, toMs] =
    flowSpan.value === "day" ? localDay(startMs, timezone.value) : [startMs, startMs + periodMs.value];
  const rows = history.energy.value.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const sum = (field: string): number => rows.reduce((total, row) => total + (row[field] ?? 0), 0);
  batteryVersion.value; // what is told of batteries is new
  const batteries = batteriesWithin(fromMs, toMs);
  const sums: EnergySums = {
    ...{ generationKwh: sum("generationKwh"), importKwh: sum("importKwh"), exportKwh: sum("exportKwh") },
    ...{ localKwh: sum("localKwh"), chargedKwh: batteries?.chargedKwh ?? 0 },
    dischargedKwh: batteries?.dischargedKwh ?? 0,
  };
  return { fromMs, toMs, periods: rows.length, sums, knowsBatteries: batteries !== undefined, links: flowLinks(sums) };
});
