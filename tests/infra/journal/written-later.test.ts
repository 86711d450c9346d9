/** Journals that a thread writes: the same rows in the same order as where each append is waited for. */

import { chmodSync, copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ActorJournal } from "../../../infra/journal/journal.js";
import { JournalError } from "../../../infra/journal/journal.js";
import { openFile } from "../../../infra/journal/journal-file.js";
import { createJournalWriter } from "../../../infra/journal/journal-writer.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { commandEntries } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

const options = { role: "bidding", programVersion: "1", durability: "full" } as const;
const threadFile = resolve("dist/journal-writer.js");
const none = new Map<string, string>();
afterAll(removeFolders);

function opened(byThread = threadFile) {
  const file = join(journalFolder(), "bidding.sqlite");
  const writer = createJournalWriter(byThread);
  const journal = openJournal(file, { ...options, writer });
  const told: string[] = [];
  const later = (name: string, first: number, last: number): void => {
    journal.appendLater?.(commandEntries(first, last), new Map([["last", name]]), (error) => {
      told.push(error === undefined ? name : `${name} failed: ${String(error)}`);
    });
  };
  return { file, journal, told, later };
}

/** A small one is a part and its end: each is sent when the one before is kept. */
function settleParts(journal: ActorJournal): void {
  for (const _ of ["part", "end"]) journal.settle?.();
}

describe("a journal that a thread writes", () => {
  it("holds the same as one that is written at once", () => {
    const { file, journal, told, later } = opened();
    const plain = openJournal(join(journalFolder(), "bidding.sqlite"), options);
    for (const [name, first, last] of [
      ["one", 1, 70],
      ["two", 71, 71],
      ["three", 72, 200],
    ] as const) {
      later(name, first, last);
      plain.append(commandEntries(first, last), new Map([["last", name]]));
    }
    journal.settle?.();
    expect(told).toEqual(["one", "two", "three"]);
    expect(journal.lastNumber()).toBe(200);
    expect([...journal.recorded(0)]).toEqual([...plain.recorded(0)]);
    expect(journal.retained()).toEqual(plain.retained());
    journal.close();
    const again = openJournal(file, { ...options, readonly: true });
    expect([...again.facts()]).toEqual([...plain.facts()]);
    again.close();
    plain.close();
  });

  it("says at once that its thread cannot start, and keeps nobody waiting", () => {
    const { journal, told, later } = opened(resolve("dist/no-such-thread.js"));
    later("one", 1, 10);
    journal.settle?.();
    expect(told).toEqual([expect.stringMatching(/^one failed: .*no-such-thread\.js is not there/)]);
    journal.close();
  });

  it("tells when it is durable without being waited for", async () => {
    const { journal, told, later } = opened();
    later("one", 1, 10);
    expect(told).toEqual([]);
    await expect.poll(() => told).toEqual(["one"]);
    journal.close();
  });

  it("keeps nothing of what does not follow, nor of what came after it", () => {
    const { journal, told, later } = opened();
    later("one", 1, 3);
    later("gap", 5, 6);
    later("next", 7, 8);
    later("right", 4, 4);
    journal.settle?.();
    expect(told).toEqual([
      "one",
      expect.stringMatching(/^gap failed: Error: .*ends with 3; 5 cannot be next/),
      expect.stringMatching(/^next failed: /),
      "right",
    ]);
    expect(journal.lastNumber()).toBe(4);
    expect(journal.retained().get("last")).toBe("right");
    journal.close();
  });

  it("says what is wrong with the file, as one that is written at once does", () => {
    const { file, journal, later } = opened();
    later("one", 1, 3);
    journal.settle?.();
    const other = openFile(file, "write");
    other.exec("DROP TABLE inputs");
    const failures: unknown[] = [];
    journal.appendLater?.(commandEntries(4, 14), none, (error) => failures.push(error));
    journal.settle?.();
    expect(failures).toEqual([expect.any(JournalError)]);
    expect(String(failures[0])).toMatch(/bidding\.sqlite cannot be written/);
    other.close();
    journal.close();
  });

  it("waits for no more of a snapshot than was sent when waiting began", () => {
    const { journal, later } = opened();
    const large = Array.from({ length: 100_000 }, (_, n) => `order ${n}`);
    later("one", 1, 3);
    journal.keepSnapshot({ programVersion: "1", digest: "d", state: large, n: 3 });
    later("two", 4, 5);
    journal.settle?.();
    expect(journal.lastNumber()).toBe(5);
    expect(journal.snapshot()).toBeUndefined();
    journal.close(); // waits for all of it
  });

  it("keeps a snapshot after what it is of, and none of an entry that was not kept", () => {
    const { journal, later } = opened();
    const state = { programVersion: "1", digest: "d", state: new Map([["sum", 1]]) };
    later("one", 1, 3);
    journal.keepSnapshot({ ...state, n: 3 });
    settleParts(journal);
    later("gap", 5, 6);
    journal.keepSnapshot({ ...state, n: 6 });
    settleParts(journal);
    expect(journal.snapshot()).toEqual({ ...state, n: 3 });
    journal.close();
  });

  it("is whole in the file alone once it is closed", () => {
    const { file, journal, later } = opened();
    later("one", 1, 500);
    journal.close();
    const copy = join(journalFolder(), "bidding.sqlite");
    copyFileSync(file, copy);
    chmodSync(copy, 0o600);
    const read = openJournal(copy, { ...options, readonly: true });
    expect([...read.inputs(0)]).toHaveLength(500);
    read.close();
  });
});
