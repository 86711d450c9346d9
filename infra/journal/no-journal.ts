/** Keeps nothing: for a run that nobody will replay, and for actors whose journal nobody needs. It cannot be recovered from. */
import type { ActorJournal } from "./journal.js";

export function noJournal(): ActorJournal {
  let last = 0;
  return {
    append(entries) {
      last += entries.length;
    },
    assertWritable: () => {},
    lastNumber: () => last,
    inputs: () => [],
    recorded: () => [],
    handedOver: () => undefined,
    lastHandedOver: () => 0,
    facts: () => [],
    outstanding: () => [],
    acknowledged: () => {},
    retained: () => new Map(),
    snapshot: () => undefined,
    keepSnapshot: () => {},
    remember: () => {},
    recall: () => undefined,
    close: () => {},
  };
}
