/**
 * The market as one process: all managers, supplier and environment, worked tick by tick in a fixed order.
 *
 * At tick k+1: the commands of tick k, which keep the time of tick k, participant by participant in a permutation drawn for
 * that tick; then gates close, contracts and results go out; then exchange, metering; then settlement and bills; then lists,
 * books and the market's state are published. Source: contract.md, "The clock".
 */

import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import { answersBatch } from "../../market/door/batch.js";
import type { Packet } from "../../market/door/packet.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import type { HandoverEvent } from "../../market/managers/handover.js";
import type { Journal, Log, Outbox } from "../../market/ports.js";
import type { Kpis } from "../../market/rules/kpi.js";
import { stream } from "../../shared/random-stream.js";
import { isoUtc } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import type { ActorMakersOptions } from "../actors/actor-makers.js";
import { environmentActor } from "../actors/environment-actor.js";
import {
  beginningOrder,
  createMarketHosts,
  guestBook,
  type MarketHosts,
  type MarketHostsOptions,
  type OnLife,
  stopMarketHosts,
} from "../actors/market-hosts.js";
import { createVoice } from "../actors/voice.js";
import type { HostedRole, Output } from "../journal/hosted-actor.js";
import type { ActorEvent, ActorJournal } from "../journal/journal.js";
import type { Disturbance, Turn } from "./disturbance.js";
import { createHandoverQueue } from "./handover-queue.js";

/** What the actors need, less what lockstep decides itself. */
type GivenToActors = Omit<
  ActorMakersOptions,
  "statementSecret" | "pseudonymSalt" | "rateWindowMs" | "leastListIntervalMs"
>;

export interface LockstepMarketOptions extends GivenToActors {
  readonly environment: EnvironmentSpecification;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Hears every fact, at once. */
  readonly journal: Journal;
  readonly journalOf: (role: HostedRole) => ActorJournal;
  /** Called with what a manager's actor could not bear: the run cannot go on. */
  readonly onFailure: (error: unknown) => void;
  /** Undefined: none are kept, for a run that dies is run again. */
  readonly snapshots?: MarketHostsOptions["snapshots"];
  /** With faults, journal before reply holds in every turn: what a crash takes has not been said. */
  readonly disturbance?: Disturbance;
  /** Shows actors to whoever looks on. */
  readonly onLife?: OnLife | undefined;
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

/** All commands of a tick have the same stamp, and everything is told with the tick. */
export const lockstepPace = { rateWindowMs: 1, leastListIntervalMs: 0 } as const;

/**
 * So many ticks are journalled at once. A run that dies is run again from its seed, so its journal need not be ahead of its replies; it is
 * there to be replayed.
 */
const ticksPerCommit = 64;

export function createLockstepMarket(options: LockstepMarketOptions): LockstepMarket {
  const { terms, outbox, log, journal, onFailure, disturbance } = options;
  const topics = topicsOf(terms.market);
  const queue = disturbance?.queue(createHandoverQueue()) ?? createHandoverQueue();
  let nowMs = terms.calendar.startMs;

  const { say, refuse } = createVoice<HostedRole>({
    ...{ market: terms.market, now: () => nowMs, outboxOf: () => outbox, journal, log },
    hand(role, output) {
      if (output.kind === "resend") return; // nobody was away
      queue.hand(role, output.handover, output.handedOver);
      outbox.publish(output.handedOver.topic, output.handedOver.message);
    },
    report(role, status) {
      const message = { v: 1 as const, ts: isoUtc(nowMs), ...status };
      queue.report(message);
      outbox.publish(topics.manageRole("status", role), message, true);
    },
  });

  /** What is in the journal can be told from there: results hear of it in any case. */
  function sayUnlessLost(role: HostedRole, output: Output): void {
    const isLost = disturbance?.isMuted(role) === true && output.kind !== "fact" && output.kind !== "log";
    if (!isLost) say(role, output);
  }

  const hosts: MarketHosts = createMarketHosts({
    ...{ ...options, ...lockstepPace, pseudonymSalt: String(terms.seed) },
    // From the seed, for a run's heads repeat, and whoever has its files can check them.
    statementSecret: String(terms.seed),
    now: () => nowMs,
    ...(disturbance === undefined ? { release: () => {}, onSaid: say } : { release: sayUnlessLost }),
    ...(disturbance === undefined ? {} : { interference: disturbance.interference }),
    acknowledge: (receiver, sender, n) => {
      if (disturbance?.isMuted(receiver)) return;
      if (sender !== "dso") hosts.of[sender as HostedRole].acknowledged(n, receiver); // the inbox answers the DSO
    },
    refuse,
    onDown: (role, _cause, error) => {
      if (disturbance?.bears(role, error) !== true) onFailure(error);
    },
  });
  const tickMs = tickLengthMs(terms.calendar);
  const environment = environmentActor(options.environment, tickMs, outbox, onFailure);
  const leaveEnvironment = options.onLife?.("environment", { root: environment });
  const admit = guestBook(hosts, terms);
  const { bidding, exchange, settlement, supervisor, supplier } = hosts.of;
  const ofDso: (HandoverEvent & { readonly type: "LIMITS" })[] = [];

  const commit = (): void => {
    for (const role of beginningOrder) hosts.of[role].commit();
  };
  const drain = (): void => {
    if (disturbance !== undefined) commit(); // only then it is said
    queue.drain((waiting) => {
      if ("status" in waiting) supervisor.take({ type: "STATUS", message: waiting.status } as ActorEvent);
      else hosts.of[waiting.receiver].takeHandover(waiting.sender, waiting.event);
      if (disturbance !== undefined) commit();
    });
  };
  const endTurn = (turn: Turn, role?: HostedRole): void => disturbance?.endTurn(turn, hosts, role);
  const tell = (tsMs: number, seq: number): void => {
    const tick = { type: "TICK", tsMs, seq } as const;
    for (const host of [bidding, exchange, settlement, supplier]) host.take(tick);
    environment.send(tick);
  };

  return {
    begin() {
      for (const role of beginningOrder) hosts.of[role].restart();
      environment.start();
      drain();
      // A tick before the first: what holds from the start is told, and the managers report that they are there.
      tell(terms.calendar.startMs - tickMs, 1);
      drain();
    },
    work(seq, tsMs, sent) {
      disturbance?.beginTick(seq, hosts);
      applyCommands(hosts, drawnOrder([...sent.keys()], terms.seed, seq), sent, disturbance?.onCommand);
      for (const event of ofDso.splice(0)) bidding.takeHandover("dso", event);
      endTurn("commands");
      drain();
      nowMs = tsMs;
      for (const host of [bidding, exchange, settlement, supervisor]) {
        host.advance();
        endTurn("gates", host.role);
        drain();
      }
      tell(tsMs, seq + 1);
      endTurn("told");
      drain();
      supervisor.take({ type: "TICK", tsMs } as ActorEvent);
      if (disturbance !== undefined || seq % ticksPerCommit === 0) commit();
    },
    join(id) {
      if (admit(id, nowMs) === "told") drain();
    },
    hearDso: (event) => void ofDso.push(event),
    control(event) {
      for (const host of [supervisor, bidding, exchange]) host.take(event);
    },
    billedKpis: hosts.billedKpis,
    stop() {
      stopMarketHosts(hosts);
      leaveEnvironment?.();
      environment.stop();
    },
  };
}

function applyCommands(
  { of }: MarketHosts,
  senders: readonly string[],
  sent: ReadonlyMap<string, readonly Packet[]>,
  onCommand: (packet: Packet) => void = () => {},
): void {
  for (const sender of senders) {
    for (const packet of sent.get(sender) ?? []) {
      onCommand(packet);
      const isReading = packet.topic === "meter" || (packet.topic === "batch" && answersBatch(packet) === "exchange");
      const host = isReading ? of.exchange : of.bidding;
      host.take({ type: "COMMAND", packet } as ActorEvent);
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
