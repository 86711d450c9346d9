/** Each of the market's processes with what it hears on the broker, in the order of connecting. */
import { answersBatch } from "../../market/door/batch.js";
import type { Packet } from "../../market/door/packet.js";
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { filtersOf, inTopics, topicsOf } from "../../shared/topics.js";
import type { environmentActor } from "../actors/environment-actor.js";
import type { MarketHosts } from "../actors/market-hosts.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorEvent } from "../journal/journal.js";
import { goneStatus, type RoleHostOptions } from "./role-host.js";

export type OwnOptions = Pick<RoleHostOptions, "role"> & Partial<RoleHostOptions>;

export interface HearingOptions {
  readonly terms: MarketTerms;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly onSent: (sender: string, name: string, payload: string) => void;
}

export function hearingOf(
  { terms, clock, log, onSent }: HearingOptions,
  hosts: MarketHosts,
  environment: ReturnType<typeof environmentActor>,
  join: (id: string) => void,
): OwnOptions[] {
  const { of } = hosts;
  const topics = topicsOf(terms.market);
  let wrongTopics = 0;
  const hearSent = ({ sender, topic, payload }: Packet): void => {
    if (!inTopics.some((name) => name === topic)) {
      wrongTopics += 1;
      const where = `${topics.prefix}/in/${sender}/${topic}`;
      log.warn(`a message on ${where} is of no use: there is no such topic`, { count: wrongTopics });
      return;
    }
    onSent(sender, topic, payload);
    if (topic === "status" && payload.includes('"online"')) join(sender);
  };
  return [
    { role: "clock", hearsClock: false },
    hearingOfRole("bidding", terms.market, hosts),
    hearingOfRole("exchange", terms.market, hosts),
    hearingOfRole("settlement", terms.market, hosts),
    {
      ...{ ...hearingOfRole("supervisor", terms.market, hosts), filters: [topics.in("+", "status")] },
      // Commands are decided elsewhere: here they are counted, and wrong topics told.
      seen: [filtersOf(terms.market).everythingIn],
      will: { topic: topics.public("status"), message: goneStatus(clock.now()) },
      onPacket: hearSent,
    },
    {
      ...hearingOfRole("supplier", terms.market, hosts),
      onTick: (tsMs, seq) => of.supplier.take({ type: "TICK", tsMs, seq: seq + 1 } as ActorEvent),
    },
    { role: "environment", onTick: (tsMs, seq) => environment.send({ type: "TICK", tsMs, seq: seq + 1 }) },
  ];
}

/** Where commands come in. */
const commandTopics: Partial<Record<HostedRole, readonly ("items" | "orders" | "batch" | "meter")[]>> = {
  bidding: ["items", "orders", "batch"],
  exchange: ["meter", "batch"],
};

/** What an actor with a journal hears: hand-overs, reports, acknowledgements of its own, ticks, and the commands it decides. */
export function hearingOfRole(role: HostedRole, market: string, { of }: MarketHosts): OwnOptions {
  const commands = commandTopics[role];
  return {
    role,
    onHandover: (sender, event) => of[role].takeHandover(sender, event),
    onEvent: (event) => of[role].take(event),
    onAcknowledged: (n, receiver) => of[role].acknowledged(n, receiver),
    onTick: (tsMs, seq) => of[role].take({ type: "TICK", tsMs, seq } as ActorEvent),
    ...(commands === undefined
      ? {}
      : {
          filters: commands.map((name) => topicsOf(market).in("+", name)),
          onPacket: (packet) => {
            if (packet.topic === "batch" && answersBatch(packet) !== role) return; // it has one reply
            of[role].take({ type: "COMMAND", packet } as ActorEvent);
          },
        }),
  };
}
