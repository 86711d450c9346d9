/** A state folder: a market found there goes on under its own terms, one that is over makes room for the next. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ActorJournal } from "../../../infra/journal/journal.js";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import type { RunAbout } from "../../../infra/journal/run-record.js";
import { recallRun } from "../../../infra/journal/run-record.js";
import {
  type MarketJournals,
  type MarketJournalsOptions,
  openManagerJournal,
  openMarketJournals,
} from "../../../infra/main/market-journals.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { lastPeriod, tickLengthMs, timesOf } from "../../../market/managers/calendar.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { microPerKwh } from "../../../shared/units.js";

/** Its series repeat for ever; here it has an end. */
const scenario = { ...loadScenario("scenarios/thesis-microgrid.yaml"), endless: false };
const { startMs } = scenario.terms.calendar;
const tickMs = tickLengthMs(scenario.terms.calendar);
const log = { info: (message: string) => void said.push(message), warn: () => {} };
const about = { description: "", trueStepMinutes: 30, foresight: false, simulated: [], statementKey: "" };
const drawn = { isNew: false, keep: () => {} };
let said: string[] = [];
let stateFolder = "";
let opened: MarketJournals[] = [];

function open(
  changes: {
    mode?: "scaled" | "real";
    fresh?: boolean;
    without?: ReadonlySet<string>;
    speed?: number;
    scenario?: typeof scenario;
    about?: RunAbout;
    drawn?: MarketJournalsOptions["drawn"];
  } = {},
) {
  const given = {
    scenario,
    mode: "scaled" as const,
    speed: 300,
    stateFolder,
    fresh: false,
    without: new Set<string>(),
    about,
    drawn,
  };
  const journals = openMarketJournals({ ...given, ...changes }, uniform, log);
  opened.push(journals);
  return journals;
}

/** As a market leaves it that was last heard of at `atMs`. */
function leave(journals: MarketJournals, atMs: number, isBilled = false): void {
  const entry = {
    n: 1,
    atMs,
    event: { type: "START" },
    reply: null,
    facts: [],
    handedOver: [],
    digest: "0".repeat(32),
  };
  journals.journalOf("bidding").append([entry], new Map([["elecbay/main/public/price", "{}"]]));
  const last = lastPeriod(scenario.terms.calendar);
  const facts = isBilled ? [{ type: "billed" as const, periodMs: last }] : [];
  journals.journalOf("settlement").append([{ ...entry, facts }], new Map());
  journals.close();
}

/** What the journal of a manager elsewhere holds in the state folder. */
function inJournalOf(role: "bidding" | "settlement", write: (journal: ActorJournal) => void): void {
  const { journalOf, close } = openJournals(stateFolder, {
    ...{ roles: [role], programVersion: "1", durability: "normal" },
  });
  write(journalOf(role));
  close();
}

describe("the state folder of a market", () => {
  beforeEach(() => {
    said = [];
    opened = [];
    stateFolder = mkdtempSync(join(tmpdir(), "elecbay-state-"));
  });
  afterEach(() => {
    for (const journals of opened) journals.close();
    rmSync(stateFolder, { recursive: true });
  });

  it("begins a market at its scenario's start", () => {
    const { resumeMs, record, retained } = open();
    expect(resumeMs).toBe(startMs);
    expect(record).toMatchObject({ mode: "scaled", rate: 300, rateWindowMs: 300_000, leastListIntervalMs: 150_000 });
    expect(retained().size).toBe(0);
  });

  it("goes on with a market at the tick after the last it lived through, with its pace and what it had retained", () => {
    const first = open();
    leave(first, startMs + 10 * tickMs + 5);
    const second = open({ speed: 10 });
    expect(second.resumeMs).toBe(startMs + 11 * tickMs);
    expect(second.record).toEqual(first.record);
    expect(said).toEqual([
      expect.stringMatching(/begun at speed 300 and goes on at 10: .* in 30 s of wall time and lists every 15 s/),
    ]);
    expect([...second.retained()]).toEqual(["elecbay/main/public/price"]);
  });

  it("makes its actors of the very terms that their journals give back", () => {
    const endless = open({ scenario: { ...scenario, endless: true } });
    expect(endless.terms).toStrictEqual(recallRun(endless.journalOf("bidding"))?.terms);
    expect("periods" in endless.terms.calendar).toBe(false);
  });

  it("refuses other terms, naming what differs, and another mode", () => {
    leave(open(), startMs + tickMs);
    const { terms } = scenario;
    const other = { ...scenario, terms: { ...terms, seed: 77, bidding: { ...terms.bidding, k: 0.25 } } };
    expect(() => open({ scenario: other })).toThrow(/other terms: bidding\.k: .* -> 0\.25; seed: .* -> 77.*--fresh/);
    expect(() => open({ mode: "real" })).toThrow(/in scaled mode, not real/);
  });

  it("sets a market aside when it is over, or when asked to", () => {
    const { calendar } = scenario.terms;
    leave(open(), timesOf(lastPeriod(calendar), calendar).billAtMs, true);
    const next = open();
    expect(next.resumeMs).toBe(startMs);
    expect(said[0]).toContain("had come to its end");
    leave(next, startMs + tickMs);
    expect(open({ fresh: true }).resumeMs).toBe(startMs);
    expect(said[1]).toContain("begun afresh");
    const aside = readdirSync(stateFolder).filter((name) => name.startsWith("journal-"));
    expect(aside).toHaveLength(2);
    expect(aside.every((name) => existsSync(join(stateFolder, name, "bidding.sqlite")))).toBe(true);
  });

  it("goes on with a market whose last bill date has come, but not its last bills", () => {
    const { calendar } = scenario.terms;
    const { billAtMs } = timesOf(lastPeriod(calendar), calendar);
    leave(open(), billAtMs);
    expect(open().resumeMs).toBe(billAtMs + tickMs);
    expect(said).toEqual([]);
  });

  it("refuses other prices of the supplier, and another secret", () => {
    open().close();
    const { supplier } = scenario;
    const guestTariff = { ...supplier.guestTariff, importMicroPerKwh: [microPerKwh(1)] };
    const dearer = { ...scenario, supplier: { ...supplier, guestTariff } };
    expect(() => open({ scenario: dearer })).toThrow(
      /other prices: guestTariff\.importMicroPerKwh.* -> 1[.;].*--fresh/,
    );
    expect(() => open({ about: { ...about, statementKey: "other" } })).toThrow(/another `secret`: put that file back/);
    open();
  });

  it("refuses to go on without its secret, and writes no new one: with the old one put back it goes on", () => {
    const first = open();
    leave(first, startMs + tickMs);
    const isNew = { isNew: true, keep: vi.fn() };
    const lost = { ...about, statementKey: "another" };
    for (const _again of [1, 2]) {
      expect(() => open({ about: lost, drawn: isNew })).toThrow(/file `secret` is missing: put it back.*--fresh/);
    }
    expect(isNew.keep).not.toHaveBeenCalled();
    expect(open().record).toEqual(first.record);
    expect(said).toEqual([]);
  });

  it("begins with a new secret where none is needed any more, kept before a journal names it", () => {
    const { calendar } = scenario.terms;
    leave(open(), timesOf(lastPeriod(calendar), calendar).billAtMs, true);
    const named: unknown[] = [];
    const keep = (): void => {
      const settings = {
        roles: ["bidding" as const],
        readonly: true,
        programVersion: "1",
        durability: "normal" as const,
      };
      const { journalOf, close } = openJournals(stateFolder, settings);
      named.push(recallRun(journalOf("bidding")));
      close();
    };
    const next = { ...about, statementKey: "another" };
    expect(open({ about: next, drawn: { isNew: true, keep } }).record.about).toEqual(next);
    expect(named).toEqual([undefined]);
  });

  it("refuses journals of two markets", () => {
    leave(open(), startMs);
    const journal = join(stateFolder, "journal");
    cpSync(join(journal, "bidding.sqlite"), join(stateFolder, "kept"));
    leave(open({ fresh: true }), startMs);
    cpSync(join(stateFolder, "kept"), join(journal, "bidding.sqlite"));
    expect(() => open()).toThrow(
      /journals of two markets: that of bidding is of r.*, that of exchange of r.*elecbay restore/,
    );
  });

  it("vouches for what a manager that runs elsewhere has retained, and reads what it handed over", () => {
    const market = open({ without: new Set(["bidding"]) });
    expect(market.retained().size).toBe(0);
    expect(market.readJournal("bidding", () => "read")).toBeUndefined();
    const topic = "elecbay/main/private/h1/orders";
    inJournalOf("bidding", (journal) => journal.append([], new Map([[topic, "{}"]])));
    expect([...market.retained()]).toEqual([topic]);
    expect(market.readJournal("bidding", (journal) => journal.lastHandedOver())).toBe(0);
  });

  it("refuses to go on where a mechanism of one's own is made of something else", () => {
    open({ about: { ...about, mechanismCode: "export const clear = 1;" } }).close();
    expect(() => open({ about: { ...about, mechanismCode: "export const clear = 2;" } })).toThrow(/has changed since/);
    open({ about: { ...about, mechanismCode: "export const clear = 1;" } }).close();
    const manager = { role: "bidding" as const, scenario, stateFolder };
    const changed = { ...about, mechanismCode: "export const clear = 2;" };
    expect(() => openManagerJournal({ ...manager, about: changed }, uniform, log)).toThrow(/has changed since/);
  });

  it("gives a manager of its own its journal and the market's record, once the market has begun", () => {
    const manager = { role: "settlement" as const, scenario, stateFolder, about };
    expect(() => openManagerJournal(manager, uniform, log)).toThrow(/start it first.*--without settlement/);
    const given = { scenario, mode: "scaled" as const, speed: 300, stateFolder, fresh: false, about, drawn };
    const market = openMarketJournals({ ...given, without: new Set(["settlement"]) }, uniform, log);
    opened.push(market);
    const { record, close } = openManagerJournal(manager, uniform, log);
    expect(record).toEqual(market.record);
    expect(() => openManagerJournal(manager, uniform, log)).toThrow(/settlement/);
    close();
  });
});
