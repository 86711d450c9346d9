/** A journal in memory: for tests, for the simulator, which may crash the actor but keeps this, and for runs that keep none. */
import type { Fact } from "../../market/facts.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { ActorJournal, HandedOver, JournalEntry, RecordedHandover, Snapshot } from "./journal.js";

export interface MemoryJournal extends ActorJournal {
  readonly entries: readonly JournalEntry[];
}

/** @param beforeAppend called before anything is kept; what it throws is what a failing disk would. */
export function memoryJournal(beforeAppend: () => void = () => {}): MemoryJournal {
  const entries: JournalEntry[] = [];
  /** Of each entry, as a file would hold it: an actor that changes what it has read changes nothing here. */
  const events: string[] = [];
  const handedOver = new Map<number, HandedOver>();
  const retained = new Map<string, string>();
  const outstanding = new Map<number, HandedOver>();
  const remembered = new Map<string, string>();
  let newest: Snapshot | undefined;
  return {
    entries,
    append(added, changes) {
      beforeAppend();
      // As a file would keep it: later changes of what was handed in must not show here.
      for (const entry of structuredClone(added)) {
        entries.push(entry);
        events.push(JSON.stringify(entry.event));
        for (const handed of entry.handedOver) {
          handedOver.set(handed.n, handed);
          outstanding.set(handed.n, handed);
        }
      }
      for (const [topic, payload] of changes) {
        if (payload === null) retained.delete(topic);
        else retained.set(topic, payload);
      }
    },
    assertWritable: beforeAppend,
    lastNumber: () => entries.length,
    *inputs(after) {
      for (const { n, atMs, digest } of entries.slice(after)) {
        yield { n, atMs, digest, event: JSON.parse(events[n - 1] ?? "null") as JournalEntry["event"] };
      }
    },
    recorded: (after) =>
      structuredClone(entries.slice(after)).map((entry) => ({
        ...entry,
        handedOver: entry.handedOver.map(asRecorded),
      })),
    handedOver(n) {
      const found = handedOver.get(n);
      return found === undefined ? undefined : asRecorded(structuredClone(found));
    },
    lastHandedOver: () => entries.findLast(({ handedOver }) => handedOver.length > 0)?.handedOver.at(-1)?.n ?? 0,
    *facts(until = entries.length): Iterable<Fact> {
      for (const entry of entries.slice(0, until)) yield* entry.facts;
    },
    outstanding: () => [...outstanding.values()],
    acknowledged(n: number, receiver: ProcessRole) {
      const waiting = outstanding.get(n);
      if (waiting === undefined) return;
      const receivers = waiting.receivers.filter((role) => role !== receiver);
      if (receivers.length === 0) outstanding.delete(n);
      else outstanding.set(n, { ...waiting, receivers });
    },
    retained: () => retained,
    snapshot: () => structuredClone(newest),
    keepSnapshot(snapshot) {
      newest = structuredClone(snapshot);
    },
    remember(name, value) {
      if (!remembered.has(name)) remembered.set(name, JSON.stringify(value));
    },
    recall(name) {
      const text = remembered.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    close: () => {},
  };
}

const asRecorded = ({ n, topic, message }: HandedOver): RecordedHandover => ({ n, topic, message });
