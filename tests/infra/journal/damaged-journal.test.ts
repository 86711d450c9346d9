/** What a journal on the disk does when its file, or the log beside it, is not what it was. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { JournalError } from "../../../infra/journal/journal.js";
import { openFile } from "../../../infra/journal/journal-file.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import type { ProcessRole } from "../../../shared/participant-id.js";
import { commandEntries, commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const options = { role: "bidding", programVersion: "1.2.3", durability: "full" } as const;
const readonly = { ...options, readonly: true };
const newFile = (): string => join(journalFolder(), "bidding.sqlite");
const none = new Map<string, string>();

describe("a file that is not what it was", () => {
  /** A closed journal of 600 entries, some 300 kB. */
  function closedJournal(): string {
    const file = newFile();
    const journal = openJournal(file, options);
    journal.append(commandEntries(1, 600), none);
    journal.close();
    return file;
  }
  const complaint =
    /bidding\.sqlite (cannot be (read|opened): (the file is damaged|it is no journal)|is damaged|is no journal)/;
  const readAll = (file: string, how: typeof readonly | typeof options): void => {
    const journal = openJournal(file, how);
    try {
      expect([...journal.inputs(0)]).toHaveLength(600);
    } finally {
      journal.close();
    }
  };

  it("in its snapshot alone has none: all inputs are there to be worked again", () => {
    const file = closedJournal();
    const journal = openJournal(file, options);
    journal.keepSnapshot({ n: 600, digest: "0", programVersion: "1.2.3", state: new Map([["sum", 7]]) });
    expect(journal.snapshot()?.state).toEqual(new Map([["sum", 7]]));
    journal.close();
    const database = openFile(file, "create");
    database.prepare("UPDATE snapshot SET state = zeroblob(length(state))").run([]);
    database.close();
    const again = openJournal(file, options);
    expect(again.snapshot()).toBeUndefined();
    expect(again.lastNumber()).toBe(600);
    again.close();
  });

  it("because whole pages of it are noise is said to be damaged", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 40 }),
        fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
        (page, noise) => {
          const file = closedJournal();
          const bytes = readFileSync(file);
          bytes.set(noise, page * 4096);
          writeFileSync(file, bytes);
          expect(() => readAll(file, readonly)).toThrow(JournalError);
          expect(() => readAll(file, options)).toThrow(complaint);
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });

  it.each([[0.9], [0.5], [0.01]])("because it was cut to %f of its length is said to be damaged", (share) => {
    const file = closedJournal();
    truncateSync(file, Math.floor(statSync(file).size * share));
    expect(() => readAll(file, readonly)).toThrow(complaint);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      "another program's database",
      (file) => openFile(file, "create").exec("CREATE TABLE songs(title)"),
      /is no journal of an energy market/,
    ],
    [
      "a text",
      (file) => writeFileSync(file, "period,price\n".repeat(500)),
      /cannot be (opened|read): it is no journal/,
    ],
    ["a folder", (file) => mkdirSync(file), /cannot be opened/],
  ])("but %s is said to be no journal", (_what, make, what) => {
    const file = newFile();
    make(file);
    expect(() => openJournal(file, options)).toThrow(what);
    expect(() => openJournal(file, options)).toThrow(JournalError);
  });

  it("but another role's is said to be that", () => {
    const file = closedJournal();
    expect(() => openJournal(file, { ...options, role: "exchange" })).toThrow(
      "is the journal of bidding, not of exchange",
    );
  });

  it("but a newer program's is left alone", () => {
    const file = closedJournal();
    const database = openFile(file, "write");
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => openJournal(file, options)).toThrow(/written by a newer elecbay \(schema 99, this one knows \d+\)/);
    expect(() => openJournal(file, readonly)).toThrow(/written by a newer elecbay/);
  });

  it("is said to be missing where there is none, and so is its folder", () => {
    const file = newFile();
    expect(() => openJournal(file, readonly)).toThrow("there is no such journal");
    expect(() => openJournal(join(file, "no", "bidding.sqlite"), options)).toThrow("there is no folder");
  });
});

describe("a log that was cut by a crash", () => {
  it("leaves whole appends, the first of them, with all that belongs to them", () => {
    const file = newFile();
    const journal = openJournal(file, options);
    const receivers: ProcessRole[] = ["exchange"];
    for (let n = 1; n <= 60; n += 3) {
      const handedOver = [{ n, topic: "manage/contracts", message: { n }, receivers }];
      const facts = [{ type: "contract", periodMs: n, participant: "h1", energyWh: n, valueMicro: n }] as never;
      journal.append(
        [{ ...commandEntry(n), handedOver, facts }, ...commandEntries(n + 1, n + 2)],
        new Map([["last", `${n + 2}`]]),
      );
    }
    const log = readFileSync(`${file}-wal`);
    fc.assert(
      fc.property(fc.nat(log.length), (length) => {
        const copy = join(journalFolder(), basename(file));
        copyFileSync(file, copy);
        writeFileSync(`${copy}-wal`, log.subarray(0, length));
        // Cut within the first step there are no tables yet: then it begins anew.
        const cut = openJournal(copy, options);
        const last = cut.lastNumber();
        expect(last % 3).toBe(0);
        expect([...cut.inputs(0)]).toEqual([...journal.inputs(0)].slice(0, last));
        expect([...cut.facts()]).toEqual([...journal.facts()].slice(0, last / 3));
        expect(cut.outstanding()).toEqual(journal.outstanding().slice(0, last / 3));
        expect(cut.retained().get("last")).toBe(last === 0 ? undefined : String(last));
        cut.append(commandEntries(last + 1, last + 3), none);
        cut.close();
      }),
      { numRuns: 40, endOnFailure: true, examples: [[log.length], [0]] },
    );
    journal.close();
  });

  it("ends where its bytes stop making sense", () => {
    const file = newFile();
    const journal = openJournal(file, options);
    for (let n = 1; n <= 30; n += 3) journal.append(commandEntries(n, n + 2), none);
    const folder = journalFolder();
    cpSync(join(file, ".."), folder, { recursive: true });
    journal.close();
    const copy = join(folder, basename(file));
    const log = readFileSync(`${copy}-wal`);
    log.fill(0xaa, log.length - 5000, log.length - 4900);
    writeFileSync(`${copy}-wal`, log);
    const cut = openJournal(copy, options);
    expect(cut.lastNumber()).toBeLessThan(30);
    expect(cut.lastNumber() % 3).toBe(0);
    cut.close();
  });
});
