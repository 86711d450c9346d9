/** The actors of a market, made from their ports: the same whether they share one process in lockstep or talk over a broker. */
import { createActor } from "xstate";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { supplierMachine } from "../../agents/supplier/supplier.machine.js";
import type { Clock } from "../../market/managers/alarm.js";
import { biddingManager } from "../../market/managers/bidding/bidding-manager.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import { exchangeManager } from "../../market/managers/exchange/exchange-manager.js";
import type { Link } from "../../market/managers/handover.js";
import { settlementManager } from "../../market/managers/settlement/settlement-manager.js";
import { supervisorManager } from "../../market/managers/supervisor/supervisor-manager.js";
import type { Digest, Journal, Log, Outbox, Sign } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import type { ProcessRole } from "../../shared/participant-id.js";

/** Those who have an actor. */
export type ActorRole = Extract<
  ProcessRole,
  "bidding" | "exchange" | "settlement" | "supervisor" | "supplier" | "environment"
>;

export interface RolePorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
}

export interface MarketActorsOptions {
  readonly terms: MarketTerms;
  readonly supplier: SupplierSpecification;
  readonly environment: EnvironmentSpecification;
  readonly journal: Journal;
  readonly log: Log;
  /** The one that the terms name. */
  readonly mechanism: Mechanism;
  readonly digest: Digest;
  readonly sign: Sign;
  /** Public key of `sign`, PEM. */
  readonly statementKey: string;
  /** What the salts of statements are made from: whoever knows it can tell them all. */
  readonly statementSecret: string;
  readonly version: string;
  readonly pseudonymSalt: string;
  /** Market time in which a participant's commands are counted. */
  readonly rateWindowMs: number;
  /** Least market time between two publications of a list or of a state; 0: with each tick, and only then. */
  readonly leastListIntervalMs: number;
  readonly portsOf: (role: ActorRole) => RolePorts;
  /** Called with what an actor could not bear. */
  readonly onFailure: (role: ActorRole, error: unknown) => void;
}

export type MarketActors = ReturnType<typeof createMarketActors>;

/** Made, not yet started: `startMarketActors`. */
export function createMarketActors(options: MarketActorsOptions) {
  const { terms, journal, log, digest, sign, version, rateWindowMs, mechanism } = options;
  const input = { calendar: terms.calendar };
  const roundLengthMs = tickLengthMs(terms.calendar);
  const portsOf = (role: ActorRole) => ({ ...options.portsOf(role), journal, log });
  const { pseudonymSalt, leastListIntervalMs, statementKey, statementSecret } = options;
  const bidding = biddingManager(terms, {
    ...portsOf("bidding"),
    ...{ digest, mechanism, pseudonymSalt, leastListIntervalMs, rateWindowMs },
  });
  const leastReportIntervalMs = leastListIntervalMs;
  const exchange = exchangeManager(terms, {
    ...portsOf("exchange"),
    ...{ rateWindowMs, leastReportIntervalMs, pooled: mechanism.kind === "pool" },
  });
  const settlement = settlementManager(terms, { ...portsOf("settlement"), digest, sign, mechanism, statementSecret });
  const supervisor = supervisorManager(terms, {
    ...portsOf("supervisor"),
    version,
    statementKey,
    leastReportIntervalMs,
  });
  const actors = {
    bidding: createActor(bidding.logic, { id: "bidding", input }),
    exchange: createActor(exchange.logic, { id: "exchange", input }),
    settlement: createActor(settlement.logic, { id: "settlement", input }),
    supervisor: createActor(supervisor.logic, { id: "supervisor" }),
    supplier: createActor(supplierMachine, {
      id: "supplier",
      input: { specification: options.supplier, roundLengthMs },
    }),
    environment: createActor(environmentMachine, {
      id: "environment",
      input: { specification: options.environment, roundLengthMs },
    }),
  };
  actors.supplier.on("PUBLISH", ({ message }) => {
    const { v: _v, ts: _ts, n: _n, ...body } = message as ManageTariffs;
    options.portsOf("supplier").link.hand({ kind: "tariffs", body });
  });
  actors.environment.on("PUBLISH", ({ topic, message }) => {
    options.portsOf("environment").outbox.publish(topic, message, true);
  });
  const failing = (role: ActorRole) => ({ error: (error: unknown) => options.onFailure(role, error) });
  actors.bidding.subscribe(failing("bidding"));
  actors.exchange.subscribe(failing("exchange"));
  actors.settlement.subscribe(failing("settlement"));
  actors.supervisor.subscribe(failing("supervisor"));
  actors.supplier.subscribe(failing("supplier"));
  actors.environment.subscribe(failing("environment"));
  return { ...actors, billedKpis: settlement.billedKpis };
}

/** Starts all, those first who hear from the others; `settled` is called where hand-overs have to be carried on. */
export function startMarketActors(actors: MarketActors, terms: MarketTerms, settled: () => void): void {
  const { settlement, exchange, bidding, supervisor, supplier, environment } = actors;
  for (const actor of [settlement, exchange, bidding, supervisor, supplier, environment]) actor.start();
  settled();
  // A tick before the first: what holds from the start is told, and the managers report that they are there.
  const before = { type: "TICK", tsMs: terms.calendar.startMs - tickLengthMs(terms.calendar), seq: 1 } as const;
  for (const actor of [supplier, environment, bidding, exchange, settlement]) actor.send(before);
  settled();
}

/** Makes a guest known; the same one only once. */
export function guestBook(actors: MarketActors, terms: MarketTerms): (id: string, nowMs: number) => boolean {
  const known = new Set(terms.members.map(({ id }) => id));
  return (id, nowMs) => {
    if (known.has(id) || terms.guestCapacityW === undefined) return false;
    known.add(id);
    actors.supervisor.send({ type: "JOIN", id });
    actors.supplier.send({ type: "GUEST", participant: id, tsMs: nowMs });
    return true;
  };
}

export function stopMarketActors(actors: MarketActors): void {
  actors.supervisor.send({ type: "STOP" });
  const { bidding, exchange, settlement, supervisor, supplier, environment } = actors;
  for (const actor of [bidding, exchange, settlement, supervisor, supplier, environment]) actor.stop();
}
