/** The journals of a state folder, opened together. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hostedRoles } from "../../../infra/journal/hosted-actor.js";
import { journalsIn, openJournals, setJournalsAside } from "../../../infra/journal/journal-folder.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { commandEntries } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const options = { programVersion: "1.2.3", durability: "normal" } as const;
const none = new Map<string, string>();

describe("the journals of a state folder", () => {
  it("are made at the first start, and known at the next", () => {
    const folder = join(journalFolder(), "state");
    const first = openJournals(folder, options);
    expect([...first.begun]).toEqual([]);
    first.journalOf("bidding").append(commandEntries(1, 3), none);
    first.close();
    expect(journalsIn(folder)).toEqual([...hostedRoles]);
    const second = openJournals(folder, options);
    expect([...second.begun]).toEqual([...hostedRoles]);
    expect(hostedRoles.map((role) => second.journalOf(role).lastNumber())).toEqual([3, 0, 0, 0, 0]);
    second.close();
  });

  it("are opened all or none: a second market on the same folder leaves nothing open", () => {
    const folder = journalFolder();
    openJournals(folder, options).close();
    const held = openJournal(join(folder, "journal", "settlement.sqlite"), { ...options, role: "settlement" });
    expect(() => openJournals(folder, options)).toThrow(`a market already runs on ${folder}`);
    held.close();
    openJournals(folder, options).close();
  });

  it("can be opened one by one, for a manager that runs alone", () => {
    const folder = journalFolder();
    const bidding = openJournals(folder, { ...options, roles: ["bidding"] });
    const others = openJournals(folder, { ...options, roles: ["exchange", "settlement"] });
    expect(() => bidding.journalOf("exchange")).toThrow("the journal of exchange was not opened");
    bidding.close();
    others.close();
    const reader = openJournals(folder, { ...options, readonly: true });
    expect(reader.journalOf("settlement").lastNumber()).toBe(0);
    expect(() => reader.journalOf("supplier")).toThrow(RangeError);
    reader.close();
  });

  it("are looked for before they are read", () => {
    expect(() => openJournals(journalFolder(), { ...options, readonly: true })).toThrow(
      "holds no journals: name the state folder",
    );
  });
});

describe("a market that begins anew", () => {
  const nowMs = Date.UTC(2026, 10, 22, 20, 15);

  it("sets the journals of the one before aside, whole", () => {
    const folder = journalFolder();
    const before = openJournals(folder, options);
    before.journalOf("exchange").append(commandEntries(1, 5), none);
    before.close();
    expect(setJournalsAside(folder, nowMs)).toBe(join(folder, "journal-20261122T201500Z"));
    expect(existsSync(join(folder, "journal"))).toBe(false);
    const old = join(folder, "journal-20261122T201500Z", "exchange.sqlite");
    const reader = openJournal(old, { ...options, role: "exchange", readonly: true });
    expect([...reader.inputs(0)]).toHaveLength(5);
    reader.close();
    expect(setJournalsAside(folder, nowMs)).toBeUndefined();
  });

  it("takes another name where that is taken", () => {
    const folder = journalFolder();
    for (let times = 0; times < 3; times += 1) {
      openJournals(folder, options).close();
      setJournalsAside(folder, nowMs);
    }
    const stem = "journal-20261122T201500Z";
    expect(readdirSync(folder).sort()).toEqual([stem, `${stem}-2`, `${stem}-3`]);
  });

  it("leaves them alone while a market writes them", () => {
    const folder = journalFolder();
    const running = openJournals(folder, options);
    expect(() => setJournalsAside(folder, nowMs)).toThrow("a market already runs on");
    running.journalOf("bidding").append(commandEntries(1, 3), none);
    running.close();
    expect(statSync(join(folder, "journal")).isDirectory()).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
