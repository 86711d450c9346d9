/**
 * What the page shows: which recording, which moment of it, which actor, through which filters. Views read and change these signals; where
 * the messages come from (source.ts) is not their matter.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";
import type { ActorHistory, Moment } from "./actor-history.js";
import { entryFilter, type LogFilter } from "./filter.js";
import { createRecording, type Recording } from "./recording.js";
import type { LifelineKind } from "./sequence.js";

/** Of a live market: enough for some minutes of a hundred bots, small enough for a phone. */
const liveLimits = { mostEntries: 20_000, holdMs: 250 };

export const recording = signal<Recording>(createRecording(liveLimits));

/** From now on another recording is shown, from its newest moment. */
export function show(another: Recording): void {
  cursor.value = undefined;
  frozenAt.value = undefined;
  recording.value = another;
}

export function startLiveRecording(): Recording {
  const live = createRecording(liveLimits);
  show(live);
  return live;
}

/** The log's last entry that is listed, where it is frozen. */
export const frozenAt = signal<number | undefined>(undefined);

/** Place of the log that is shown; undefined: as it comes. */
export const cursor = signal<number | undefined>(undefined);
export const places = computed(() => recording.value.places.value);
/** The place that is shown: the last one while live. */
export const shownPlace: ReadonlySignal<number> = computed(() => {
  const { first, last } = places.value;
  return cursor.value === undefined ? last : Math.min(Math.max(first, cursor.value), last);
});

export function goTo(place: number): void {
  const { first, last } = places.peek();
  if (last >= first) cursor.value = Math.min(Math.max(first, place), last);
}

export function backToLive(): void {
  cursor.value = undefined;
}

/** Of the market's clocks; of a log that does not tell it: UTC. */
export const timezone = computed(() => recording.value.timezone.value ?? "UTC");

/** Id of the actor that is looked at. */
export const chosenId = signal<string | undefined>(undefined);
/** Grows with all that is heard: an actor is the same object, whatever is added to its history. */
const heard = computed(() => recording.value.version.value);
export const chosen = computed((): ActorHistory | undefined => {
  heard.value;
  return chosenId.value === undefined ? undefined : recording.value.actor(chosenId.value);
});
/** What the chosen actor is at the moment shown. */
export const chosenMoment = computed((): Moment | undefined => {
  heard.value;
  return chosen.value?.at(shownPlace.value);
});
export const momentBefore = computed((): Moment | undefined => {
  heard.value;
  return chosen.value?.before(shownPlace.value);
});

/** The chosen actor's machine; undefined: it has none, or is not drawn yet. */
export const chosenMachine = computed((): InspectedMachine | undefined => {
  heard.value;
  const actor = chosen.value;
  return actor?.machine == null ? undefined : recording.value.machine(actor.node, actor.machine);
});

export type CentreView = "chart" | "sequence";
export const centreView = signal<CentreView>("chart");
export const lifelines = signal<LifelineKind>("node");

export const filter = signal<LogFilter>({ actor: "", type: "", pulse: false, actions: true });
export const nameOf = (actor: string): string => recording.peek().actor(actor)?.name ?? "";
export const isWanted = computed(() => entryFilter(filter.value, nameOf));

/** Goes to the nearest entry that passes the filter, back (-1) or forth (1) from the moment shown. */
export function step(by: -1 | 1): void {
  const { first, last } = places.peek();
  const passes = isWanted.peek();
  for (let place = shownPlace.peek() + by; place >= first && place <= last; place += by) {
    const entry = recording.peek().entry(place);
    if (entry !== undefined && passes(entry)) {
      cursor.value = place;
      return;
    }
  }
}
