/** A state folder: a market found there goes on under its own terms, one that is over makes room for the next. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunAbout } from "../../../infra/journal/run-record.js";
import { type MarketJournals, openManagerJournal, openMarketJournals } from "../../../infra/main/market-journals.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { lastPeriod, tickLengthMs, timesOf } from "../../../market/managers/calendar.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";

/** Its series repeat for ever; here it has an end. */
const scenario = { ...loadScenario("scenarios/thesis-microgrid.yaml"), endless: false };
const { startMs } = scenario.terms.calendar;
const tickMs = tickLengthMs(scenario.terms.calendar);
const log = { info: (message: string) => void said.push(message), warn: () => {} };
const about = { description: "", trueStepMinutes: 30, foresight: false, simulated: [], statementKey: "" };
let said: string[] = [];
let stateFolder = "";
let opened: MarketJournals[] = [];

function open(
  changes: {
    mode?: "scaled" | "real";
    fresh?: boolean;
    speed?: number;
    scenario?: typeof scenario;
    about?: RunAbout;
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
  };
  const journals = openMarketJournals({ ...given, ...changes }, uniform, log);
  opened.push(journals);
  return journals;
}

/** As a market leaves it that was last heard of at `atMs`. */
function leave(journals: MarketJournals, atMs: number): void {
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
  journals.close();
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
    expect([...second.retained()]).toEqual(["elecbay/main/public/price"]);
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
    leave(open(), timesOf(lastPeriod(calendar), calendar).billAtMs);
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

  it("refuses to go on where a mechanism of one's own is made of something else", () => {
    open({ about: { ...about, mechanismCode: "export const clear = 1;" } }).close();
    expect(() => open({ about: { ...about, mechanismCode: "export const clear = 2;" } })).toThrow(/has changed since/);
    open({ about: { ...about, mechanismCode: "export const clear = 1;" } });
  });

  it("gives a manager of its own its journal and the market's record, once the market has begun", () => {
    const manager = { role: "settlement" as const, scenario, stateFolder };
    expect(() => openManagerJournal(manager, uniform)).toThrow(/start it first.*--without settlement/);
    const given = { scenario, mode: "scaled" as const, speed: 300, stateFolder, fresh: false, about };
    const market = openMarketJournals({ ...given, without: new Set(["settlement"]) }, uniform, log);
    opened.push(market);
    const { record, close } = openManagerJournal(manager, uniform);
    expect(record).toEqual(market.record);
    expect(() => openManagerJournal(manager, uniform)).toThrow(/settlement/);
    close();
  });
});
