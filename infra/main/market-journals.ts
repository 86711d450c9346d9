/**
 * The journals of a market in its state folder: begun, or gone on with.
 *
 * A market that is found there goes on under the terms it was begun with. In scaled mode its time goes on where it stood, at the next tick,
 * for nobody lived through the time it was off; in real mode it is the wall clock, and what fell due meanwhile is done at once.
 */
import { randomBytes } from "node:crypto";
import { lastPeriod, tickLengthMs, timesOf } from "../../market/managers/calendar.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import { isoUtc } from "../../shared/time.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import { type ActorJournal, JournalError } from "../journal/journal.js";
import { journalRoles, openJournals, setJournalsAside } from "../journal/journal-folder.js";
import { assertSameTerms, type RunRecord, recallRun, rememberRun } from "../journal/run-record.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { withMonths } from "../scenario/month-starts.js";
import { programVersion } from "../version.js";

export interface MarketJournals {
  readonly terms: MarketTerms;
  readonly record: RunRecord;
  /** Market time at which the market goes on; its start where it is new. */
  readonly resumeMs: number;
  readonly journalOf: (role: HostedRole) => ActorJournal;
  /** Topics whose retained messages the journals vouch for. */
  readonly retained: () => ReadonlySet<string>;
  close(): void;
}

export interface MarketJournalsOptions {
  readonly scenario: LoadedScenario;
  readonly mode: "scaled" | "real";
  readonly speed: number;
  readonly stateFolder: string;
  readonly fresh: boolean;
}

/** Lists and books go out at most that often, in wall time. */
const leastListIntervalWallMs = 500;

const elsewhere = "name another --state folder, or begin anew with --fresh, which keeps the old journals aside";

/** @throws JournalError where another market runs there, where its terms were others, or where it has come to its end. */
export function openMarketJournals(options: MarketJournalsOptions, mechanism: Mechanism): MarketJournals {
  const { stateFolder } = options;
  if (options.fresh) setJournalsAside(stateFolder, Date.now());
  const folder = openJournals(stateFolder, { programVersion, durability: "full" });
  try {
    return journalsOn(options, mechanism, folder);
  } catch (error) {
    folder.close();
    throw error;
  }
}

function journalsOn(
  options: MarketJournalsOptions,
  mechanism: Mechanism,
  { journalOf, close }: ReturnType<typeof openJournals>,
): MarketJournals {
  const { scenario, mode, speed, stateFolder } = options;
  const all = journalRoles.map((role) => journalOf(role));
  const begun = all.map(recallRun).find((record) => record !== undefined);
  const terms = withMonths(termsFor(options, begun), mechanism);
  const record: RunRecord = begun ?? {
    ...{ scenario: scenario.name, mode, terms, runId: `r${randomBytes(4).toString("hex")}` },
    rateWindowMs: Math.max(1, Math.round(1000 * speed)),
    leastListIntervalMs: Math.round(leastListIntervalWallMs * speed),
  };
  if (begun !== undefined) {
    if (begun.mode !== mode)
      throw new JournalError(`${stateFolder} holds a market in ${begun.mode} mode, not ${mode}: ${elsewhere}`);
    assertSameTerms(begun, terms, stateFolder);
  }
  for (const journal of all) rememberRun(journal, record);
  const latestMs = Math.max(...all.map(latestOf));
  assertNotOver(terms, latestMs, stateFolder);
  return {
    ...{ terms, journalOf, close, record },
    resumeMs: latestMs === Number.NEGATIVE_INFINITY ? terms.calendar.startMs : nextTick(latestMs, terms),
    retained: () => new Set(all.flatMap((journal) => [...journal.retained().keys()])),
  };
}

/** In real mode the market's ticks are the wall clock's, and it begins in the one that runs; it goes on for ever where the scenario's series repeat. */
function termsFor({ scenario, mode }: MarketJournalsOptions, begun: RunRecord | undefined): MarketTerms {
  const { terms, endless } = scenario;
  const tickMs = tickLengthMs(terms.calendar);
  const nowMs = Math.floor(Date.now() / tickMs) * tickMs;
  const startMs = begun?.terms.calendar.startMs ?? (mode === "real" ? nowMs : terms.calendar.startMs);
  const periods = endless ? undefined : terms.calendar.periods;
  return { ...terms, calendar: { ...terms.calendar, startMs, periods } };
}

function nextTick(instantMs: number, { calendar }: MarketTerms): number {
  const tickMs = tickLengthMs(calendar);
  return calendar.startMs + (Math.floor((instantMs - calendar.startMs) / tickMs) + 1) * tickMs;
}

function assertNotOver({ calendar }: MarketTerms, latestMs: number, stateFolder: string): void {
  if (calendar.periods === undefined) return;
  const lastBillMs = timesOf(lastPeriod(calendar), calendar).billAtMs;
  if (latestMs < lastBillMs) return;
  throw new JournalError(`the market in ${stateFolder} came to its end at ${isoUtc(lastBillMs)}: ${elsewhere}`);
}

/** When the last thing in a journal happened; far in the past where there is none. */
function latestOf(journal: ActorJournal): number {
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const { atMs } of journal.inputs(Math.max(0, journal.lastNumber() - 1))) latestMs = atMs;
  return latestMs;
}
