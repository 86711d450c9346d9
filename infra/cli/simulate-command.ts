/** `elecbay simulate`: the same market in lockstep, as fast as it can, with its results as files. */
import { type Command, Option } from "commander";
import { createOutcome } from "../main/outcome.js";
import { simulate } from "../main/simulate.js";
import { createLog, type LogFormat } from "../observe/logger.js";
import type { Summary } from "../results/summary.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { faultsFor } from "./fault-flags.js";
import { onInterrupt } from "./interrupt.js";
import { faultReport } from "./invariant-lines.js";
import { addListenOptions, type ListenFlags, listeningFrom } from "./listen-options.js";
import {
  botsOption,
  botsPerThreadOption,
  brokerOption,
  dataOption,
  type Folders,
  faultsOption,
  inspectActorsOption,
  logOption,
  mqttPortOption,
  natsOption,
  originOption,
  refuseNatsAlone,
  type ScenarioFlags,
  scenarioOptions,
  seedOption,
  setOption,
  shadowOption,
  wholeNumber,
} from "./options.js";
import { progressBar } from "./progress.js";
import { shadowTable } from "./shadow-table.js";
import { summaryTable } from "./summary-table.js";

interface SimulateFlags extends ScenarioFlags, ListenFlags {
  readonly out: string;
  readonly botsPerThread: number;
  readonly broker?: string;
  readonly nats?: string;
  readonly mqttPort: number;
  readonly state?: string;
  readonly deadline: number;
  readonly journal: boolean;
  readonly faults?: string;
  readonly inspect?: string;
  readonly inspectActors?: string[];
  readonly watch?: true;
  readonly origin?: readonly string[];
  readonly restPort: number;
  readonly log: LogFormat;
}

export function addSimulateCommand(program: Command, folders: Folders): void {
  const command = program
    .command("simulate")
    .description("Run a scenario in lockstep as fast as possible and write its results to a folder.")
    .argument("<scenario>", "scenario file")
    .requiredOption("--out <folder>", "folder for the results; files in it are replaced")
    .addOption(
      new Option("--periods <number>", "delivery periods, instead of the scenario's").argParser(wholeNumber(1)),
    )
    .addOption(seedOption())
    .addOption(shadowOption())
    .addOption(botsPerThreadOption())
    .addOption(botsOption())
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(brokerOption())
    .addOption(natsOption())
    .addOption(mqttPortOption(0));
  addListenOptions(command, false)
    .addOption(new Option("--state <folder>", "secrets shared with an outside broker").env("ELECBAY_STATE"))
    .addOption(
      new Option("--deadline <seconds>", "wall time after which a tick goes on without whoever is missing")
        .default(60)
        .argParser(wholeNumber(1, 3600)),
    )
    .option("--no-journal", "keep no journal: the run cannot be replayed")
    .addOption(faultsOption())
    .option("--inspect <file>", "write what every actor does to this file, for the inspector")
    .addOption(inspectActorsOption())
    .option("--watch", "serve the dashboard of the run, where everybody sees everything; it stays until Ctrl-C")
    .addOption(
      new Option("--rest-port <port>", "port of that dashboard")
        .env("ELECBAY_REST_PORT")
        .default(5001)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(originOption())
    .addOption(logOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/thesis
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/seed7 --periods 12 --seed 7
  $ elecbay simulate scenarios/homes.yaml --data ../shared/data --set fontana --out results/homes --bots-per-thread 11
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/chaos --faults scenarios/faults.yaml
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/seen --periods 4 --inspect seen.inspect.ndjson
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/thesis --watch
  $ elecbay simulate scenarios/swarm.yaml --bots 100 --bots-per-thread 25 --out results/swarm`,
    )
    .action((path: string, flags: SimulateFlags) => runSimulation(path, flags, folders));
}

async function runSimulation(path: string, flags: SimulateFlags, { distFolder }: Folders): Promise<void> {
  refuseNatsAlone(flags);
  const { host } = listeningFrom(flags, (text) => process.stderr.write(text));
  const abort = new AbortController();
  const interrupted = createOutcome<void>();
  const stopListening = onInterrupt(() => {
    abort.abort();
    interrupted.resolve();
  });
  const scenario = await loadScenario(path, scenarioOptions(flags));
  const faults = faultsFor(flags, scenario);
  const bar = progressBar(process.stderr);
  const tell = (summary: Summary): void => {
    bar.done();
    tellSummary(summary, flags.out, abort.signal.aborted);
  };
  const summary = await simulate({
    ...{ scenario, distFolder, outFolder: flags.out, botsPerThread: flags.botsPerThread, brokerUrl: flags.broker },
    ...{
      natsUrl: flags.nats,
      mqttPort: flags.mqttPort,
      host,
      stateFolder: flags.state,
      deadlineMs: flags.deadline * 1000,
    },
    log: createLog(flags.log, "warn", "stderr"),
    onProgress: bar.show,
    signal: abort.signal,
    journalled: flags.journal,
    ...(faults === undefined ? {} : { faults }),
    inspect: flags.inspect === undefined ? undefined : { path: flags.inspect, actors: flags.inspectActors ?? ["*"] },
    ...(flags.watch === true ? { watch: watching(flags, interrupted.promise, tell) } : {}),
  });
  if (flags.watch !== true) tell(summary);
  stopListening();
}

function watching(
  { restPort, origin }: Pick<SimulateFlags, "restPort" | "origin">,
  until: Promise<void>,
  tell: (summary: Summary) => void,
) {
  let url = "";
  return {
    ...{ restPort, until, origins: origin },
    onListening(at: string) {
      url = at;
      process.stderr.write(`the run can be watched at ${url}/\n`);
    },
    onFinished(summary: Summary) {
      tell(summary);
      process.stderr.write(`it can still be looked at, at ${url}/; Ctrl-C ends it\n`);
    },
  };
}

/** @param wasStopped somebody ended the run before its time */
function tellSummary(summary: Summary, out: string, wasStopped: boolean): void {
  process.stdout.write(`${summaryTable(summary)}\n`);
  if (summary.shadow !== null) process.stdout.write(`\n${shadowTable(summary)}\n\n`);
  if (summary.faults !== undefined) {
    process.stdout.write(`${faultReport(summary.faults, summary.absences.length, process.stdout.isTTY === true)}\n`);
    const isBroken = summary.faults.invariants.some(({ holds }) => !holds);
    if (isBroken || (!summary.complete && !wasStopped)) process.exitCode = 1;
  }
  if (summary.complete) process.stdout.write(`results in ${out}\n`);
  else {
    process.stdout.write(`stopped early: the ${summary.billedPeriods} periods that were billed are in ${out}\n`);
    process.exitCode ??= 130;
  }
}
