/** Retained topics beside the journals: what the market retains is what its journals vouch for, no less and no more. */
import type { Broker } from "../broker.js";
import type { Journals } from "./auditor.js";

export interface RetainedOptions {
  readonly journals: Journals;
  readonly broker: Broker;
  readonly market: string;
}

/** Published by who keeps no journal, or told anew with each tick: retained all the same. */
const unvouched =
  /^elecbay\/[^/]+\/(in\/|manage\/status\/|public\/(clock|solar-|consumption-curve|market-state|status))/;

/** @returns what is wrong, undefined where nothing is */
export function checkRetained({ journals, broker }: RetainedOptions): string | undefined {
  const wanted = new Map<string, string>();
  for (const journal of journals.values()) for (const [topic, text] of journal.retained()) wanted.set(topic, text);
  for (const [topic, text] of wanted) {
    if (unvouched.test(topic)) continue;
    const held = broker.retained.get(topic);
    if (held !== text) return `${topic} retains ${held ?? "nothing"}, the journal says ${text}`;
  }
  for (const topic of broker.retained.keys()) {
    if (!wanted.has(topic) && !unvouched.test(topic)) return `${topic} is retained, and no journal vouches for it`;
  }
  return undefined;
}
