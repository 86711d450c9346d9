/** A snapshot of many MB goes to the journal in parts: appends come in between, and until the last part the one before it stays. */
import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../../infra/journal/journal.js";
import { JournalError } from "../../../infra/journal/journal.js";
import { openFile } from "../../../infra/journal/journal-file.js";
import { writtenSnapshot } from "../../../infra/journal/journal-rows.js";
import type { JournalWriter } from "../../../infra/journal/journal-writer.js";
import { type RowWriter, rowWriterOn } from "../../../infra/journal/row-writer.js";
import { rowsOfEntries } from "../../../infra/journal/rows-of-entries.js";
import { inParts } from "../../../infra/journal/snapshot-in-parts.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import type { WriterOrder } from "../../../infra/journal/writer-orders.js";
import { commandEntries } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterEach(removeFolders);

const options = { role: "bidding", programVersion: "1", durability: "normal" } as const;
const none = new Map<string, string>();
const snapshotOf = (n: number, fill: string): Snapshot => ({
  ...{ n, digest: `d${n}`, programVersion: "1" },
  state: new Map([["large", Array.from({ length: 40 }, (_, place) => `${place} ${fill.repeat(20_000)}`)]]),
});

/** A journal with ten entries, and a writer beside it that works what it is sent when it is told to. */
function opened() {
  const file = `${journalFolder()}/bidding.sqlite`;
  const journal = openJournal(file, options);
  journal.append(commandEntries(1, 10), none);
  const orders: { readonly order: WriterOrder; readonly done: (error: unknown) => void }[] = [];
  const writer: JournalWriter = {
    send: (order, done) => void orders.push({ order, done }),
    settle: () => {},
    end: () => {},
  };
  let rows = rowWriterOn(openFile(file, "write"), file);
  const work = (): WriterOrder["type"] | undefined => {
    const next = orders.shift();
    if (next === undefined) return undefined;
    try {
      obey(next.order, rows);
      next.done(undefined);
    } catch (error) {
      next.done(error);
    }
    return next.order.type;
  };
  return {
    ...{ file, journal, work },
    keep(snapshot: Snapshot): unknown[] {
      const ended: unknown[] = [];
      inParts(snapshot, { writer, file, durability: "normal" })((error) => ended.push(error));
      return ended;
    },
    append: (from: number, to: number) => rows.append(rowsOfEntries(commandEntries(from, to), none, [])),
    anotherThread: () => {
      rows = rowWriterOn(openFile(file, "write"), file);
    },
    partsThere: () => openFile(file, "read").prepare("SELECT DISTINCT parts FROM snapshot_parts").raw().all(),
  };
}

function obey(order: WriterOrder, rows: RowWriter): void {
  if (order.type === "snapshot-part") rows.snapshots.keepPart(order.place, order.bytes);
  if (order.type === "snapshot") rows.snapshots.keepParts(order.head);
}

describe("a snapshot in parts", () => {
  it("counts from its last part on, lets appends come in between, and takes the place of the one before it", () => {
    const { journal, keep, work, append, partsThere } = opened();
    for (const [n, fill] of [
      [10, "a"],
      [12, "b"],
    ] as const) {
      const before = journal.snapshot();
      const ended = keep(snapshotOf(n, fill));
      const types = [work(), work()];
      append(n + 1, n + 2);
      expect(journal.snapshot()).toEqual(before);
      for (let type = work(); type !== undefined; type = work()) types.push(type);
      expect(types.length).toBeGreaterThan(4);
      expect([...new Set(types)]).toEqual(["snapshot-part", "snapshot"]);
      expect(ended).toEqual([undefined]);
      expect(journal.snapshot()).toEqual(snapshotOf(n, fill));
      expect(partsThere()).toHaveLength(1);
    }
    journal.close();
  });

  it("leaves the one before it where its thread dies between two parts, and the next one clears what it left", () => {
    const { journal, keep, work, anotherThread, partsThere } = opened();
    journal.keepSnapshot(snapshotOf(9, "whole"));
    const ended = keep(snapshotOf(10, "half"));
    work();
    anotherThread();
    work();
    expect(ended).toEqual([expect.any(JournalError)]);
    expect(work()).toBeUndefined();
    expect(journal.snapshot()).toEqual(snapshotOf(9, "whole"));
    expect(partsThere()).toHaveLength(1);
    keep(snapshotOf(10, "next"));
    while (work() !== undefined);
    expect(journal.snapshot()).toEqual(snapshotOf(10, "next"));
    expect(partsThere()).toHaveLength(1);
    journal.keepSnapshot(snapshotOf(10, "whole again"));
    expect(journal.snapshot()).toEqual(snapshotOf(10, "whole again"));
    expect(partsThere()).toEqual([]);
    journal.close();
  });

  it("is as good as none where a part is damaged", () => {
    const { file, journal, keep, work } = opened();
    keep(snapshotOf(10, "a"));
    while (work() !== undefined);
    openFile(file, "write").exec("DELETE FROM snapshot_parts WHERE place = 1");
    expect(journal.snapshot()).toBeUndefined();
    journal.close();
  });

  it("is none of an entry that is not there", () => {
    const { journal, keep, work } = opened();
    keep(snapshotOf(11, "early"));
    while (work() !== undefined);
    expect(journal.snapshot()).toBeUndefined();
    journal.close();
  });

  it("can be read with what an older program wrote whole", () => {
    const { file, journal } = opened();
    const written = writtenSnapshot(snapshotOf(10, "old"));
    const older = openFile(file, "write");
    older
      .prepare(
        "INSERT INTO snapshot(one, n, digest, program_version, state, state_hash) VALUES (1, 10, 'd10', '1', ?, ?)",
      )
      .run([Buffer.from(written.bytes), written.hash]);
    older.close();
    expect(journal.snapshot()).toEqual(snapshotOf(10, "old"));
    journal.close();
  });
});
