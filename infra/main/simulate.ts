/** Composition root of `elecbay simulate`: broker, lockstep market, bots on their threads, results. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Fact } from "../../market/facts.js";
import { firstPeriod, lastPeriod, tickLengthMs, timesOf } from "../../market/managers/calendar.js";
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import type { FaultPlan } from "../chaos/fault-plan.js";
import { type FaultSummary, faultsFile, summariseFaults } from "../chaos/fault-summary.js";
import { createInvariantWatch, type InvariantWatch } from "../chaos/invariants.js";
import { createLockstepChaos, type LockstepChaos } from "../chaos/lockstep-chaos.js";
import { hostedRoles } from "../journal/hosted-actor.js";
import { openJournals } from "../journal/journal-folder.js";
import { noJournal } from "../journal/no-journal.js";
import { removeJournals } from "../journal/remove-journals.js";
import { type RunAbout, rememberRun, rememberSupplier } from "../journal/run-record.js";
import { createLockstepMarket, type LockstepMarket, lockstepPace } from "../lockstep/lockstep-market.js";
import { createLockstepRun, type LockstepRun, lockstepFilters } from "../lockstep/lockstep-run.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import { outboxOn, type RepublishingOutbox } from "../mqtt/outbox.js";
import { createResults, type Results } from "../results/results.js";
import type { Summary } from "../results/summary.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { withMonths } from "../scenario/month-starts.js";
import type { BotThreadData } from "../threads/bot-messages.js";
import { type BatteryReport, type Swarm, startSwarm } from "../threads/swarm.js";
import { programVersion } from "../version.js";
import { type InspectionLog, openInspectionLog } from "./inspection-log.js";
import { onLifeOf } from "./inspection-side.js";
import { aboutRun } from "./run-about.js";
import { openRunView } from "./run-view.js";
import { loadSecrets, type Secrets, sha256 } from "./secrets.js";
import { brokerFor, connectMarket } from "./simulation-broker.js";
import { simulationSummary } from "./simulation-summary.js";

export interface SimulateOptions {
  readonly scenario: LoadedScenario;
  readonly outFolder: string;
  readonly botsPerThread: number;
  /** An outside broker; undefined: one of its own on a free port. */
  readonly brokerUrl: string | undefined;
  /** Where that broker, a NATS server, asks who may come in; undefined: it is none. */
  readonly natsUrl?: string | undefined;
  readonly mqttPort: number;
  readonly host: string;
  readonly stateFolder: string | undefined;
  /** Wall time a tick may take before it goes on without whoever is missing. */
  readonly deadlineMs: number;
  readonly distFolder: string;
  readonly log: Log;
  readonly onProgress: (progress: SimulationProgress) => void;
  /** Ends the run early: what is complete is written. */
  readonly signal: AbortSignal;
  readonly delay?: BotThreadData["delay"];
  /** For tests that interfere with a run. */
  readonly onStarted?: (running: { readonly swarm: Swarm; readonly url: string }) => void;
  readonly onFact?: (fact: Fact) => void;
  /** False: keeps no journal, so that the run cannot be replayed. */
  readonly journalled?: boolean;
  /** What goes wrong on purpose; it needs the journal. */
  readonly faults?: FaultPlan;
  /** Writes what actors do to a file, for the inspector. */
  readonly inspect?: { readonly path: string; readonly actors: readonly string[] } | undefined;
  /** Serves the dashboard over the run's own broker; everybody reads everything. */
  readonly watch?: {
    readonly restPort: number;
    /** Of further pages that may come. */
    readonly origins?: readonly string[] | undefined;
    readonly onListening: (url: string) => void;
    /** The run is over: it can be looked at until `until` resolves. */
    readonly onFinished: (summary: Summary) => void;
    readonly until: Promise<void>;
  };
}

export interface SimulationProgress {
  readonly seq: number;
  readonly ticks: number;
  readonly tsMs: number;
  readonly billedPeriods: number;
  readonly periods: number;
}

/** Nothing more is sent while so many messages wait for the broker. */
const mostUnacknowledged = 2000;

/** @throws Error of the broker, of a bot that cannot connect, or of a broken invariant. */
export async function simulate(options: SimulateOptions): Promise<Summary> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const { run, market, results, startSwarm: start, chaos, inspection } = await prepare(options, closing);
    options.signal.addEventListener("abort", run.stop);
    const finished = run.finished();
    finished.catch(() => {}); // heard of below, also when a bot cannot connect before
    if (options.signal.aborted) run.stop(); // asked to stop while the broker was starting
    const swarm = await start();
    let batteries: readonly BatteryReport[] | undefined;
    closing.push(async () => {
      batteries ??= await swarm.stop();
    });
    await finished;
    await inspection?.stop();
    market.stop();
    batteries = await swarm.stop();
    const faults = await chaos?.summarise();
    const { absences } = run;
    const complete = !options.signal.aborted;
    const told = { kpis: market.billedKpis(), absences, batteries, faults, complete };
    const summary = await results.finish(simulationSummary(options.scenario, told));
    options.watch?.onFinished(summary);
    await options.watch?.until;
    return summary;
  } finally {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  }
}

interface Prepared {
  readonly run: LockstepRun;
  readonly market: LockstepMarket;
  readonly results: Results;
  startSwarm(): Promise<Swarm>;
  /** Undefined where nobody looks on. */
  readonly inspection: InspectionLog | undefined;
  /** Undefined where nothing goes wrong on purpose. */
  readonly chaos: { summarise(): Promise<FaultSummary> } | undefined;
}

/** A run with faults may need so many ticks more: what was lost is sent again. */
const mostTicksMore = 300;

/** Everything up to the first tick, without the bots; what has to be closed is put on `closing`. */
async function prepare(options: SimulateOptions, closing: (() => Promise<unknown>)[]): Promise<Prepared> {
  const { scenario, log } = options;
  const secrets = loadSecrets(options.stateFolder);
  const mechanism = await loadMechanism(scenario.terms.bidding.mechanism, dirname(scenario.path));
  const terms = withMonths(scenario.terms, mechanism);
  const { calendar } = terms;
  const periods = calendar.periods ?? scenario.defaultPeriods;
  const shadows = await Promise.all(scenario.shadow.map((name) => loadMechanism(name, dirname(scenario.path))));
  const broker = await brokerFor(
    { ...options, isWatched: options.watch !== undefined },
    secrets,
    (id) => market.join(id),
    (error) => run?.fail(error),
  );
  closing.push(() => broker.stop());

  let run: LockstepRun | undefined;
  let swarm: Swarm | undefined;
  let chaos: LockstepChaos | undefined;
  let outbox: RepublishingOutbox | undefined;
  const connection = await connectMarket(options, broker, terms, secrets, {
    onMessage: (...message) => (chaos === undefined ? run?.take(...message) : chaos.hear(...message)),
    onConnect: () => outbox?.republish(),
  });
  closing.push(() => connection.end());
  const results = createResults({
    ...{ directory: options.outFolder, firstPeriodMs: firstPeriod(calendar), periods },
    periodMinutes: calendar.periodMinutes,
    shadow: { effective: mechanism.name, mechanisms: shadows },
    terms: { scenario: scenario.name, market: terms, statementKey: secrets.statementKey() },
  });
  const watch = options.faults === undefined ? undefined : createInvariantWatch(terms.market, calendar);
  const record = (fact: Fact): void => {
    results.record(fact);
    watch?.recorded(fact);
    view?.recorded(fact);
    options.onFact?.(fact);
  };
  outbox = outboxOn(() => connection);
  const view = await openRunView(options, broker, terms, mechanism.name, shadows);
  if (view !== undefined) closing.push(view.stop);
  const runId = `r${randomBytes(4).toString("hex")}`;
  const journals = journalsOfRun(options, runId, terms, await aboutRun(scenario, secrets));
  closing.push(async () => journals.close());
  if (options.faults !== undefined && watch !== undefined) {
    chaos = createLockstepChaos({
      ...{ plan: options.faults, market: terms.market, journalOf: journals.journalOf, watch, log },
      run: () => running(run),
      swarm: () => swarm,
      flushed: connection.flushed,
      pauseBroker: broker.pause,
    });
  }
  let nowMs = calendar.startMs;
  const inspection = inspectionOf(options, terms, secrets, () => nowMs);
  if (inspection !== undefined) closing.push(inspection.stop);
  const onLife = inspection === undefined ? undefined : onLifeOf(inspection);
  const inner = chaos?.outbox(outbox) ?? outbox;
  const published = view?.outbox(inner) ?? inner;
  const market = createLockstepMarket({
    journalOf: journals.journalOf,
    ...{ terms, supplier: scenario.supplier, environment: scenario.environment, outbox: published, log },
    ...(chaos === undefined ? {} : { disturbance: chaos.disturbance }),
    journal: { record },
    ...{
      mechanism,
      digest: sha256,
      sign: secrets.sign,
      statementKey: secrets.statementKey(),
      version: programVersion,
      onFailure: (error) => run?.fail(error),
    },
    onLife,
  });
  const ticks = ticksOf(calendar);
  let lastSeq = 0;
  run = createLockstepRun({
    ...{ terms, market, outbox: published, connection, log, deadlineMs: options.deadlineMs },
    ...{ runId, onLife },
    expected: scenario.bots.map(({ id }) => id),
    isOver: () => results.billedPeriods() === periods || (chaos !== undefined && lastSeq > ticks + mostTicksMore),
    settleOut: async () => {
      await results.drain();
      await chaos?.betweenTicks();
      if (connection.unacknowledged() > mostUnacknowledged) await connection.flushed();
    },
    onTick: (seq, tsMs) => {
      lastSeq = seq;
      nowMs = tsMs;
      options.onProgress({ seq, ticks, tsMs, billedPeriods: results.billedPeriods(), periods });
    },
  });
  await connection.subscribe(lockstepFilters(terms.market));
  market.begin();
  return {
    ...{ run, market, results, inspection },
    chaos: chaos === undefined || watch === undefined ? undefined : summaryOfChaos(options, chaos, watch),
    async startSwarm() {
      swarm = await startBots(options, broker.url, secrets, inspection);
      options.onStarted?.({ swarm, url: broker.url });
      return swarm;
    },
  };
}

/** Until the last bill is out. */
function ticksOf(calendar: MarketTerms["calendar"]): number {
  const lastMs = timesOf(lastPeriod(calendar), calendar).billAtMs;
  return Math.ceil((lastMs - calendar.startMs) / tickLengthMs(calendar)) + 1;
}

function running(run: LockstepRun | undefined): LockstepRun {
  if (run === undefined) throw new Error("the run has not begun");
  return run;
}

function summaryOfChaos({ outFolder, faults }: SimulateOptions, { record }: LockstepChaos, watch: InvariantWatch) {
  const plan = faults ?? { file: "", seed: 0 };
  return {
    summarise(): Promise<FaultSummary> {
      watch.checkReplies();
      return summariseFaults(outFolder, plan, record, watch.report(true));
    },
  };
}

/** A run that dies is run again: its journal is there to be replayed, so it need not outlive a power cut. */
function journalsOfRun(
  { outFolder, scenario, journalled = true }: SimulateOptions,
  runId: string,
  terms: MarketTerms,
  about: RunAbout,
) {
  removeJournals(outFolder);
  rmSync(join(outFolder, faultsFile), { force: true });
  if (!journalled) return { journalOf: noJournal, close: () => {} };
  const journals = openJournals(outFolder, { programVersion, durability: "normal" });
  const record = { scenario: scenario.name, mode: "lockstep", rate: 1, runId, terms, ...lockstepPace, about } as const;
  for (const role of hostedRoles) rememberRun(journals.journalOf(role), record);
  rememberSupplier(journals.journalOf("supplier"), scenario.supplier);
  return journals;
}

function inspectionOf(
  { inspect, scenario, distFolder, log }: SimulateOptions,
  terms: MarketTerms,
  secrets: Secrets,
  marketNow: () => number,
): InspectionLog | undefined {
  if (inspect === undefined) return undefined;
  return openInspectionLog({ ...inspect, scenario: scenario.name, terms, secrets, distFolder, marketNow, log });
}

function startBots(
  options: SimulateOptions,
  url: string,
  secrets: Secrets,
  inspection: InspectionLog | undefined,
): Promise<Swarm> {
  const { scenario, botsPerThread, distFolder, log, delay, faults } = options;
  return startSwarm({
    ...{ url, bots: scenario.bots, passwordOf: secrets.passwordOf, botsPerThread, distFolder, log, inspection },
    ...(delay === undefined ? {} : { delay }),
    ...(faults === undefined ? {} : { faults }),
    tellsState: options.watch !== undefined,
  });
}
