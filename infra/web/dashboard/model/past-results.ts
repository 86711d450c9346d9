/** Results of any period: from its topic as long as it is retained, else asked of the server once. */
import { computed, effect, signal } from "@preact/signals";
import type { Results } from "../../../../shared/messages/public.js";
import { isoUtc, periodTopicLevel } from "../../../../shared/time.js";
import { chosenPeriod } from "./chosen-period.js";
import { history } from "./histories.js";
import { timeline, told } from "./market.js";

/** Null: the server has none. */
const asked = signal<ReadonlyMap<string, Results | null>>(new Map());

/** Periods that are cleared at the moment shown, newest first, ISO 8601 UTC. */
export const clearedPeriods = computed(() => history.price.value.map(({ atMs }) => isoUtc(atMs)).reverse());

/** The chosen period where it is cleared, else the last that is. */
export const resultsPeriod = computed(() => {
  const all = clearedPeriods.value;
  const chosen = chosenPeriod.value;
  return chosen !== undefined && all.includes(chosen) ? chosen : all[0];
});

const topicOf = (period: string) => `public/results/${periodTopicLevel(Date.parse(period))}`;

/** Undefined while they are fetched, null where there are none any more. */
export const shownResults = computed((): Results | null | undefined => {
  const period = resultsPeriod.value;
  if (period === undefined) return null;
  return told<Results>(topicOf(period)).value ?? asked.value.get(period);
});

/** What is retained comes by itself that soon after the history that names it. */
const retainedWithinMs = 500;

/** Asks the server for what is shown and not retained any more. */
export function fetchPastResults(): void {
  effect(() => {
    const period = resultsPeriod.value;
    if (shownResults.value !== undefined) return;
    const timer = setTimeout(() => askFor(period), retainedWithinMs);
    return () => clearTimeout(timer);
  });
}

function askFor(period: string | undefined): void {
  if (period !== undefined && timeline.known(topicOf(period)) === undefined) void fetchResults(period);
}

async function fetchResults(period: string): Promise<void> {
  const answer = await fetch(`/history/results?period=${encodeURIComponent(period)}`).catch(() => undefined);
  const found = answer?.ok === true ? ((await answer.json()) as Results) : null;
  asked.value = new Map([...asked.peek(), [period, found] as const].slice(-200));
}
