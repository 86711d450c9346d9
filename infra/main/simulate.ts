/** Composition root of `elecbay simulate`: broker, lockstep market, bots on their threads, results. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Fact } from "../../market/facts.js";
import { firstPeriod, lastPeriod, tickLengthMs, timesOf } from "../../market/managers/calendar.js";
import type { Log } from "../../market/ports.js";
import type { Kpis } from "../../market/rules/kpi.js";
import { kpiSummary } from "../../market/rules/kpi-figures.js";
import type { MarketTerms } from "../../market/terms.js";
import { topicsOf } from "../../shared/topics.js";
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
import { type Connection, openConnection } from "../mqtt/connection.js";
import { startBroker } from "../mqtt/embedded-broker.js";
import { outboxOn, type RepublishingOutbox } from "../mqtt/outbox.js";
import { clearRetained } from "../mqtt/retained.js";
import { createResults, type Results } from "../results/results.js";
import type { Summary, SummaryInput } from "../results/summary.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { withMonths } from "../scenario/month-starts.js";
import type { BotThreadData } from "../threads/bot-messages.js";
import { type BatteryReport, type Swarm, startSwarm } from "../threads/swarm.js";
import { programVersion } from "../version.js";
import { accountsOf } from "./accounts.js";
import { goneStatus } from "./role-host.js";
import { aboutRun, simulatedInput } from "./run-about.js";
import { loadSecrets, type Secrets, sha256 } from "./secrets.js";
import { realWorld } from "./world.js";

export interface SimulateOptions {
  readonly scenario: LoadedScenario;
  readonly outFolder: string;
  readonly botsPerThread: number;
  /** An outside broker; undefined: one of its own on a free port. */
  readonly brokerUrl: string | undefined;
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
    const { run, market, results, startSwarm: start, chaos } = await prepare(options, closing);
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
    market.stop();
    batteries = await swarm.stop();
    const faults = await chaos?.summarise();
    return await results.finish(summaryInput(options, market.billedKpis(), run.absences, batteries, faults));
  } finally {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  }
}

interface Prepared {
  readonly run: LockstepRun;
  readonly market: LockstepMarket;
  readonly results: Results;
  startSwarm(): Promise<Swarm>;
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
    options,
    secrets,
    (id) => market.join(id),
    (error) => run?.fail(error),
  );
  closing.push(() => broker.stop());
  const login = { url: broker.url, username: "market", password: secrets.passwordOf("market") };
  if (options.brokerUrl !== undefined)
    await clearRetained({ ...login, market: terms.market, connect: openConnection, wall: realWorld.wall });

  let run: LockstepRun | undefined;
  let swarm: Swarm | undefined;
  let chaos: LockstepChaos | undefined;
  let outbox: RepublishingOutbox | undefined;
  const connection: Connection = await openConnection({
    ...{ ...login, clientId: "market" },
    will: { topic: topicsOf(terms.market).public("status"), payload: JSON.stringify(goneStatus(calendar.startMs)) },
    onMessage: (...message) => (chaos === undefined ? run?.take(...message) : chaos.hear(...message)),
    onConnect: () => outbox?.republish(),
    onError: (error) => log.warn("trouble with the broker", { error: error.message }),
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
    options.onFact?.(fact);
  };
  outbox = outboxOn(() => connection);
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
  const published = chaos?.outbox(outbox) ?? outbox;
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
  });
  const lastMs = timesOf(lastPeriod(calendar), calendar).billAtMs;
  const ticks = Math.ceil((lastMs - calendar.startMs) / tickLengthMs(calendar)) + 1;
  let lastSeq = 0;
  run = createLockstepRun({
    ...{ terms, market, outbox: published, connection, log, deadlineMs: options.deadlineMs },
    runId,
    expected: scenario.bots.map(({ id }) => id),
    isOver: () => results.billedPeriods() === periods || (chaos !== undefined && lastSeq > ticks + mostTicksMore),
    settleOut: async () => {
      await results.drain();
      await chaos?.betweenTicks();
      if (connection.unacknowledged() > mostUnacknowledged) await connection.flushed();
    },
    onTick: (seq, tsMs) => {
      lastSeq = seq;
      options.onProgress({ seq, ticks, tsMs, billedPeriods: results.billedPeriods(), periods });
    },
  });
  await connection.subscribe(lockstepFilters(terms.market));
  market.begin();
  return {
    ...{ run, market, results },
    chaos: chaos === undefined || watch === undefined ? undefined : summaryOfChaos(options, chaos, watch),
    async startSwarm() {
      swarm = await startBots(options, broker.url, secrets);
      options.onStarted?.({ swarm, url: broker.url });
      return swarm;
    },
  };
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

function summaryInput(
  { scenario, signal }: SimulateOptions,
  kpis: Kpis,
  absences: LockstepRun["absences"],
  batteries: readonly BatteryReport[],
  faults: FaultSummary | undefined,
): SummaryInput {
  const { terms } = scenario;
  return {
    scenario: scenario.name,
    description: scenario.description,
    seed: terms.seed,
    ...{ programVersion, nodeVersion: process.version, complete: !signal.aborted },
    trueStepMinutes: scenario.trueStepMinutes,
    ...{ currency: terms.currency, mechanism: terms.bidding.mechanism, foresight: scenario.foresight },
    kpis: { ...kpiSummary(kpis) },
    // Noted as they come, side by side.
    absences: [...absences].sort((one, other) => one.seq - other.seq || (one.participant < other.participant ? -1 : 1)),
    storage: storageOf(scenario, batteries),
    simulated: simulatedInput(scenario),
    ...(faults === undefined ? {} : { faults }),
  };
}

function startBots(options: SimulateOptions, url: string, secrets: Secrets): Promise<Swarm> {
  const { scenario, botsPerThread, distFolder, log, delay, faults } = options;
  return startSwarm({
    ...{ url, bots: scenario.bots, passwordOf: secrets.passwordOf, botsPerThread, distFolder, log },
    ...(delay === undefined ? {} : { delay }),
    ...(faults === undefined ? {} : { faults }),
  });
}

interface Broker {
  readonly url: string;
  /** Undefined: it is not ours. */
  readonly pause?: (forMs: number) => void;
  stop(): Promise<void>;
}

async function brokerFor(
  options: SimulateOptions,
  secrets: Secrets,
  onGuest: (id: string) => void,
  onCrash: (error: Error) => void,
): Promise<Broker> {
  if (options.brokerUrl !== undefined) return { url: options.brokerUrl, stop: () => Promise.resolve() };
  const { scenario, log } = options;
  return startBroker({
    ...{ market: scenario.terms.market, host: options.host, port: options.mqttPort },
    accounts: accountsOf(scenario.terms, secrets),
    guestsWelcome: scenario.guests,
    threadFile: `${options.distFolder}/broker-thread.js`,
    ...{ onGuest, onCrash },
    onRefused: (what, reason) => log.warn(`refused ${what}: ${reason}`),
  });
}

/** All batteries together; null where no bot has one. */
function storageOf(scenario: LoadedScenario, reports: readonly BatteryReport[]) {
  const hasBattery = scenario.bots.some(({ devices }) => devices.some(({ kind }) => kind === "battery"));
  if (!hasBattery) return null;
  const sum = (of: (report: BatteryReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    startWh: sum(({ initialWh }) => initialWh),
    endWh: sum(({ socWh }) => socWh),
    chargedFromOwnWh: sum(({ origin }) => origin.chargedWh.own),
    chargedFromGridWh: sum(({ origin }) => origin.chargedWh.grid),
    endFromGridWh: sum(({ origin }) => origin.storedWh.grid),
  };
}
