/** Entries of a journal made by chance, for property tests; and folders to keep journals in. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { ActorEvent, HandedOver, JournalEntry } from "../../../infra/journal/journal.js";
import type { Fact } from "../../../market/facts.js";
import type { ProcessRole } from "../../../shared/participant-id.js";

const folders: string[] = [];

/** A folder of its own, taken away by `removeFolders`. */
export function journalFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-journal-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Any text at all, also with what SQLite and UTF-8 cannot hold. */
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.constantFrom("\0", "a\0b", "x\ud800y", "é€😀"));
const startMs = 1_470_045_600_000;
const instant = fc.integer({ min: startMs, max: startMs + 1e9 });

const command: fc.Arbitrary<ActorEvent> = fc
  .record({
    sender: fc.constantFrom("h1", "h2", "pv-3"),
    topic: fc.constantFrom("items", "orders", "meter"),
    payload: fc.oneof(fc.json(), anyText),
    bytes: fc.nat(5000),
    stampedAtMs: instant,
  })
  .map((packet) => ({ type: "COMMAND", packet }));

const handover: fc.Arbitrary<ActorEvent> = fc
  .record({ n: fc.integer({ min: 1, max: 99 }), text: anyText, missing: fc.constant(undefined) })
  .map((message) => ({ type: "CONTRACTS", sender: "bidding", message }));

const odd: fc.Arbitrary<ActorEvent> = fc.constantFrom(
  { type: "TIME" },
  { type: "RESUMED" },
  { type: "COMMAND" },
  { type: "COMMAND", packet: null },
  {
    type: "COMMAND",
    packet: { sender: "h1", topic: "orders", payload: "{}", bytes: 2, stampedAtMs: startMs },
    more: 1,
  },
  { type: "COMMAND", packet: { sender: "h1", topic: "orders", payload: "{}", bytes: 2.5, stampedAtMs: startMs } },
);

const event = fc.oneof({ weight: 4, arbitrary: command }, handover, odd, fc.constant(null));

const fact = fc.oneof(
  fc.record({
    ...{ type: fc.constant("contract"), periodMs: instant, participant: fc.constantFrom("h1", "h2") },
    ...{ energyWh: fc.integer(), valueMicro: fc.maxSafeInteger() },
  }),
  fc.record({ type: fc.constant("head"), head: fc.record({ day: anyText, head: anyText, signature: anyText }) }),
) as unknown as fc.Arbitrary<Fact>;

const receivers = fc.uniqueArray(fc.constantFrom<ProcessRole>("bidding", "exchange", "settlement"), { minLength: 1 });

interface Draft {
  readonly event: ActorEvent | null;
  readonly atMs: number;
  readonly reply: object | null;
  readonly facts: readonly Fact[];
  readonly handedOver: readonly {
    readonly topic: string;
    readonly text: string;
    readonly receivers: readonly ProcessRole[];
  }[];
  readonly digest: string;
}

/** An entry without its numbers. */
export const draft: fc.Arbitrary<Draft> = fc.record({
  ...{ event, atMs: instant, digest: fc.stringMatching(/^[0-9a-f]{64}$/) },
  reply: fc.option(fc.record({ status: fc.constantFrom("accepted", "rejected"), reason: anyText })),
  facts: fc.array(fact, { maxLength: 3 }),
  handedOver: fc.array(fc.record({ topic: fc.constantFrom("manage/a", "manage/b"), text: anyText, receivers }), {
    maxLength: 2,
  }),
});

/** Drafts as entries that follow the entry and the hand-over with these numbers. */
export function numbered(drafts: readonly Draft[], lastEntry: number, lastHandover: number): JournalEntry[] {
  let n = lastEntry;
  let handed = lastHandover;
  return drafts.map(({ handedOver, ...rest }) => {
    n += 1;
    const own = handedOver.map(({ topic, text, receivers: to }): HandedOver => {
      handed += 1;
      return { n: handed, topic, message: { n: handed, text }, receivers: to };
    });
    return { ...rest, n, handedOver: own };
  });
}
