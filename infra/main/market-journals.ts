/**
 * The journals of a market in its state folder: begun, or gone on with.
 *
 * A market that is found there goes on under the terms it was begun with. In scaled mode its time goes on where it stood, at the next tick,
 * for nobody lived through the time it was off; in real mode it is the wall clock, and what fell due meanwhile is done at once.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lastPeriod, tickLengthMs, timesOf } from "../../market/managers/calendar.js";
import type { Log } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ReadJournal } from "../journal/handovers-agree.js";
import { type JournalledRole, journalledRoles } from "../journal/hosted-actor.js";
import { type ActorJournal, JournalError } from "../journal/journal.js";
import { journalFile, openJournals, setJournalsAside } from "../journal/journal-folder.js";
import { noJournal } from "../journal/no-journal.js";
import {
  asRecorded,
  assertSameKey,
  assertSameMechanism,
  assertSameSupplier,
  assertSameTerms,
  beginElsewhere,
  type RunAbout,
  type RunRecord,
  recallRun,
  recallSupplier,
  rememberRun,
  rememberSupplier,
} from "../journal/run-record.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { withMonths } from "../scenario/month-starts.js";
import { programVersion } from "../version.js";
import { readerIn } from "./journal-reader.js";
import { type DrawnSecrets, lostSecret } from "./secrets.js";

export interface MarketJournals {
  readonly terms: MarketTerms;
  readonly record: RunRecord;
  /** Market time at which the market goes on; its start where it is new. */
  readonly resumeMs: number;
  readonly journalOf: (role: JournalledRole) => ActorJournal;
  /** Journals of managers that run elsewhere are opened for it, where they lie in the same state folder. */
  readonly readJournal: ReadJournal;
  /** Topics whose retained messages the journals vouch for, those of managers that run elsewhere included. */
  readonly retained: () => ReadonlySet<string>;
  close(): void;
}

export interface MarketJournalsOptions {
  readonly scenario: LoadedScenario;
  readonly mode: "scaled" | "real";
  readonly speed: number;
  readonly stateFolder: string;
  readonly fresh: boolean;
  /** Those that run as processes of their own, each with its journal. */
  readonly without: ReadonlySet<string>;
  readonly about: RunAbout;
  /** What was drawn for a new market, and is written only where the start is not refused. */
  readonly drawn: Pick<DrawnSecrets, "isNew" | "keep">;
  /** Of this program, for its thread that writes journals. Undefined: each append is waited for. */
  readonly distFolder?: string;
}

/** The thread that writes journals, built. */
const writtenBy = (distFolder: string | undefined) =>
  distFolder === undefined ? {} : { writerFile: join(distFolder, "journal-writer.js") };

/** Lists and books go out at most that often, in wall time. */
const leastListIntervalWallMs = 500;

/**
 * A market that has come to its end is set aside like one that `fresh` does away with: there is nothing to go on with.
 * @throws JournalError where another market runs there, or where its terms were others.
 */
export function openMarketJournals(options: MarketJournalsOptions, mechanism: Mechanism, log: Log): MarketJournals {
  const { stateFolder } = options;
  const setAside = (why: string): void => {
    const aside = setJournalsAside(stateFolder, Date.now());
    if (aside !== undefined) log.info(`${why}: a new market begins, the journals of the old one are in ${aside}`);
  };
  if (options.fresh) setAside("begun afresh");
  const roles = journalledRoles.filter((role) => !options.without.has(role));
  const open = () =>
    openJournals(stateFolder, { roles, programVersion, durability: "full", ...writtenBy(options.distFolder) });
  let folder = open();
  try {
    if (isOver(readerIn(stateFolder, roles, folder.journalOf, log))) {
      folder.close();
      setAside(`the market in ${stateFolder} had come to its end`);
      folder = open();
    }
    return journalsOn(options, mechanism, roles, folder, log);
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** Whether the last period of the market in these journals is billed: its date alone is not enough, settlement may not have got to it. */
function isOver(readJournal: ReadJournal): boolean {
  const isBilled = readJournal("settlement", (journal) => {
    const calendar = recallRun(journal)?.terms.calendar;
    if (calendar?.periods === undefined) return false;
    const lastMs = lastPeriod(calendar);
    if (latestOf(journal) < timesOf(lastMs, calendar).billAtMs) return false;
    for (const fact of journal.facts()) if (fact.type === "billed" && fact.periodMs === lastMs) return true;
    return false;
  });
  return isBilled === true;
}

function journalsOn(
  options: MarketJournalsOptions,
  mechanism: Mechanism,
  roles: readonly JournalledRole[],
  { journalOf, close }: ReturnType<typeof openJournals>,
  log: Log,
): MarketJournals {
  const { scenario, mode, speed, stateFolder } = options;
  const all = roles.map((role) => journalOf(role));
  const readJournal = readerIn(stateFolder, roles, journalOf, log);
  const begun = oneRecord(readJournal, stateFolder);
  const terms = termsFrom(startOf(options, begun), scenario, mechanism);
  const record: RunRecord = begun ?? {
    ...{ scenario: scenario.name, mode, rate: speed, terms, runId: `r${randomBytes(4).toString("hex")}` },
    rateWindowMs: Math.max(1, Math.round(1000 * speed)),
    leastListIntervalMs: Math.round(leastListIntervalWallMs * speed),
    about: options.about,
  };
  if (begun !== undefined) {
    if (options.drawn.isNew) throw lostSecret(stateFolder);
    if (begun.mode !== mode)
      throw new JournalError(`${stateFolder} holds a market in ${begun.mode} mode, not ${mode}: ${beginElsewhere}`);
    assertAsBegun(begun, terms, options.about, stateFolder);
    assertSameSupplier(readJournal("supplier", recallSupplier), scenario.supplier, begun, stateFolder);
  }
  if (begun !== undefined && begun.rate !== speed) log.info(keptPace(begun, speed));
  options.drawn.keep(); // before a journal names it
  for (const journal of all) rememberRun(journal, record);
  if (roles.includes("supplier")) rememberSupplier(journalOf("supplier"), scenario.supplier);
  const latestMs = Math.max(...all.map(latestOf));
  return {
    ...{ terms, close, record, readJournal },
    journalOf: (role) => (roles.includes(role) ? journalOf(role) : noJournal()),
    resumeMs: latestMs === Number.NEGATIVE_INFINITY ? terms.calendar.startMs : nextTick(latestMs, terms),
    retained: () =>
      new Set(
        journalledRoles.flatMap((role) => [...(readJournal(role, (journal) => journal.retained())?.keys() ?? [])]),
      ),
  };
}

/**
 * Which commands were one too many hangs on the window in which they are counted: it stands in the journals, so that they replay, and stays
 * what it was at the market's start.
 */
function keptPace({ rate, rateWindowMs, leastListIntervalMs, terms }: RunRecord, speed: number): string {
  const wallSeconds = (marketMs: number): number => Number((marketMs / speed / 1000).toPrecision(2));
  return `the market was begun at speed ${rate} and goes on at ${speed}: its limits stay as they were in market time, now ${terms.maxCommandsPerTick} commands of a participant in ${wallSeconds(rateWindowMs)} s of wall time and lists every ${wallSeconds(leastListIntervalMs)} s; begin anew with --fresh for limits that suit this speed`;
}

/**
 * The journal of a manager that runs alone, beside the market's others in the same state folder.
 * @throws JournalError where the market was not started there yet, its terms were others, or this manager runs already.
 */
export function openManagerJournal(
  {
    role,
    scenario,
    stateFolder,
    about,
    distFolder,
  }: { role: JournalledRole; scenario: LoadedScenario; stateFolder: string; about: RunAbout; distFolder?: string },
  mechanism: Mechanism,
  log: Log,
) {
  const record = recordIn(stateFolder, role);
  const terms = termsFrom(record.terms.calendar.startMs, scenario, mechanism);
  assertAsBegun(record, terms, about, stateFolder);
  const { journalOf, close } = openJournals(stateFolder, {
    ...{ roles: [role], programVersion, durability: "full", ...writtenBy(distFolder) },
  });
  try {
    const journal = journalOf(role);
    const readJournal = readerIn(stateFolder, [role], journalOf, log);
    oneRecord(readJournal, stateFolder);
    rememberRun(journal, record);
    return { terms, record, journal, readJournal, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws JournalError where no market was started on this state folder yet. */
export function assertMarketBegun(stateFolder: string, role: JournalledRole): void {
  recordIn(stateFolder, role);
}

/** The supervisor is always with the market itself: its journal says what the market was begun with. */
function recordIn(stateFolder: string, role: JournalledRole): RunRecord {
  if (existsSync(journalFile(stateFolder, "supervisor"))) {
    const { journalOf, close } = openJournals(stateFolder, {
      ...{ roles: ["supervisor"], readonly: true, programVersion, durability: "full" },
    });
    const record = recallRun(journalOf("supervisor"));
    close();
    if (record !== undefined) return record;
  }
  throw new JournalError(
    `${stateFolder} holds no market yet: start it first, without this manager (elecbay up --without ${role} --state ${stateFolder})`,
  );
}

/** What all journals of the folder were begun with; undefined where all are new. @throws JournalError where they are of different markets. */
function oneRecord(readJournal: ReadJournal, stateFolder: string): RunRecord | undefined {
  let first: { readonly role: JournalledRole; readonly record: RunRecord } | undefined;
  for (const role of journalledRoles) {
    const record = readJournal(role, recallRun);
    if (record === undefined) continue;
    first ??= { role, record };
    if (record.runId === first.record.runId) continue;
    throw new JournalError(
      `${stateFolder} holds journals of two markets: that of ${first.role} is of ${first.record.runId} (${first.record.scenario}), that of ${role} of ${record.runId} (${record.scenario}); restore a backup (elecbay restore), or ${beginElsewhere}`,
    );
  }
  return first?.record;
}

function assertAsBegun(begun: RunRecord, terms: MarketTerms, about: RunAbout, stateFolder: string): void {
  assertSameTerms(begun, terms, stateFolder);
  assertSameMechanism(begun, about, stateFolder);
  assertSameKey(begun, about, stateFolder);
}

/** In real mode the market's ticks are the wall clock's, and it begins in the one that runs. */
function startOf({ scenario, mode }: MarketJournalsOptions, begun: RunRecord | undefined): number {
  const { calendar } = scenario.terms;
  if (begun !== undefined) return begun.terms.calendar.startMs;
  if (mode === "scaled") return calendar.startMs;
  const tickMs = tickLengthMs(calendar);
  return Math.floor(Date.now() / tickMs) * tickMs;
}

/** A scenario's terms for a market that begins then; it goes on for ever where the scenario's series repeat. */
function termsFrom(startMs: number, { terms, endless }: LoadedScenario, mechanism: Mechanism): MarketTerms {
  const { calendar } = terms;
  const periods = endless ? undefined : calendar.periods;
  return asRecorded(withMonths({ ...terms, calendar: { ...calendar, startMs, periods } }, mechanism));
}

function nextTick(instantMs: number, { calendar }: MarketTerms): number {
  const tickMs = tickLengthMs(calendar);
  return calendar.startMs + (Math.floor((instantMs - calendar.startMs) / tickMs) + 1) * tickMs;
}

/** When the last thing in a journal happened; far in the past where there is none. */
function latestOf(journal: ActorJournal): number {
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const { atMs } of journal.inputs(Math.max(0, journal.lastNumber() - 1))) latestMs = atMs;
  return latestMs;
}
