/**
 * What of the log is shown. A text of words: an actor or a type is shown where it contains one of them, and never where it contains one
 * that is written with a minus before it. Letters of both cases are the same.
 */
import type { Entry } from "./entry.js";

export interface LogFilter {
  readonly actor: string;
  readonly type: string;
  /** The clock's ticks and heartbeats too. */
  readonly pulse: boolean;
  /** Actions too: what actors do besides changing their state. */
  readonly actions: boolean;
}

export const wholeLog: LogFilter = { actor: "", type: "", pulse: true, actions: true };

/** @returns whether a text passes; an empty filter lets everything pass */
export function wordFilter(words: string): (text: string) => boolean {
  const all = words
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "" && word !== "-");
  const wanted = all.filter((word) => !word.startsWith("-"));
  const unwanted = all.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
  return (text) => {
    const lower = text.toLowerCase();
    if (unwanted.some((word) => lower.includes(word))) return false;
    return wanted.length === 0 || wanted.some((word) => lower.includes(word));
  };
}

/** @param nameOf what the market calls an actor */
export function entryFilter(filter: LogFilter, nameOf: (actor: string) => string): (entry: Entry) => boolean {
  const byActor = wordFilter(filter.actor);
  const byType = wordFilter(filter.type);
  const isWhole = filter.actor.trim() === "" && filter.type.trim() === "";
  return (entry) => {
    if (entry.kind === "missed") return true;
    if (entry.isPulse && !filter.pulse) return false;
    if (entry.kind === "action" && !filter.actions) return false;
    if (isWhole) return true;
    return (
      byActor(`${entry.actor} ${nameOf(entry.actor)}`) && byType(`${entry.type} ${entry.topic ?? ""} ${entry.kind}`)
    );
  };
}
