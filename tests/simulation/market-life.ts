/**
 * The market's processes in the simulated world: one life of them, which can be ended at any point.
 *
 * They are wired as `elecbay up` wires them (infra/main/market-processes.ts); only connections, wall time and the end of a turn are the
 * simulator's. What is dead may run on to the end of its turn, as code does, but nothing of what it does reaches the world: no journal, no
 * broker, no timer.
 */
import type { ScaledClock } from "../../infra/clock/scaled-clock.js";
import { type JournalledRole, journalledRoles } from "../../infra/journal/hosted-actor.js";
import { type ActorJournal, JournalError } from "../../infra/journal/journal.js";
import { type AdmitGuest, createGuestDoor } from "../../infra/main/guest-door.js";
import { actorsGiven, startMarketProcesses } from "../../infra/main/market-processes.js";
import type { Secrets } from "../../infra/main/secrets.js";
import type { World } from "../../infra/main/world.js";
import type { Connect, Connection } from "../../infra/mqtt/connection.js";
import { clearRetained } from "../../infra/mqtt/retained.js";
import type { Registry } from "../../infra/registry/registry.js";
import type { Log } from "../../market/ports.js";
import type { Broker } from "./broker.js";
import type { Setting } from "./setting.js";
import { type SimulatedInterference, startSimulatedRegistrar } from "./simulated-registrar.js";
import type { Wall } from "./wall.js";

/** What may befall a life. Each is asked at its point, and draws from the run's own chance. */
export interface LifeFaults {
  /** At an append: nothing, a full disk, or the end of the process before or after it. */
  readonly atAppend: (role: JournalledRole) => "fine" | "full" | "dies-before" | "dies-after";
  /** Whether nothing can be written. */
  readonly isFull: (role: JournalledRole) => boolean;
  /** At a message that goes out: whether the process ends just before it. */
  readonly diesAtPublish: () => boolean;
  /** Milliseconds from a turn's work to its append. */
  readonly turnMs: () => number;
}

export interface LifeOptions {
  readonly wall: Wall;
  readonly broker: Broker;
  readonly setting: Setting;
  /** Wall time at which the market's time was that of its calendar's start. */
  readonly wallStartMs: number;
  readonly journalOf: (role: JournalledRole) => ActorJournal;
  readonly faults: LifeFaults;
  readonly interference: SimulatedInterference;
  readonly onLog: (level: "info" | "warn", message: string, values: unknown) => void;
  readonly onEnd: (reason: string, error?: unknown) => void;
}

export interface MarketLife {
  isAlive(): boolean;
  /** All of it is up. */
  isStarted(): boolean;
  /** What the doors ask; undefined: it is not up yet, or dead. */
  registry(): Registry | undefined;
  kill(reason: string): void;
}

export const simulatedSecrets: Secrets = {
  passwordOf: (account) => account,
  seedOf: () => Buffer.alloc(32),
  statementSecret: "salt",
  pseudonymSecret: "pseudonyms",
  operatorKeyFile: undefined,
  sign: (text) => `signed ${text.length}`,
  statementKey: () => "key",
};

export function marketClock({ wall, setting, wallStartMs }: Pick<LifeOptions, "wall" | "setting" | "wallStartMs">) {
  const { rate, terms } = setting;
  const { startMs } = terms.calendar;
  const clock: ScaledClock = {
    rate,
    now: () => startMs + (wall.now() - wallStartMs) * rate,
    begin: () => {},
    wallTimeOf: (instantMs) => wallStartMs + (instantMs - startMs) / rate,
    setTimeout: (callback, delayMs) => wall.setTimeout(callback, Math.ceil(delayMs / rate)),
    clearTimeout: (timer) => wall.clearTimeout(timer),
  };
  return clock;
}

export function startLife(options: LifeOptions): MarketLife {
  const { broker, setting, faults, onLog } = options;
  const clients = new Set<ReturnType<Broker["connect"]>>();
  let isAlive = true;
  let isStarted = false;
  let registry: Registry | undefined;
  const life: MarketLife = {
    isAlive: () => isAlive,
    registry: () => (isAlive ? registry : undefined),
    isStarted: () => isAlive && isStarted,
    kill(reason) {
      if (!isAlive) return;
      isAlive = false;
      for (const client of clients) client.vanish();
      options.onEnd(reason);
    },
  };
  const fail = (reason: string, error: unknown): void => {
    if (!isAlive) return;
    isAlive = false;
    for (const client of clients) client.vanish();
    options.onEnd(reason, error);
  };
  const wall = livingWall(options.wall, () => isAlive);
  const clock = marketClock({ ...options, wall });
  const world: World = {
    wall,
    connect: connecting(broker, wall, clients, life, faults),
    atEndOfTurn: (callback) => void wall.at(wall.now() + faults.turnMs(), callback),
  };
  const journals = new Map<JournalledRole, ActorJournal>();
  const journalOf = (role: JournalledRole): ActorJournal => {
    const journal = journals.get(role) ?? fencedJournal(role, options.journalOf(role), life, faults);
    journals.set(role, journal);
    return journal;
  };
  const { terms } = setting;
  const record = {
    scenario: "simulation",
    mode: "scaled" as const,
    runId: "r1",
    terms,
    rate: setting.rate,
    ...pacesOf(setting),
  };

  async function start(): Promise<void> {
    const keep = () => new Set(journalledRoles.flatMap((role) => [...options.journalOf(role).retained().keys()]));
    const { connect } = world;
    await clearRetained({
      ...{ url: "simulated", market: terms.market, username: "supervisor", password: "", keep, connect, wall },
    });
    let admitGuest: AdmitGuest = async () => ({ ok: false, code: "market-closed", reason: "the market is starting" });
    const guests = createGuestDoor(
      (id, key) => admitGuest(id, key),
      (id, reason) => onLog("warn", `${id} may not take part: ${reason}`, {}),
    );
    const log: Log = {
      info: (message, values) => onLog("info", message, values),
      warn: (message, values) => onLog("warn", message, values),
    };
    const onFailure = (role: string, error: unknown): void => fail(`${role} was given up`, error);
    const { interference, setting: scenario } = options;
    const processes = await startMarketProcesses({
      ...{
        scenario,
        terms,
        mechanism: scenario.mechanism,
        url: "simulated",
        secrets: simulatedSecrets,
        clock,
        world,
        record,
      },
      ...{ mode: "scaled", journal: { record: () => {} }, journalOf, interference, log, onFailure },
      readJournal: (role, read) => read(options.journalOf(role)),
      ...{ inputsPerSnapshot: setting.inputsPerSnapshot, without: new Set<string>() },
      onPublished: () => {},
      onOnline: guests.hear,
      onSent: guests.tryAgain,
    });
    const registrar = await startSimulatedRegistrar({
      ...{ setting, journal: journalOf("api"), secrets: simulatedSecrets, clock, world, log, interference, onFailure },
      toldToManagers: processes.told,
    });
    registry = registrar.registry;
    admitGuest = registry.guests.admit;
    guests.tryAgain();
    if (!isAlive) return;
    processes.startClock();
    isStarted = true;
  }
  start().catch((error: unknown) => fail("the market could not start", error));
  return life;
}

/** What the market's actors are made with. */
export function actorsGivenBy(setting: Setting) {
  const record = { scenario: "simulation", mode: "scaled" as const, runId: "r1", rate: setting.rate };
  const { terms, mechanism } = setting;
  return actorsGiven({
    scenario: setting,
    terms,
    mechanism,
    secrets: simulatedSecrets,
    record: { ...record, terms, ...pacesOf(setting) },
  });
}

export function pacesOf({ rate }: Setting) {
  return { rateWindowMs: 1000 * rate, leastListIntervalMs: 500 * rate };
}

/** Timers that die with their process. */
function livingWall(wall: Wall, isAlive: () => boolean): Wall {
  return {
    ...wall,
    at: (atMs, callback) =>
      wall.at(atMs, () => {
        if (isAlive()) callback();
      }),
    setTimeout: (callback, delayMs) =>
      wall.setTimeout(() => {
        if (isAlive()) callback();
      }, delayMs),
  };
}

/** Connections as infra/mqtt/connection.ts makes them of the package `mqtt`. */
function connecting(
  broker: Broker,
  wall: Wall,
  clients: Set<ReturnType<Broker["connect"]>>,
  life: MarketLife,
  faults: LifeFaults,
): Connect {
  return (options) =>
    new Promise((resolve) => {
      const filters: string[] = [];
      let isFirst = true;
      const client = broker.connect({
        ...{ clientId: options.clientId, clean: true, ...(options.will === undefined ? {} : { will: options.will }) },
        onMessage(topic, payload, retained) {
          if (life.isAlive()) options.onMessage(topic, Buffer.from(payload), retained);
        },
        onConnect() {
          if (!isFirst) client.subscribe(filters, () => {});
          options.onConnect?.();
          isFirst = false;
          resolve(connection);
        },
        onDisconnect: () => options.onDisconnect?.(),
      });
      clients.add(client);
      const connection: Connection = {
        publish(topic, payload, retain) {
          if (life.isAlive() && faults.diesAtPublish()) life.kill(`died before publishing ${topic}`);
          if (life.isAlive()) client.publish(topic, payload, retain);
        },
        subscribe: (wanted) =>
          new Promise((granted, refused) => {
            filters.push(...wanted);
            client.subscribe(wanted, (isGranted) => {
              if (isGranted) granted();
              else refused(new Error("the connection broke while subscribing"));
            });
          }),
        unsubscribe: () => Promise.resolve(),
        isConnected: () => client.isConnected(),
        unacknowledged: () => client.unacknowledged(),
        flushed: () => Promise.resolve(),
        async end(withinMs = 2000) {
          const lastMs = wall.now() + withinMs;
          while (client.unacknowledged() > 0 && wall.now() < lastMs) {
            await new Promise<void>((later) => void wall.setTimeout(later, 10));
          }
          clients.delete(client);
          client.vanish();
        },
      };
    });
}

/** A journal that outlives its process, and that a dead process cannot write. */
function fencedJournal(
  role: JournalledRole,
  journal: ActorJournal,
  life: MarketLife,
  faults: LifeFaults,
): ActorJournal {
  const assertAlive = (): void => {
    if (!life.isAlive()) throw new JournalError("the process is dead");
  };
  return {
    ...journal,
    append(entries, retained) {
      assertAlive();
      const fate = faults.atAppend(role);
      if (fate === "dies-before") life.kill(`${role} died before its append`);
      assertAlive();
      if (fate === "full") throw new JournalError(`the disk of ${role} is full`);
      journal.append(entries, retained);
      if (fate === "dies-after") life.kill(`${role} died behind its append`);
    },
    assertWritable() {
      assertAlive();
      if (faults.isFull(role)) throw new JournalError(`the disk of ${role} is full`);
    },
    acknowledged(n, receiver) {
      if (life.isAlive()) journal.acknowledged(n, receiver);
    },
    keepSnapshot(snapshot) {
      assertAlive();
      journal.keepSnapshot(snapshot);
    },
  };
}
