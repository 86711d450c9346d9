/**
 * The market as one process: all managers, supplier and environment, worked tick by tick in a fixed order.
 *
 * At tick k+1: the commands of tick k, which keep the time of tick k, participant by participant in a permutation drawn for
 * that tick; then gates close, contracts and results go out; then exchange, metering; then settlement and bills; then lists,
 * books and the market's state are published. Source: contract.md, "The clock".
 */
import type { Packet } from "../../market/door/packet.js";
import type { HandoverEvent } from "../../market/managers/handover.js";
import type { Outbox } from "../../market/ports.js";
import type { Kpis } from "../../market/rules/kpi.js";
import { stream } from "../../shared/random-stream.js";
import { topicsOf } from "../../shared/topics.js";
import {
  type ActorRole,
  createMarketActors,
  guestBook,
  type MarketActors,
  type MarketActorsOptions,
  type RolePorts,
  startMarketActors,
  stopMarketActors,
} from "../actors/market-actors.js";
import { steppedClock } from "../clock/stepped-clock.js";
import { createInMemoryLinks } from "./in-memory-link.js";

/** What the actors need, less what lockstep decides itself. */
type GivenToActors = Pick<
  MarketActorsOptions,
  | ("terms" | "supplier" | "environment" | "journal" | "log" | "mechanism")
  | ("digest" | "sign" | "statementKey" | "version")
>;

export interface LockstepMarketOptions extends GivenToActors {
  readonly outbox: Outbox;
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
  /** The DSO's word waits for the next tick, and is worked there behind the commands. */
  hearDso(event: HandoverEvent & { readonly type: "LIMITS" }): void;
  /** Key figures of the periods billed so far. */
  billedKpis(): Kpis;
  stop(): void;
}

export function createLockstepMarket(options: LockstepMarketOptions): LockstepMarket {
  const { terms, outbox, ...rest } = options;
  const links = createInMemoryLinks(topicsOf(terms.market), outbox);
  // One clock for each, so that each can be brought forward in its turn.
  const clockOf = () => steppedClock(terms.calendar.startMs);
  const clocks = { bidding: clockOf(), exchange: clockOf(), settlement: clockOf(), supervisor: clockOf() };
  const clockFor = (role: ActorRole) => (role in clocks ? clocks[role as keyof typeof clocks] : clocks.supervisor);
  const portsFor = (role: ActorRole): RolePorts => {
    const clock = clockFor(role);
    return { clock, outbox, link: links.linkOf(role, clock) };
  };
  const ports = new Map(actorRoles.map((role) => [role, portsFor(role)]));
  const actors = createMarketActors({
    ...{ ...rest, terms, pseudonymSalt: String(terms.seed), leastListIntervalMs: 0 },
    // From the seed, for a run's heads repeat, and whoever has its files can check them.
    statementSecret: String(terms.seed),
    rateWindowMs: 1, // all commands of a tick have the same stamp
    portsOf: (role) => ports.get(role) ?? portsFor(role),
    onFailure: (_role, error) => options.onFailure(error),
  });
  const admit = guestBook(actors, terms);
  const ofDso: HandoverEvent[] = [];
  const drain = (): void =>
    links.drain((receiver, event) => {
      if (receiver === "supervisor") actors.supervisor.send(event);
      else if (receiver === "bidding") actors.bidding.send(event);
      else if (receiver === "exchange") actors.exchange.send(event);
      else if (receiver === "settlement") actors.settlement.send(event);
    });

  return {
    begin: () => startMarketActors(actors, terms, drain),
    work(seq, tsMs, sent) {
      applyCommands(actors, drawnOrder([...sent.keys()], terms.seed, seq), sent);
      for (const event of ofDso.splice(0)) actors.bidding.send(event);
      drain();
      for (const clock of Object.values(clocks)) {
        clock.advanceTo(tsMs);
        drain();
      }
      const tick = { type: "TICK", tsMs, seq: seq + 1 } as const;
      const { bidding, exchange, settlement, supplier, environment } = actors;
      for (const actor of [bidding, exchange, settlement, supplier, environment]) actor.send(tick);
      drain();
      actors.supervisor.send(tick);
    },
    join(id) {
      if (admit(id, clocks.supervisor.now())) drain();
    },
    hearDso: (event) => void ofDso.push(event),
    control(event) {
      for (const actor of [actors.supervisor, actors.bidding, actors.exchange]) actor.send(event);
    },
    billedKpis: actors.billedKpis,
    stop: () => stopMarketActors(actors),
  };
}

const actorRoles: readonly ActorRole[] = ["bidding", "exchange", "settlement", "supervisor", "supplier", "environment"];

function applyCommands(
  actors: MarketActors,
  senders: readonly string[],
  sent: ReadonlyMap<string, readonly Packet[]>,
): void {
  for (const sender of senders) {
    for (const packet of sent.get(sender) ?? []) {
      const manager = packet.topic === "meter" ? actors.exchange : actors.bidding;
      manager.send({ type: "COMMAND", packet });
    }
  }
}

/**
 * The permutation of a tick: everyone draws a lot of his own, and the lots are sorted. Whoever else sends something, a
 * stranger's garbage included, changes nothing in the order of the others.
 */
export function drawnOrder(senders: readonly string[], seed: number, seq: number): string[] {
  const lots = senders.map((id) => ({ id, lot: stream(seed, id, `permutation/${seq}`).uniform() }));
  return lots.sort((one, other) => one.lot - other.lot || (one.id < other.id ? -1 : 1)).map(({ id }) => id);
}
