/** The journal on the disk against the one in memory, which is its specification. */
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { ActorJournal } from "../../../infra/journal/journal.js";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import type { ProcessRole } from "../../../shared/participant-id.js";
import { draft, journalFolder, numbered, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const options = { role: "bidding", programVersion: "1.2.3", durability: "normal" } as const;

const topic = fc.constantFrom("a", "b", "c", "d");
const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("append" as const),
        drafts: fc.oneof(fc.array(draft, { maxLength: 8 }), fc.array(draft, { minLength: 15, maxLength: 45 })),
        retained: fc.array(fc.tuple(topic, fc.option(fc.json())), { maxLength: 3 }),
      }),
    },
    fc.record({
      do: fc.constant("acknowledge" as const),
      n: fc.integer({ min: 1, max: 20 }),
      receiver: fc.constantFrom<ProcessRole>("bidding", "exchange", "settlement"),
    }),
    fc.record({ do: fc.constant("snapshot" as const), state: fc.anything({ withMap: true, withSet: true }) }),
    fc.record({ do: fc.constant("remember" as const), name: topic, value: fc.jsonValue() }),
    fc.record({ do: fc.constant("reopen" as const) }),
  ),
  { maxLength: 12 },
);

/** All that a journal tells of itself, as it comes back from JSON: fields that are undefined are absent. */
function told(journal: ActorJournal, after: number) {
  const plain = (value: unknown): unknown => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
  return {
    last: journal.lastNumber(),
    inputs: plain([...journal.inputs(after)].map(({ n, atMs, event, digest }) => ({ n, atMs, event, digest }))),
    recorded: plain([...journal.recorded(after)]),
    handedOver: [plain(journal.handedOver(after)), plain(journal.handedOver(journal.lastHandedOver()))],
    lastHandedOver: journal.lastHandedOver(),
    facts: plain([...journal.facts()]),
    earlierFacts: plain([...journal.facts(after)]),
    outstanding: plain(journal.outstanding()),
    retained: [...journal.retained()],
    snapshot: journal.snapshot(),
    remembered: ["a", "b", "c", "d"].map((name) => journal.recall(name)),
  };
}

it("a journal on the disk holds what one in memory holds, whatever is appended and however often it is opened again", () => {
  fc.assert(
    fc.property(steps, fc.nat(10), (walk, after) => {
      const file = join(journalFolder(), "bidding.sqlite");
      const model = memoryJournal();
      let journal = openJournal(file, options);
      let handed = 0;
      for (const step of walk) {
        if (step.do === "append") {
          const entries = numbered(step.drafts, model.lastNumber(), handed);
          handed += entries.flatMap(({ handedOver }) => handedOver).length;
          for (const one of [model, journal]) one.append(entries, new Map(step.retained));
        } else if (step.do === "acknowledge" && step.n <= handed) {
          for (const one of [model, journal]) one.acknowledged(step.n, step.receiver);
        } else if (step.do === "snapshot") {
          const snapshot = {
            n: model.lastNumber(),
            digest: "d",
            programVersion: "1",
            state: step.state,
          };
          for (const one of [model, journal]) one.keepSnapshot(snapshot);
        } else if (step.do === "remember") {
          for (const one of [model, journal]) one.remember(step.name, step.value);
        } else if (step.do === "reopen") {
          journal.close();
          journal = openJournal(file, options);
        }
        expect(told(journal, after)).toEqual(told(model, after));
      }
      journal.close();
      const reader = openJournal(file, { ...options, readonly: true });
      expect(told(reader, after)).toEqual(told(model, after));
      reader.close();
    }),
    { numRuns: 40 },
  );
}, 120_000);
