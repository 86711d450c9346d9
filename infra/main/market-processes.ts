/** All of the market's processes over a broker, in this one program: each as it would run alone, with its own connection. */
import { createActor } from "xstate";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import { supplierMachine } from "../../agents/supplier/supplier.machine.js";
import { biddingManager } from "../../market/managers/bidding/bidding-manager.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import { exchangeManager } from "../../market/managers/exchange/exchange-manager.js";
import { settlementManager } from "../../market/managers/settlement/settlement-manager.js";
import { supervisorManager } from "../../market/managers/supervisor/supervisor-manager.js";
import type { Journal, Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import { filtersOf, inTopics, topicsOf } from "../../shared/topics.js";
import type { ScaledClock } from "../clock/scaled-clock.js";
import { startTicker } from "../clock/ticker.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { programVersion } from "../version.js";
import { goneStatus, openRole, type RoleHost, type RoleHostOptions } from "./role-host.js";
import { type Secrets, sha256 } from "./secrets.js";

export interface MarketProcessesOptions {
  readonly scenario: LoadedScenario;
  readonly terms: MarketTerms;
  readonly url: string;
  readonly secrets: Secrets;
  readonly clock: ScaledClock;
  readonly mode: "scaled" | "real";
  readonly runId: string;
  readonly pseudonymSalt: string;
  readonly log: Log;
  readonly journal: Journal;
  readonly onPublished: (topic: string, message: object | null) => void;
  /** Every message of a participant, as the supervisor hears it. */
  readonly onSent: (sender: string, name: string, payload: string) => void;
  readonly onFailure: (role: string, error: unknown) => void;
}

export interface MarketProcesses {
  /** Makes a guest known to every manager. */
  join(id: string): Promise<void>;
  /** Begins to tick. */
  startClock(): void;
  stop(): Promise<void>;
}

/** Lists and books go out at most that often, in wall time. */
const leastListIntervalWallMs = 500;

export async function startMarketProcesses(options: MarketProcessesOptions): Promise<MarketProcesses> {
  const { scenario, terms, clock, log, journal, secrets } = options;
  const { calendar, market } = terms;
  const topics = topicsOf(market);
  const everyonesIn = (name: "items" | "orders" | "batch" | "meter") => topics.in("+", name);
  const rateWindowMs = Math.max(1, Math.round(1000 * clock.rate));
  const input = { calendar };
  const hosts: RoleHost[] = [];
  const open = async (own: Pick<RoleHostOptions, "role"> & Partial<RoleHostOptions>): Promise<RoleHost> => {
    const host = await openRole({
      ...{ market, url: options.url, password: secrets.passwordOf(own.role), now: clock.now, log },
      ...{ filters: [], hearsClock: true, onPublished: options.onPublished },
      ...own,
    });
    hosts.push(host);
    return host;
  };
  // Actors hear from the moment their process is connected, so each is made before its connection and started after.
  const portsOf = (role: RoleHost["role"]) => ({
    clock,
    journal,
    log,
    outbox: {
      publish: (...message: Parameters<RoleHost["outbox"]["publish"]>) => hostOf(role).outbox.publish(...message),
    },
    link: {
      hand: (...handover: Parameters<RoleHost["link"]["hand"]>) => hostOf(role).link.hand(...handover),
      report: (...status: Parameters<RoleHost["link"]["report"]>) => hostOf(role).link.report(...status),
    },
  });
  const hostOf = (role: RoleHost["role"]): RoleHost => {
    const host = hosts.find((candidate) => candidate.role === role);
    if (host === undefined) throw new Error(`${role} is not connected yet`);
    return host;
  };

  const bidding = createActor(
    biddingManager(terms, {
      ...portsOf("bidding"),
      ...{ digest: sha256, pseudonymSalt: options.pseudonymSalt, rateWindowMs },
      leastListIntervalMs: Math.round(leastListIntervalWallMs * clock.rate),
    }),
    { id: "bidding", input },
  );
  const exchange = createActor(exchangeManager(terms, { ...portsOf("exchange"), rateWindowMs }), {
    id: "exchange",
    input,
  });
  const settlement = createActor(
    settlementManager(terms, { ...portsOf("settlement"), digest: sha256, sign: secrets.sign }).logic,
    { id: "settlement", input },
  );
  const supervisor = createActor(supervisorManager(terms, { ...portsOf("supervisor"), version: programVersion }), {
    id: "supervisor",
  });
  const roundLengthMs = tickLengthMs(calendar);
  const supplier = createActor(supplierMachine, {
    id: "supplier",
    input: { specification: scenario.supplier, roundLengthMs },
  });
  const environment = createActor(environmentMachine, {
    id: "environment",
    input: { specification: scenario.environment, roundLengthMs },
  });
  supplier.on("PUBLISH", ({ message }) => {
    const { v: _v, ts: _ts, n: _n, ...body } = message as ManageTariffs;
    hostOf("supplier").link.hand({ kind: "tariffs", body });
  });
  environment.on("PUBLISH", ({ topic, message }) => hostOf("environment").outbox.publish(topic, message, true));
  bidding.subscribe({ error: (error) => options.onFailure("bidding", error) });
  exchange.subscribe({ error: (error) => options.onFailure("exchange", error) });
  settlement.subscribe({ error: (error) => options.onFailure("settlement", error) });
  supervisor.subscribe({ error: (error) => options.onFailure("supervisor", error) });

  const known = new Set(terms.members.map(({ id }) => id));
  async function join(id: string): Promise<void> {
    if (known.has(id) || terms.guestCapacityW === undefined) return;
    known.add(id);
    supervisor.send({ type: "JOIN", id });
    supplier.send({ type: "GUEST", participant: id, tsMs: clock.now() });
    await Promise.all([hostOf("supervisor").link.acknowledged(), hostOf("supplier").link.acknowledged()]);
  }

  let wrongTopics = 0;
  await open({ role: "clock", hearsClock: false });
  await open({
    ...{ role: "bidding", filters: [everyonesIn("items"), everyonesIn("orders"), everyonesIn("batch")] },
    onPacket: (packet) => bidding.send({ type: "COMMAND", packet }),
    onHandover: (event) => bidding.send(event),
    onTick: (tsMs) => bidding.send({ type: "TICK", tsMs }),
  });
  await open({
    ...{ role: "exchange", filters: [everyonesIn("meter")] },
    onPacket: (packet) => exchange.send({ type: "COMMAND", packet }),
    onHandover: (event) => exchange.send(event),
    onTick: (tsMs) => exchange.send({ type: "TICK", tsMs }),
  });
  await open({
    role: "settlement",
    onHandover: (event) => settlement.send(event),
    onTick: (tsMs) => settlement.send({ type: "TICK", tsMs }),
  });
  await open({
    ...{ role: "supervisor", filters: [filtersOf(market).everythingIn] },
    will: { topic: topics.public("status"), message: goneStatus(clock.now()) },
    onHandover: (event) => supervisor.send(event),
    onTick: (tsMs) => supervisor.send({ type: "TICK", tsMs }),
    onPacket: ({ sender, topic, payload }) => {
      if (!inTopics.some((name) => name === topic)) {
        wrongTopics += 1;
        log.warn(`a message on ${topics.prefix}/in/${sender}/${topic} is of no use: there is no such topic`, {
          count: wrongTopics,
        });
        return;
      }
      options.onSent(sender, topic, payload);
      if (topic === "status" && payload.includes('"online"')) void join(sender);
    },
  });
  await open({ role: "supplier", onTick: (tsMs, seq) => supplier.send({ type: "TICK", tsMs, seq: seq + 1 }) });
  await open({ role: "environment", onTick: (tsMs, seq) => environment.send({ type: "TICK", tsMs, seq: seq + 1 }) });

  const before = { type: "TICK", tsMs: calendar.startMs - roundLengthMs, seq: 1 } as const;
  settlement.start();
  exchange.start();
  bidding.start();
  supervisor.start();
  supplier.start();
  environment.start();
  supplier.send(before);
  environment.send(before);
  for (const manager of [bidding, exchange, settlement]) manager.send(before); // they report that they are there
  await Promise.all([hostOf("supervisor").link.acknowledged(), hostOf("supplier").link.acknowledged()]);

  let stopTicker = (): void => {};
  return {
    join,
    startClock() {
      const { outbox } = hostOf("clock");
      stopTicker = startTicker({ calendar, mode: options.mode, runId: options.runId, clock, outbox, topics });
    },
    async stop() {
      stopTicker();
      supervisor.send({ type: "STOP" });
      for (const actor of [bidding, exchange, settlement, supplier, environment]) actor.stop();
      await Promise.all(hosts.map((host) => host.end()));
    },
  };
}
