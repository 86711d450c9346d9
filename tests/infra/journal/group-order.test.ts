/** Groups of what is durable are said in their order, whatever a release brings about, and each is said though another could not be. */
import { describe, expect, it } from "vitest";
import { createGroupCommit, type Pending } from "../../../infra/journal/group-commit.js";
import type { Output } from "../../../infra/journal/hosted-actor.js";
import { type ActorJournal, UnansweredError } from "../../../infra/journal/journal.js";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";

type Done = (error: unknown) => void;

/** A journal that writes when it is waited for. */
function lateJournal(settle?: (orders: Done[]) => void): ActorJournal {
  const orders: Done[] = [];
  return {
    ...memoryJournal(),
    appendLater: (_entries, _retained, done) => void orders.push(done),
    settle() {
      if (settle !== undefined) return settle(orders);
      while (orders.length > 0) orders.shift()?.(undefined);
    },
  };
}

/** What says these texts one after the other, and is then durable. */
function saying(n: number, texts: readonly string[], onDurable?: () => void): Pending {
  const input = { atMs: n, event: { type: "ADD" } };
  const outputs = texts.map((topic): Output => ({ kind: "publish", topic, message: {}, retain: false }));
  const entry = { ...input, n, reply: null, facts: [], handedOver: [], digest: String(n) };
  const decided = { reply: null, facts: [], handedOver: [] };
  return { input, entry, onDurable, worked: { outputs, decided, failure: undefined } };
}

function committing(journal: ActorJournal, on: Record<string, () => void> = {}) {
  const said: string[] = [];
  const failed: string[] = [];
  const group = createGroupCommit({
    journal,
    release(output) {
      const text = output.kind === "publish" ? output.topic : output.kind;
      said.push(text);
      on[text]?.();
    },
    onWritten: () => {},
    onFailed: (lost, error) => void failed.push(`${lost.map(({ input }) => input.atMs).join(" ")}: ${String(error)}`),
  });
  return { group, said, failed };
}

describe.each([
  ["at once", () => memoryJournal()],
  ["later", () => lateJournal()],
])("a journal that is written %s", (_when, journalOf) => {
  it.each(["commit", "settle"] as const)(
    "has what a release brings about said behind the rest of its group, though it is asked to %s there",
    (asked) => {
      const journal = journalOf();
      const { group, said } = committing(journal, {
        a() {
          group.add(saying(3, ["d", "e"], () => said.push("durable 3")));
          group[asked]();
        },
      });
      group.add(saying(1, ["a", "b"], () => said.push("durable 1")));
      group.add(saying(2, ["c"]));
      group.settle();
      expect(said).toEqual(["a", "b", "durable 1", "c", "d", "e", "durable 3"]);
    },
  );

  it("has all else said, acknowledged and written where something cannot be, and then tells", () => {
    const { group, said, failed } = committing(journalOf(), {
      a() {
        group.add(saying(3, ["d"]));
        throw new Error("a cannot be said");
      },
      c() {
        throw new Error("c cannot be said");
      },
    });
    group.add(saying(1, ["a", "b"], () => said.push("durable 1")));
    group.add(saying(2, ["c"]));
    expect(() => group.settle()).toThrow("a cannot be said");
    expect([said, failed]).toEqual([["a", "b", "durable 1", "c", "d"], []]);
    group.add(saying(4, ["e"]));
    group.settle();
    expect(said.at(-1)).toBe("e");
  });
});

describe("a journal that is written later", () => {
  it("tells a release that waits for more than has been added only once that is said", () => {
    const seen: string[][] = [];
    const { group, said } = committing(lateJournal(), {
      a() {
        group.add(saying(2, ["c"]));
        group.settle();
        seen.push([...said]);
      },
    });
    group.add(saying(1, ["a", "b"]));
    group.settle();
    expect(seen).toEqual([["a", "b", "c"]]);
  });

  it("keeps nobody waiting for what it says nothing of, and refuses what has certainly not happened", () => {
    const { group, said, failed } = committing(lateJournal(() => {}));
    group.add(saying(1, ["a"]));
    group.commit();
    group.add(saying(2, ["b"]));
    group.settle();
    expect(failed).toEqual([expect.stringMatching(/^2: JournalError: .*does not tell what became/)]);
    expect(said).toEqual([]);
  });

  it("fails nobody whose own is written where what others wait for is not", () => {
    const { group, said, failed } = committing(
      lateJournal((orders) => {
        orders.shift()?.(undefined);
        throw new Error("not written in time");
      }),
    );
    group.add(saying(1, ["a"]));
    group.settle();
    expect([said, failed]).toEqual([["a"], []]);
  });

  it("refuses nothing of a group of which nobody knows whether it is written", () => {
    const { group, failed } = committing(lateJournal((orders) => orders.shift()?.(new UnansweredError("broke off"))));
    group.add(saying(1, ["a"]));
    group.commit();
    group.add(saying(2, ["b"]));
    group.settle();
    expect(failed).toEqual(["2: JournalError: broke off"]);
  });
});
