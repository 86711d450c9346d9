/**
 * A run rebuilt from its journals alone: every input worked again, every decision compared, results made anew.
 *
 * Nothing of the folder is written. Results of a run that ended must have the hash that its summary tells.
 */
import type { Fact } from "../../market/facts.js";
import { firstPeriod } from "../../market/managers/calendar.js";
import { kpiSummary } from "../../market/rules/kpi-figures.js";
import type { JournalledRole } from "../journal/hosted-actor.js";
import { createResults, type Results } from "../results/results.js";
import type { Summary, SummaryInput } from "../results/summary.js";
import { programVersion } from "../version.js";
import { factsInOrder } from "./facts-in-order.js";
import type { RecordedRun } from "./recorded-run.js";
import { createTally, type JournalTally, type ReplayedEntry, replayedJournal } from "./replayed-journal.js";

export interface ReplayOptions {
  readonly run: RecordedRun;
  /** Start of the last period that counts; undefined: all. */
  readonly untilMs?: number | undefined;
  /** Folder of the results that are made anew. */
  readonly outFolder: string;
  readonly onProgress: (inputs: number, of: number) => void;
  /** Sees every fact that counts, in order. */
  readonly onFact?: (fact: Fact) => void;
  /** Sees every entry of every journal. */
  readonly onEntry?: (role: JournalledRole, entry: ReplayedEntry) => void;
}

export interface Replay {
  readonly journals: readonly JournalTally[];
  readonly summary: Summary;
}

/** Facts between two looks at the disk. */
const factsPerDrain = 5000;
/** Inputs between two looks at the clock. */
const inputsPerProgress = 200;

/** @throws JournalError or Difference at the first thing that does not come out as it was, Error of the disk. */
export async function replay(options: ReplayOptions): Promise<Replay> {
  const { run, untilMs = Number.POSITIVE_INFINITY } = options;
  const makers = run.makers();
  const counted = createCounter(options);
  const replayed = (role: JournalledRole) => {
    const entries = replayedJournal({
      ...{ terms: run.record.terms, journal: run.journalOf(role), run: run.begin(makers, role) },
      tally: counted.tallyOf(role),
    });
    return counted.each(role, entries);
  };
  const results = resultsOf(run, options.outFolder);
  const inOrder = {
    bidding: replayed("bidding"),
    exchange: replayed("exchange"),
    settlement: replayed("settlement"),
  };
  const told = await enter(factsInOrder(inOrder), { results, untilMs, onFact: options.onFact });
  const others = run.roles.filter((role) => !(role in inOrder));
  if (!told.isCut) for (const role of others) for (const _entry of replayed(role));
  const summary = await results.finish(summaryInput(run, { ...kpiSummary(makers.billedKpis()) }));
  return { journals: counted.tallies(), summary };
}

async function enter(
  facts: Iterable<Fact>,
  { results, untilMs, onFact }: { results: Results; untilMs: number; onFact: ReplayOptions["onFact"] },
): Promise<{ readonly isCut: boolean }> {
  let count = 0;
  for (const fact of facts) {
    results.record(fact);
    onFact?.(fact);
    count += 1;
    if (count % factsPerDrain === 0) await results.drain();
    if (fact.type === "billed" && fact.periodMs >= untilMs) return { isCut: true };
  }
  return { isCut: false };
}

export function resultsOf(
  { record, mechanism }: Pick<RecordedRun, "record" | "mechanism">,
  outFolder: string,
  { terms, statementKey } = { terms: record.terms, statementKey: record.about.statementKey },
): Results {
  const { calendar } = terms;
  return createResults({
    ...{ directory: outFolder, firstPeriodMs: firstPeriod(calendar), periodMinutes: calendar.periodMinutes },
    periods: calendar.periods ?? Number.POSITIVE_INFINITY,
    shadow: { effective: mechanism.name, mechanisms: [] },
    terms: {
      ...{ scenario: record.scenario, market: terms, statementKey },
      ...(record.mode === "lockstep" ? {} : { mode: record.mode }),
    },
  });
}

/** What bots alone knew, who was absent and what their batteries held, stands in no journal. */
export function summaryInput({ record }: RecordedRun, kpis: SummaryInput["kpis"], terms = record.terms): SummaryInput {
  const { description, trueStepMinutes, foresight, simulated } = record.about;
  return {
    ...{ scenario: record.scenario, description, seed: terms.seed, trueStepMinutes, foresight, simulated },
    ...{ programVersion, nodeVersion: process.version, complete: true },
    ...{ currency: terms.currency, mechanism: terms.bidding.mechanism, kpis, absences: [], storage: null },
  };
}

function createCounter({ run, onProgress, onEntry }: ReplayOptions) {
  const tallies = new Map<JournalledRole, JournalTally>();
  const all = run.roles.reduce((sum, role) => sum + run.journalOf(role).lastNumber(), 0);
  let done = 0;
  return {
    tallies: () => [...tallies.values()],
    tallyOf(role: JournalledRole): JournalTally {
      const tally = createTally(role);
      tallies.set(role, tally);
      return tally;
    },
    *each(role: JournalledRole, entries: Iterable<ReplayedEntry>): Generator<ReplayedEntry> {
      for (const entry of entries) {
        done += 1;
        onEntry?.(role, entry);
        if (done % inputsPerProgress === 0) onProgress(done, all);
        yield entry;
      }
    },
  };
}
