/** A thread that writes journals and breaks off: who waits hears of it, it is started anew, and nothing is lost or done twice. */
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Output } from "../../../infra/journal/hosted-actor.js";
import { JournalError, UnansweredError } from "../../../infra/journal/journal.js";
import { createJournalWriter } from "../../../infra/journal/journal-writer.js";
import { createManagerHost } from "../../../infra/journal/manager-host.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { sha256 } from "../../../infra/main/secrets.js";
import { type Breaking, breakingThread } from "./breaking-thread.js";
import { commandEntries } from "./command-entries.js";
import { add, makeCounting } from "./counting-actor.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

const options = { role: "settlement", programVersion: "1", durability: "full" } as const;
afterAll(removeFolders);

function opened(first?: string) {
  const folder = journalFolder();
  const thread = breakingThread(folder, first);
  const time = { nowMs: 0, stepMs: 0 };
  const looks = { count: 0 };
  const writer = createJournalWriter(thread.file, () => {
    looks.count += 1;
    time.nowMs += time.stepMs;
    return time.nowMs;
  });
  const journal = openJournal(join(folder, "settlement.sqlite"), { ...options, writer });
  const told: unknown[] = [];
  const later = (first: number, last: number, text: Breaking | "" = ""): void => {
    journal.appendLater?.(commandEntries(first, last), new Map([["last", text]]), (error) => told.push(error));
  };
  return { journal, thread, time, looks, told, later };
}

describe("a thread that writes journals and breaks off", () => {
  it.each([
    ["before it has written", "breaks before", 3],
    ["within a transaction", "breaks within", 3],
    ["when it has written and not said so", "breaks after", 5],
  ] as const)("%s is heard by who waits, and started anew; the journal tells what was written", (_when, how, last) => {
    const { journal, thread, time, told, later } = opened();
    later(1, 3);
    journal.settle?.();
    time.nowMs += 2000;
    later(4, 5, how);
    later(6, 6);
    journal.settle?.();
    expect(told).toEqual([undefined, expect.any(UnansweredError), expect.any(UnansweredError)]);
    journal.assertWritable();
    expect([thread.starts(), journal.lastNumber()]).toEqual([2, last]);
    later(last + 1, last + 2);
    journal.settle?.();
    expect(told.at(-1)).toBeUndefined();
    expect([...journal.inputs(0)]).toHaveLength(last + 2);
    expect(journal.retained().has("never")).toBe(false);
    journal.close();
  });

  it("is heard of without being waited for, with the reason", async () => {
    const { journal, told, later } = opened();
    later(1, 3, "throws");
    await expect.poll(() => String(told[0])).toMatch(/broke off: no more of this/);
    journal.close();
  });

  it("at its start is not started again at once, and then is", () => {
    const { journal, thread, time, told, later } = opened('throw new Error("it cannot");');
    later(1, 3);
    journal.settle?.();
    for (let attempt = 0; attempt < 5; attempt += 1) later(1, 3);
    expect([thread.starts(), told.length]).toEqual([1, 6]);
    expect(told[0]).toBeInstanceOf(UnansweredError);
    expect(told.slice(1).some((error) => error instanceof UnansweredError)).toBe(false);
    time.nowMs += 2000;
    expect(() => journal.assertWritable()).toThrow(JournalError);
    expect(thread.starts()).toBe(2);
    journal.close();
  });

  it("is ended where it answers what it was not asked", () => {
    const { journal, time, told, later } = opened();
    later(1, 3, "answers wrongly");
    later(4, 5);
    journal.settle?.();
    expect(told).toEqual([expect.any(UnansweredError), expect.any(UnansweredError)]);
    time.nowMs += 2000;
    journal.assertWritable();
    later(journal.lastNumber() + 1, journal.lastNumber() + 1);
    journal.settle?.();
    expect(told.at(-1)).toBeUndefined();
    journal.close();
  });

  it("keeps all who wait from going on for as long as one of them would wait, where it is silent", () => {
    const { journal, time, looks, told, later } = opened(
      "port: for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    );
    later(1, 3);
    time.stepMs = 25_000;
    expect(() => journal.settle?.()).toThrow(/could not be written within 60 s/);
    const before = looks.count;
    expect(before).toBeGreaterThan(3);
    expect(() => journal.settle?.()).toThrow(/could not be written within 60 s/);
    expect([looks.count - before, told]).toEqual([1, []]);
    expect(() => journal.close()).toThrow(/could not be written within 60 s/);
    expect(told).toEqual([expect.any(UnansweredError)]);
  });

  it("lets the actor whose entries it had go on from what is written, with nothing lost and nothing twice", () => {
    const { journal, time } = opened();
    const released: Output[] = [];
    const refused: string[] = [];
    const host = createManagerHost({
      ...{ role: "settlement", market: "main", startMs: 0, programVersion: "1", make: makeSaying, digest: sha256 },
      ...{ journal, now: () => 0, release: (output: Output) => void released.push(output) },
      ...{
        acknowledge: () => {},
        onDown: () => {},
        refuse: ({ sender }: { sender: string }) => void refused.push(sender),
      },
    });
    const command = (sender: string, payload: string) => ({
      type: "COMMAND",
      packet: { sender, topic: "orders", payload, bytes: payload.length, stampedAtMs: 0 },
    });
    host.restart();
    host.take(add(1));
    host.take(command("ann", "2"));
    host.take(add(breaksAfter));
    host.commit();
    host.take(command("bob", "4"));
    journal.settle?.();
    // What ann sent is written, which nobody could tell when the thread broke off; what bob sent never came to it.
    expect([host.isUp(), refused]).toEqual([false, ["bob"]]);
    time.nowMs += 2000;
    host.restart();
    host.take(command("bob", "4"));
    host.stop();
    const replies = released.flatMap((output) =>
      output.kind === "publish" && output.topic.endsWith("bob/replies") ? [output.message] : [],
    );
    expect(replies).toEqual([expect.objectContaining({ version: 1 + 2 + breaksAfter + 4 })]);
    expect([...journal.inputs(0)].map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    journal.close();
  });
});

/** An amount after which the actor's retained message makes the thread break off. */
const breaksAfter = 100;

const makeSaying: typeof makeCounting = (ports, saved, onError) => {
  const { outbox } = ports;
  const publish: typeof outbox.publish = (topic, message, retain) => {
    const isLast = retain === true && (message as { sum: number } | null)?.sum === 3 + breaksAfter;
    outbox.publish(topic, isLast ? { ...message, thread: "breaks after" satisfies Breaking } : message, retain);
  };
  return makeCounting({ ...ports, outbox: { publish } }, saved, onError);
};
