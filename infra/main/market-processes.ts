/** The market's processes over a broker, in this one program: each as it would run alone, with its own connection and journal. */
import { tickLengthMs } from "../../market/managers/calendar.js";
import type { Journal, Log } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { topicsOf } from "../../shared/topics.js";
import { environmentActor } from "../actors/environment-actor.js";
import {
  beginningOrder,
  createMarketHosts,
  guestBook,
  type Interference,
  type OnLife,
  stopMarketHosts,
} from "../actors/market-hosts.js";
import type { ScaledClock } from "../clock/scaled-clock.js";
import { startTicker } from "../clock/ticker.js";
import type { SnapshotPolicy } from "../journal/actor-snapshots.js";
import type { ReadJournal } from "../journal/handovers-agree.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorEvent, ActorJournal } from "../journal/journal.js";
import type { RunRecord } from "../journal/run-record.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { programVersion } from "../version.js";
import { admittedBy, createGuestDoor } from "./guest-door.js";
import { createHostWiring } from "./host-wiring.js";
import { hearingOf, type OwnOptions } from "./role-hearing.js";
import { openRole, type RoleHost } from "./role-host.js";
import { type Secrets, sha256 } from "./secrets.js";
import { superviseHosts } from "./supervision.js";
import type { World } from "./world.js";

export interface MarketProcessesOptions {
  readonly scenario: Pick<LoadedScenario, "supplier" | "environment">;
  readonly terms: MarketTerms;
  readonly mechanism: Mechanism;
  readonly url: string;
  readonly secrets: Secrets;
  readonly clock: ScaledClock;
  readonly world: World;
  readonly mode: "scaled" | "real";
  /** What the market was begun with. */
  readonly record: RunRecord;
  readonly log: Log;
  /** Hears every fact once it is durable. */
  readonly journal: Journal;
  readonly journalOf: (role: HostedRole) => ActorJournal;
  /** Those of managers that run elsewhere included; those given here by default. */
  readonly readJournal?: ReadJournal;
  readonly inputsPerSnapshot?: number;
  readonly interference?: Interference;
  /** Managers that run as processes of their own: they are not started here. */
  readonly without: ReadonlySet<string>;
  readonly onPublished: (topic: string, message: object | null) => void;
  /** Who says that it is online, where somebody else keeps the door for guests; undefined: it is kept here. */
  readonly onOnline?: (id: string) => void;
  /** Every message of a participant, as the supervisor hears it. */
  readonly onSent: (sender: string, name: string, payload: string) => void;
  /** An actor that was given up, or one that keeps no journal and failed. */
  readonly onFailure: (role: string, error: unknown) => void;
  /** Shows actors to whoever looks on. */
  readonly onLife?: OnLife | undefined;
}

export interface MarketProcesses {
  /** Resolves once supervisor and supplier have told the managers all that they had to tell. */
  told(): Promise<unknown>;
  /** Begins to tick. */
  startClock(): void;
  /** Kills a manager as a crash would; it is brought back like any that failed. */
  crash(role: HostedRole, error: Error): void;
  stop(): Promise<void>;
}

/** While it runs, which waits meanwhile: some milliseconds, half a second where a hundred thousand replies are remembered. */
const inputsPerSnapshot = 20_000;
/** At a restart that had to work so many again. */
const restartWorthSnapshot = 5000;
/** An input of settlement, a whole period, is worth hundreds of bidding's: so time counts too. */
const workPerSnapshotMs = 1000;

/** When managers write their states down. @param everyInputs by the number of inputs alone, so that a run goes the same way again */
export function snapshotPolicy(everyInputs?: number): SnapshotPolicy {
  if (everyInputs !== undefined) return { everyInputs, afterRestartOf: Math.min(everyInputs, restartWorthSnapshot) };
  return { everyInputs: inputsPerSnapshot, afterRestartOf: restartWorthSnapshot, everyWorkMs: workPerSnapshotMs };
}

/** What the actors of a market over a broker are made with, less their connections and journals. */
export function actorsGiven({
  scenario,
  terms,
  mechanism,
  secrets,
  record,
  inputsPerSnapshot: everyInputs,
}: Pick<MarketProcessesOptions, "scenario" | "terms" | "mechanism" | "secrets" | "record" | "inputsPerSnapshot">) {
  return {
    ...{ terms, supplier: scenario.supplier, mechanism, digest: sha256, sign: secrets.sign, version: programVersion },
    ...{ statementKey: secrets.statementKey(), statementSecret: secrets.statementSecret },
    ...{ pseudonymSalt: secrets.pseudonymSecret, hasOperator: record.mode !== "lockstep" },
    ...{ rateWindowMs: record.rateWindowMs, leastListIntervalMs: record.leastListIntervalMs },
    snapshots: snapshotPolicy(everyInputs),
  };
}

/** @throws JournalError where a journal does not replay, Error where a role cannot connect. */
export async function startMarketProcesses(options: MarketProcessesOptions): Promise<MarketProcesses> {
  const { scenario, terms, clock, world, log, record } = options;
  const roles = new Map<ProcessRole, RoleHost>();
  const roleOf = (role: ProcessRole): RoleHost => {
    const host = roles.get(role);
    if (host === undefined) throw new Error(`${role} is not connected yet`);
    return host;
  };
  const supervision = superviseHosts({
    ...{ world, log },
    ...{ onGivenUp: options.onFailure, onLife: options.onLife },
    report: (role, status) => roleOf(role).link.report(status),
  });
  const hosts = createMarketHosts({
    ...actorsGiven(options),
    ...createHostWiring({ terms, clock, log, journal: options.journal, roleOf, atEndOfTurn: world.atEndOfTurn }),
    journalOf: options.journalOf,
    readJournal:
      options.readJournal ??
      ((role, read) => (role === "api" || options.without.has(role) ? undefined : read(options.journalOf(role)))),
    ...{ onDown: supervision.onDown, onLife: options.onLife },
    ...(options.interference === undefined ? {} : { interference: options.interference }),
  });
  supervision.watch(Object.values(hosts.of));
  const tickMs = tickLengthMs(terms.calendar);
  const environment = environmentActor(
    scenario.environment,
    tickMs,
    { publish: (...message) => roleOf("environment").outbox.publish(...message) },
    (error) => options.onFailure("environment", error),
  );
  const leave = options.onLife?.("environment", { root: environment });
  const told = () => Promise.all([roleOf("supervisor").link.acknowledged(), roleOf("supplier").link.acknowledged()]);
  const admit = guestBook(hosts, terms);
  const guests = createGuestDoor(
    admittedBy(
      (id) => admit(id, clock.now()),
      () => (options.without.size === 0 ? told() : Promise.resolve()),
    ),
    (id, reason) => log.warn(`${id} is no guest: ${reason}`),
  );
  const onSent: typeof options.onSent = (...sent) => {
    options.onSent(...sent);
    guests.tryAgain();
  };
  for (const own of hearingOf({ terms, clock, log, onSent }, hosts, environment, options.onOnline ?? guests.hear))
    if (!options.without.has(own.role)) roles.set(own.role, await openOne(options, own));
  const here = beginningOrder.filter((role) => !options.without.has(role));
  for (const role of here) hosts.of[role].restart();
  environment.start();
  tellBefore();
  guests.tryAgain();
  if (here.length === beginningOrder.length) await told(); // who runs elsewhere may come any time

  /** A tick before the first: what holds from the start is told, and the managers report that they are there. */
  function tellBefore(): void {
    const isFirst = options.journalOf("supplier").lastNumber() <= 1;
    const before = { type: "TICK", tsMs: isFirst ? terms.calendar.startMs - tickMs : clock.now(), seq: 1 } as const;
    environment.send(before);
    const { supplier, bidding, exchange, settlement } = hosts.of;
    for (const host of [supplier, bidding, exchange, settlement]) if (host.isUp()) host.take(before as ActorEvent);
  }

  let stopTicker = (): void => {};
  return {
    told,
    startClock() {
      const { outbox } = roleOf("clock");
      const { mode } = options;
      const { runId } = record;
      const topics = topicsOf(terms.market);
      // Every life of the supervisor adds to its journal, so that numbers of ticks are never used twice.
      const elapsed = Math.max(0, Math.floor((clock.now() - terms.calendar.startMs) / tickMs));
      const firstSeq = elapsed + options.journalOf("supervisor").lastNumber();
      stopTicker = startTicker({ calendar: terms.calendar, mode, runId, clock, outbox, topics, firstSeq });
    },
    crash(role, error) {
      hosts.of[role].kill();
      supervision.onDown(role, "actor", error);
    },
    async stop() {
      stopTicker();
      supervision.stop();
      stopMarketHosts(hosts);
      leave?.();
      environment.stop();
      await Promise.all([...roles.values()].map((host) => host.end()));
    },
  };
}

function openOne({ terms, url, secrets, clock, world, log, onPublished }: MarketProcessesOptions, own: OwnOptions) {
  return openRole({
    ...{ market: terms.market, url, password: secrets.passwordOf(own.role), now: clock.now, world, log },
    ...{ filters: [], hearsClock: true, onPublished },
    ...own,
  });
}
