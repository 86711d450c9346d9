/**
 * The market as one process: all managers, supplier and environment, worked tick by tick in a fixed order.
 *
 * At tick k+1: the commands of tick k, which keep the time of tick k, participant by participant in a permutation drawn for
 * that tick; then gates close, contracts and results go out; then exchange, metering; then settlement and bills; then lists,
 * books and the market's state are published. Source: contract.md, "The clock".
 */
import { createActor } from "xstate";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { supplierMachine } from "../../agents/supplier/supplier.machine.js";
import type { Packet } from "../../market/door/packet.js";
import { biddingManager } from "../../market/managers/bidding/bidding-manager.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import { exchangeManager } from "../../market/managers/exchange/exchange-manager.js";
import type { HandoverEvent } from "../../market/managers/handover.js";
import { settlementManager } from "../../market/managers/settlement/settlement-manager.js";
import { supervisorManager } from "../../market/managers/supervisor/supervisor-manager.js";
import type { Digest, Journal, Log, Outbox, Sign } from "../../market/ports.js";
import type { Kpis } from "../../market/rules/kpi.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { stream } from "../../shared/random-stream.js";
import { topicsOf } from "../../shared/topics.js";
import { steppedClock } from "../clock/stepped-clock.js";
import { createInMemoryLinks } from "./in-memory-link.js";

export interface LockstepMarketOptions {
  readonly terms: MarketTerms;
  readonly supplier: SupplierSpecification;
  readonly environment: EnvironmentSpecification;
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly log: Log;
  readonly digest: Digest;
  readonly sign: Sign;
  readonly version: string;
  /** Called with what a manager's actor could not bear: the run cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

export interface LockstepMarket {
  /** Announces the market and tells the standing information, before the first tick. */
  begin(): void;
  /** Works tick `seq` at market time `tsMs`: first what was sent in the tick before. */
  work(seq: number, tsMs: number, sent: ReadonlyMap<string, readonly Packet[]>): void;
  /** A guest takes a free id. */
  join(id: string): void;
  control(event: HandoverEvent & { readonly type: "CONTROL" }): void;
  kpis(): Kpis;
  stop(): void;
}

export function createLockstepMarket(options: LockstepMarketOptions): LockstepMarket {
  const { terms, outbox, journal, log, digest, sign } = options;
  const { calendar } = terms;
  const roundLengthMs = tickLengthMs(calendar);
  const topics = topicsOf(terms.market);
  const links = createInMemoryLinks(topics, outbox);
  // One clock for each, so that each can be brought forward in its turn.
  const clocks = {
    bidding: steppedClock(calendar.startMs),
    exchange: steppedClock(calendar.startMs),
    settlement: steppedClock(calendar.startMs),
    supervisor: steppedClock(calendar.startMs),
  };
  const portsOf = (role: keyof typeof clocks) => {
    const clock = clocks[role];
    return { clock, outbox, link: links.linkOf(role, clock), journal, log };
  };
  const rateWindowMs = 1; // all commands of a tick have the same stamp
  const settlement = settlementManager(terms, { ...portsOf("settlement"), digest, sign });
  const actors = {
    bidding: createActor(
      biddingManager(terms, {
        ...portsOf("bidding"),
        ...{ digest, pseudonymSalt: String(terms.seed), leastListIntervalMs: 0, rateWindowMs },
      }),
      { id: "bidding", input: { calendar } },
    ),
    exchange: createActor(exchangeManager(terms, { ...portsOf("exchange"), rateWindowMs }), {
      id: "exchange",
      input: { calendar },
    }),
    settlement: createActor(settlement.logic, { id: "settlement", input: { calendar } }),
    supervisor: createActor(supervisorManager(terms, { ...portsOf("supervisor"), version: options.version }), {
      id: "supervisor",
    }),
    supplier: createActor(supplierMachine, {
      id: "supplier",
      input: { specification: options.supplier, roundLengthMs },
    }),
    environment: createActor(environmentMachine, {
      id: "environment",
      input: { specification: options.environment, roundLengthMs },
    }),
  };
  const supplierLink = links.linkOf("supplier", clocks.supervisor);
  actors.supplier.on("PUBLISH", ({ message }) => {
    const { v: _v, ts: _ts, n: _n, ...body } = message as ManageTariffs;
    supplierLink.hand({ kind: "tariffs", body });
  });
  actors.environment.on("PUBLISH", ({ topic, message }) => outbox.publish(topic, message, true));
  const whatFails = { error: options.onFailure };
  actors.bidding.subscribe(whatFails);
  actors.exchange.subscribe(whatFails);
  actors.settlement.subscribe(whatFails);
  actors.supervisor.subscribe(whatFails);
  actors.supplier.subscribe(whatFails);
  actors.environment.subscribe(whatFails);

  const known = new Set(terms.members.map(({ id }) => id));
  const drain = (): void => links.drain(deliver);
  function deliver(receiver: ProcessRole, event: HandoverEvent): void {
    if (receiver === "supervisor") actors.supervisor.send(event);
    else if (receiver === "bidding") actors.bidding.send(event);
    else if (receiver === "exchange") actors.exchange.send(event);
    else if (receiver === "settlement") actors.settlement.send(event);
  }

  function applyCommands(seq: number, sent: ReadonlyMap<string, readonly Packet[]>): void {
    for (const sender of drawnOrder([...sent.keys()], terms.seed, seq)) {
      for (const packet of sent.get(sender) ?? []) {
        if (packet.topic === "meter") actors.exchange.send({ type: "COMMAND", packet });
        else actors.bidding.send({ type: "COMMAND", packet });
      }
    }
  }

  return {
    begin() {
      for (const actor of Object.values(actors)) actor.start();
      drain();
      actors.supplier.send({ type: "TICK", tsMs: calendar.startMs - roundLengthMs, seq: 1 });
      actors.environment.send({ type: "TICK", tsMs: calendar.startMs - roundLengthMs, seq: 1 });
      for (const manager of [actors.bidding, actors.exchange, actors.settlement]) {
        manager.send({ type: "TICK", tsMs: calendar.startMs - roundLengthMs }); // they report that they are there
      }
      drain();
    },
    work(seq, tsMs, sent) {
      applyCommands(seq, sent);
      drain();
      for (const role of ["bidding", "exchange", "settlement", "supervisor"] as const) {
        clocks[role].advanceTo(tsMs);
        drain();
      }
      const tick = { type: "TICK", tsMs } as const;
      actors.bidding.send(tick);
      actors.exchange.send(tick);
      actors.settlement.send(tick);
      actors.supplier.send({ ...tick, seq: seq + 1 });
      actors.environment.send({ ...tick, seq: seq + 1 });
      drain();
      actors.supervisor.send(tick);
    },
    join(id) {
      if (known.has(id) || terms.guestCapacityW === undefined) return;
      known.add(id);
      actors.supervisor.send({ type: "JOIN", id });
      actors.supplier.send({ type: "GUEST", participant: id, tsMs: clocks.supervisor.now() });
      drain();
    },
    control(event) {
      actors.supervisor.send(event);
      actors.bidding.send(event);
      actors.exchange.send(event);
    },
    kpis: settlement.kpis,
    stop() {
      actors.supervisor.send({ type: "STOP" });
      for (const actor of Object.values(actors)) actor.stop();
    },
  };
}

/**
 * The permutation of a tick: everyone draws a lot of his own, and the lots are sorted. Whoever else sends something, a
 * stranger's garbage included, changes nothing in the order of the others.
 */
export function drawnOrder(senders: readonly string[], seed: number, seq: number): string[] {
  const lots = senders.map((id) => ({ id, lot: stream(seed, id, `permutation/${seq}`).uniform() }));
  return lots.sort((one, other) => one.lot - other.lot || (one.id < other.id ? -1 : 1)).map(({ id }) => id);
}
