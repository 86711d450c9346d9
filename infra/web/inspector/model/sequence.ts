/** Who sent what to whom, as a sequence diagram: a lifeline for each process (or each actor), an arrow for each event that has a sender. */
import { compareNodes, readableType } from "./actor-names.js";
import { type Entry, nodeOf } from "./entry.js";
import type { Places } from "./recording.js";

export type LifelineKind = "node" | "actor";

export interface Arrow {
  readonly place: number;
  readonly from: string;
  /** Several where one message goes to many. */
  readonly to: readonly string[];
  /** The topic it came on, or the event's type. */
  readonly text: string;
  readonly ts: string;
  /** How often it was heard: by all of them together. */
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
  /** The market's, IANA name. */
  readonly timezone: string;
}

/** So far back is looked for arrows: further, a filter that lets little pass would cost too much. */
const mostLookedAt = 20_000;

export function sequenceOf({ places, upTo, entryAt, isWanted, lifelines, most, timezone }: SequenceOptions): Sequence {
  const arrows: Arrow[] = [];
  const lineOf = (actor: string): string => (lifelines === "node" ? nodeOf(actor) : actor);
  const oldest = Math.max(places.first, upTo - mostLookedAt);
  for (let place = upTo; place >= oldest && arrows.length < most; place -= 1) {
    const entry = entryAt(place);
    if (entry?.kind !== "event" || entry.from === null || !isWanted(entry)) continue;
    const [from, to] = [lineOf(entry.from), lineOf(entry.actor)];
    const text = entry.topic ?? readableType(entry.type, timezone);
    const next = arrows.at(-1);
    const isSame = next?.from === from && next.text === text && next.ts === entry.ts;
    if (isSame) arrows[arrows.length - 1] = { ...next, to: [...new Set([...next.to, to])], times: next.times + 1 };
    else arrows.push({ place, from, to: [to], text, ts: entry.ts, times: 1 });
  }
  const seen = new Set(arrows.flatMap(({ from, to }) => [from, ...to]));
  return { lifelines: [...seen].sort(compareLifelines), arrows: arrows.reverse() };
}

function compareLifelines(one: string, other: string): number {
  return compareNodes(nodeOf(one), nodeOf(other)) || compareNodes(one, other);
}
