/** Who hangs where, as tariffs tell it to whoever sees everything; and what a DSO has cut or limited. */
import { computed, effect } from "@preact/signals";
import type { ManageLimits } from "../../../../shared/messages/manage.js";
import { filtersOf } from "../../../../shared/topics.js";
import { type ConnectionPoint, groupedByPoint } from "./connection-points.js";
import { about, listenTo, seesAll, told, topicsBelow } from "./market.js";
import { participants } from "./participants.js";

/** Points in the order of their names, those without one last. */
export const connectionPoints = computed((): readonly ConnectionPoint[] => groupedByPoint(participants.value));

const limitTopics = topicsBelow("manage/limits/");

/** What the DSO has said of each period, the newest period first. */
export const networkLimits = computed((): readonly ManageLimits[] =>
  limitTopics.value
    .flatMap((key) => told<ManageLimits>(key).value ?? [])
    .sort((one, other) => (one.period < other.period ? 1 : -1)),
);

/** Starts to listen, as far as one may. @returns ends it */
export function watchLimits(): () => void {
  return effect(() => {
    if (seesAll.value) listenTo(filtersOf(about.market).managePeriods("limits"));
  });
}
