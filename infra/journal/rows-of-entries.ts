/** What an append brings, as values for the journal's tables: plain data, so that another thread can write it. */
import type { ProcessRole } from "../../shared/participant-id.js";
import type { JournalEntry, RetainedChanges } from "./journal.js";
import type { Value } from "./row-keeper.js";
import { addFact } from "./stored-fact.js";
import { addInput } from "./stored-input.js";

/** Row after row in the order of the tables' columns. */
export interface AppendedRows {
  /** Numbers of the entries: `count` of them from `first` on. */
  readonly first: number;
  readonly count: number;
  readonly inputs: readonly Value[];
  readonly facts: readonly Value[];
  readonly handedOver: readonly Value[];
  readonly unacknowledged: readonly Value[];
  readonly retained: readonly (readonly [topic: string, payload: string | null])[];
  readonly acknowledged: readonly (readonly [n: number, receiver: ProcessRole])[];
}

/** @throws RangeError where the numbers of the entries have a gap */
export function rowsOfEntries(
  entries: readonly JournalEntry[],
  retained: RetainedChanges,
  acknowledged: AppendedRows["acknowledged"],
): AppendedRows {
  const [inputs, facts, handedOver, unacknowledged]: [Value[], Value[], Value[], Value[]] = [[], [], [], []];
  const first = entries[0]?.n ?? 1;
  for (const [index, entry] of entries.entries()) {
    const { n } = entry;
    if (n !== first + index) throw new RangeError(`after ${first + index - 1}, ${n} cannot be next`);
    addInput(inputs, entry);
    for (const [place, fact] of entry.facts.entries()) addFact(facts, { n, place, fact });
    for (const handed of entry.handedOver) {
      handedOver.push(handed.n, handed.topic, JSON.stringify(handed.message), n);
      for (const [place, receiver] of handed.receivers.entries()) unacknowledged.push(handed.n, place, receiver);
    }
  }
  const all = { inputs, facts, handedOver, unacknowledged, retained: [...retained], acknowledged };
  return { first, count: entries.length, ...all };
}
