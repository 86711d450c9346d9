/** Who sent what to whom, as a sequence diagram: a lifeline for each process (or each actor), an arrow for each event that has a sender. */
import { compareNodes } from "./actor-names.js";
import { type Entry, nodeOf } from "./entry.js";
import type { Places } from "./recording.js";

export type LifelineKind = "node" | "actor";

export interface Arrow {
  readonly place: number;
  readonly from: string;
  readonly to: string;
  /** The topic it came on, or the event's type. */
  readonly text: string;
  readonly ts: string;
  /** Several after each other that tell the same. */
  readonly times: number;
}

export interface Sequence {
  readonly lifelines: readonly string[];
  /** Oldest first. */
  readonly arrows: readonly Arrow[];
}

export interface SequenceOptions {
  readonly places: Places;
  /** Place up to which arrows are drawn. */
  readonly upTo: number;
  readonly entryAt: (place: number) => Entry | undefined;
  readonly isWanted: (entry: Entry) => boolean;
  readonly lifelines: LifelineKind;
  readonly most: number;
}

/** So far back is looked for arrows: further, a filter that lets little pass would cost too much. */
const mostLookedAt = 20_000;

export function sequenceOf({ places, upTo, entryAt, isWanted, lifelines, most }: SequenceOptions): Sequence {
  const arrows: Arrow[] = [];
  const lineOf = (actor: string): string => (lifelines === "node" ? nodeOf(actor) : actor);
  const oldest = Math.max(places.first, upTo - mostLookedAt);
  for (let place = upTo; place >= oldest && arrows.length < most; place -= 1) {
    const entry = entryAt(place);
    if (entry?.kind !== "event" || entry.from === null || !isWanted(entry)) continue;
    const arrow = {
      ...{ place, from: lineOf(entry.from), to: lineOf(entry.actor) },
      ...{ text: entry.topic ?? entry.type, ts: entry.ts, times: 1 },
    };
    const next = arrows.at(-1);
    if (next !== undefined && isSame(next, arrow)) arrows[arrows.length - 1] = { ...next, times: next.times + 1 };
    else arrows.push(arrow);
  }
  const seen = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return { lifelines: [...seen].sort(compareLifelines), arrows: arrows.reverse() };
}

function isSame(one: Arrow, other: Arrow): boolean {
  return one.from === other.from && one.to === other.to && one.text === other.text;
}

function compareLifelines(one: string, other: string): number {
  return compareNodes(nodeOf(one), nodeOf(other)) || compareNodes(one, other);
}
