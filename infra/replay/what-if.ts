/**
 * A recorded run under another mechanism, beside the run as it was. Mechanical: bids, devices and times as they were, not re-optimised.
 *
 * The run as it was is replayed first, so that what is compared is proved.
 */
import { kpiSummary } from "../../market/rules/kpi-figures.js";
import type { MarketTerms } from "../../market/terms.js";
import { loadSecrets } from "../main/secrets.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import type { ShadowSummary } from "../results/shadow-tally.js";
import { type Summary, shadowNote } from "../results/summary.js";
import { withMonths } from "../scenario/month-starts.js";
import { type CommandsCompared, createJointRun } from "./joint-run.js";
import type { RecordedRun } from "./recorded-run.js";
import { replay, resultsOf, summaryInput } from "./replay.js";
import { createRunFigures } from "./run-figures.js";

export interface WhatIfTerms {
  /** One of ours, or the path of a file. */
  readonly mechanism: string;
  readonly k: number | undefined;
  readonly tie: "pro-rata" | "time" | undefined;
}

export interface WhatIfOptions {
  readonly run: RecordedRun;
  readonly other: WhatIfTerms;
  /** That the path of a mechanism's file is relative to. */
  readonly folder: string;
  /** Of the results of the run as it was; and of the other. */
  readonly asItWasFolder: string;
  readonly outFolder: string;
  readonly onProgress: (inputs: number, of: number) => void;
}

export interface RunCompared {
  readonly summary: Summary;
  readonly figures: ShadowSummary;
}

export interface WhatIf {
  readonly note: string;
  readonly asItWas: RunCompared;
  readonly whatIf: RunCompared;
  readonly commands: CommandsCompared;
  /** The run had not come to the end of what the other mechanism prices together: not all its periods are billed. */
  readonly isCut: boolean;
}

const inputsPerDrain = 2000;

/** @throws JournalError or Difference where the run does not replay, InputError for a mechanism that is none, Error where it cannot be worked. */
export async function whatIf(options: WhatIfOptions): Promise<WhatIf> {
  const { run, other, onProgress } = options;
  const { terms: before } = run.record;
  let inputs = 0;
  const was = createRunFigures(run.mechanism.name, before);
  const asItWas = await replay({
    ...{ run, outFolder: options.asItWasFolder, onFact: was.fact },
    onProgress: (done, of) => onProgress(done, 2 * of),
  });
  const all = asItWas.journals.reduce((sum, journal) => sum + journal.inputs, 0);
  const isItsOwn = other.mechanism === before.bidding.mechanism;
  const mechanism = isItsOwn ? run.mechanism : await loadMechanism(other.mechanism, options.folder);
  const terms = withMonths(termsUnder(before, other), mechanism);
  const figures = createRunFigures(mechanism.name, terms);
  // Only the market has its key: what it never stated is signed with one that is thrown away.
  const { sign, statementKey } = loadSecrets(undefined);
  const results = resultsOf({ ...run, mechanism }, options.outFolder, { terms, statementKey: statementKey() });
  const joint = createJointRun({
    ...{ run, rules: { terms, mechanism, sign } },
    onFact: (fact) => {
      results.record(fact);
      figures.fact(fact);
    },
    onInput: () => {
      inputs += 1;
    },
  });
  for (const _step of joint.steps) {
    if (inputs % inputsPerDrain !== 0) continue;
    onProgress(all + inputs, 2 * all);
    await results.drain();
  }
  const input = summaryInput(run, { ...kpiSummary(joint.billedKpis()) }, terms);
  const description = `${input.description} What if ${mechanism.name}: ${shadowNote}.`.trim();
  const summary = await results.finish({ ...input, description });
  return {
    note: shadowNote,
    asItWas: { summary: asItWas.summary, figures: was.finish() },
    whatIf: { summary, figures: figures.finish() },
    commands: joint.commands,
    isCut: summary.billedPeriods < asItWas.summary.billedPeriods,
  };
}

function termsUnder({ bidding, calendar, ...terms }: MarketTerms, { mechanism, k, tie }: WhatIfTerms): MarketTerms {
  const { monthStartsMs: _months, ...plain } = calendar;
  return {
    ...terms,
    calendar: plain,
    bidding: { ...bidding, mechanism, k: k ?? bidding.k, tie: tie ?? bidding.tie },
  };
}
