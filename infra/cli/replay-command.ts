/** `elecbay replay`: a run rebuilt from its journals alone, and proved to be the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { instantFromIso, periodFromTopicLevel } from "../../shared/time.js";
import { compareWithResults, type ResultsCompared } from "../replay/compare-results.js";
import { openRecordedRun, type RecordedRun } from "../replay/recorded-run.js";
import { type Replay, replay } from "../replay/replay.js";
import type { JournalTally } from "../replay/replayed-journal.js";
import { type WhatIfTerms, whatIf } from "../replay/what-if.js";
import { periodBar } from "./progress.js";
import { table } from "./table.js";
import { whatIfTable } from "./what-if-table.js";

interface ReplayFlags {
  readonly whatIf?: WhatIfTerms;
  readonly until?: number;
  readonly out?: string;
  readonly json?: boolean;
}

export function addReplayCommand(program: Command): void {
  program
    .command("replay")
    .description("Rebuild a run from its journals alone and prove that it comes out the same.")
    .argument("<folder>", "what elecbay simulate wrote, or a --state folder of elecbay up, also of one that runs")
    .addOption(
      new Option("--until <period>", "stop when this delivery period is billed, as 2016-08-01T00:30:00Z").argParser(
        periodStart,
      ),
    )
    .option("--out <folder>", "keep the results that are made anew; files in it are replaced")
    .addOption(
      new Option(
        "--what-if <terms>",
        "beside it the same commands under other terms: mechanism=NAME, and if wanted k=0.5, tie=pro-rata",
      )
        .argParser(otherTerms)
        .conflicts("until"),
    )
    .option("--json", "the outcome as JSON")
    .addHelpText(
      "after",
      `
Every input of every journal is worked again at its own market time. Each decision must be the one that was journalled, every fact,
reply and hand-over the recorded one, and where the folder holds results, their hash must come out again.
Exits 0 where all is the same, 1 at the first difference. With --what-if, --out keeps the results under the other mechanism: mechanical,
bids as they were, not re-optimised.

Examples:
  $ elecbay replay results/thesis
  $ elecbay replay results/thesis --until 2016-08-01T00:30:00Z --json
  $ elecbay replay state --out results/rebuilt
  $ elecbay replay results/thesis --what-if mechanism=pay-as-bid
  $ elecbay replay results/thesis --what-if mechanism=uniform,k=1 --out results/k1 --json`,
    )
    .action((folder: string, flags: ReplayFlags) => runReplay(folder, flags));
}

async function runReplay(folder: string, flags: ReplayFlags): Promise<void> {
  const run = await openRecordedRun(folder);
  const rebuilt = mkdtempSync(join(tmpdir(), "elecbay-replay-"));
  const bar = periodBar(process.stderr, "inputs");
  try {
    if (flags.whatIf === undefined) await runAsItWas(run, flags, { rebuilt, bar });
    else await runWhatIf(run, flags, flags.whatIf, { rebuilt, bar });
  } finally {
    bar.done();
    run.close();
    rmSync(rebuilt, { recursive: true });
  }
}

interface Means {
  /** A folder that is taken away again. */
  readonly rebuilt: string;
  readonly bar: ReturnType<typeof periodBar>;
}

async function runAsItWas(run: RecordedRun, flags: ReplayFlags, { rebuilt, bar }: Means): Promise<void> {
  const outFolder = flags.out ?? rebuilt;
  const startedMs = Date.now();
  const replayed = await replay({ run, outFolder, untilMs: flags.until, onProgress: bar.show });
  bar.done();
  const compared = compareWithResults(run.folder, outFolder, replayed.summary);
  const told = { folder: run.folder, flags, replayed, compared, seconds: (Date.now() - startedMs) / 1000 };
  process.stdout.write(flags.json ? `${jsonOf(told)}\n` : textOf(told));
  if (compared.outcome === "differs") process.exitCode = 1;
}

async function runWhatIf(run: RecordedRun, flags: ReplayFlags, other: WhatIfTerms, means: Means): Promise<void> {
  const outFolder = flags.out ?? join(means.rebuilt, "what-if");
  const asItWasFolder = join(means.rebuilt, "as-it-was");
  const compared = await whatIf({
    ...{ run, other, outFolder, asItWasFolder, folder: "." },
    onProgress: means.bar.show,
  });
  means.bar.done();
  const { asItWas, whatIf: then, ...rest } = compared;
  const json = { folder: run.folder, out: flags.out ?? null, asItWas: asItWas.figures, whatIf: then.figures, ...rest };
  const kpis = { kpis: { asItWas: asItWas.summary.kpis, whatIf: then.summary.kpis } };
  const hashes = { hashes: { asItWas: asItWas.summary.hash, whatIf: then.summary.hash } };
  const kept = flags.out === undefined ? "" : `results in ${flags.out}\n`;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...json, ...kpis, ...hashes }, undefined, 2)}\n`
      : `${whatIfTable(compared)}\n${kept}`,
  );
}

interface Told {
  readonly folder: string;
  readonly flags: ReplayFlags;
  readonly replayed: Replay;
  readonly compared: ResultsCompared;
  readonly seconds: number;
}

function jsonOf({ folder, flags, replayed, compared, seconds }: Told): string {
  const { journals, summary } = replayed;
  const told = {
    ...{ folder, out: flags.out ?? null, billedPeriods: summary.billedPeriods, hash: summary.hash },
    results: compared,
    journals: journals.map((journal) => ({ ...journal, snapshotAt: journal.snapshotAt ?? null })),
    seconds,
  };
  return JSON.stringify(told, undefined, 2);
}

function textOf({ flags, replayed, compared, seconds }: Told): string {
  const { journals, summary } = replayed;
  const header = ["journal", "inputs", "commands", "facts", "handed over", "digest of the last input", "snapshot"];
  const rows = [header, ...journals.map(row)];
  const inputs = journals.reduce((sum, journal) => sum + journal.inputs, 0);
  const lines = [
    table(rows, [1, 2, 3, 4]),
    "",
    `${inputs} inputs worked again in ${seconds.toFixed(1)} s: every decision as it was`,
    `${summary.billedPeriods} periods billed, hash ${summary.hash}`,
    verdict(compared),
  ];
  const worded = journals.reduce((sum, { wordedOtherwise }) => sum + wordedOtherwise, 0);
  if (worded > 0) lines.push(`${worded} facts are explained in other words today: their figures are the same`);
  if (flags.out !== undefined) lines.push(`results in ${flags.out}`);
  return `${lines.join("\n")}\n`;
}

function row({ role, inputs, commands, facts, handovers, digest, snapshotAt }: JournalTally): string[] {
  const snapshot = snapshotAt === undefined ? "none of this build" : `the same state after ${snapshotAt}`;
  return [role, String(inputs), String(commands), String(facts), String(handovers), digest, snapshot];
}

function verdict(compared: ResultsCompared): string {
  switch (compared.outcome) {
    case "none":
      return "the folder holds no results to compare with";
    case "other periods":
      return `the folder's results are of ${compared.billedPeriods} periods: their hash is another one`;
    case "same":
      return compared.otherFiles.length === 0
        ? "the same hash as the results beside the journals, and the same files"
        : `the same hash as the results beside the journals; other than those: ${compared.otherFiles.join(", ")}`;
    case "differs":
      return `DIFFERENCE: the results beside the journals have hash ${compared.hash}; first in ${compared.where}`;
  }
}

function periodStart(text: string): number {
  const startMs = instantFromIso(text) ?? periodFromTopicLevel(text);
  if (startMs === undefined) throw new InvalidArgumentError("it must be like 2016-08-01T00:30:00Z or 20160801-0030.");
  return startMs;
}

function otherTerms(text: string): WhatIfTerms {
  const given = new Map(text.split(",").map((part) => part.split("=", 2) as [string, string | undefined]));
  const unknown = [...given.keys()].find((key) => !["mechanism", "k", "tie"].includes(key));
  const mechanism = given.get("mechanism");
  const k = given.has("k") ? Number(given.get("k")) : undefined;
  const tie = given.get("tie");
  if (unknown !== undefined || mechanism === undefined || mechanism === "") {
    throw new InvalidArgumentError("it must be like mechanism=pay-as-bid or mechanism=uniform,k=0.5,tie=time.");
  }
  if (k !== undefined && !(k >= 0 && k <= 1)) throw new InvalidArgumentError("k must be a number from 0 to 1.");
  if (tie !== undefined && tie !== "pro-rata" && tie !== "time") {
    throw new InvalidArgumentError("tie must be pro-rata or time.");
  }
  return { mechanism, k, tie };
}
