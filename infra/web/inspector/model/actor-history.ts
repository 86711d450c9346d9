/** One actor through time: what it was at each place of the log where something of it changed. */
import type { InspectedActor } from "../../../../shared/messages/inspection.js";

export type ActorStatus = InspectedActor["status"];

export interface Moment {
  /** The log's entry behind it; of what was told without one, the last entry before. */
  readonly place: number;
  /** Whether an entry of the log made it. */
  readonly isLogged: boolean;
  readonly status: ActorStatus;
  readonly state: readonly string[];
  readonly value: unknown;
  readonly context: unknown;
  /** Ids of the transitions that were taken last. */
  readonly edges: readonly string[];
  /** Place of the entry that took them. */
  readonly movedAt: number | undefined;
}

export interface ActorHistory {
  readonly id: string;
  readonly node: string;
  readonly name: string;
  readonly parent: string | null;
  readonly machine: string | null;
  /** What it is at a place of the log; undefined: not known yet. */
  at(place: number): Moment | undefined;
  /** The moment before the one at a place. */
  before(place: number): Moment | undefined;
  readonly last: Moment | undefined;
  readonly moments: readonly Moment[];
}

export interface WritableHistory extends ActorHistory {
  name: string;
  parent: string | null;
  machine: string | null;
  add(moment: Moment): void;
  /** Forgets what was before a place, save what it was there. @returns whether anything is left to know */
  forgetBefore(place: number): boolean;
}

export function createHistory(id: string, node: string): WritableHistory {
  let moments: Moment[] = [];
  /** Index of the last moment at or before a place; -1: none. */
  function indexAt(place: number): number {
    let [low, high] = [0, moments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((moments[middle]?.place ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
  return {
    ...{ id, node, name: id, parent: null, machine: null },
    at: (place) => moments[indexAt(place)],
    before: (place) => moments[indexAt(place) - 1],
    get last() {
      return moments.at(-1);
    },
    get moments() {
      return moments;
    },
    add: (moment) => void moments.push(moment),
    forgetBefore(place) {
      const index = indexAt(place);
      if (index > 0) moments = moments.slice(index);
      const last = moments.at(-1);
      return last === undefined || last.status === "active" || last.place >= place;
    },
  };
}
