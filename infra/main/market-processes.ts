/** All of the market's processes over a broker, in this one program: each as it would run alone, with its own connection. */
import type { Packet } from "../../market/door/packet.js";
import type { Journal, Log } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { filtersOf, inTopics, topicsOf } from "../../shared/topics.js";
import {
  createMarketActors,
  guestBook,
  type MarketActors,
  startMarketActors,
  stopMarketActors,
} from "../actors/market-actors.js";
import type { ScaledClock } from "../clock/scaled-clock.js";
import { startTicker } from "../clock/ticker.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { programVersion } from "../version.js";
import { goneStatus, openRole, type RoleHost, type RoleHostOptions } from "./role-host.js";
import { type Secrets, sha256 } from "./secrets.js";

export interface MarketProcessesOptions {
  readonly scenario: LoadedScenario;
  readonly terms: MarketTerms;
  readonly mechanism: Mechanism;
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
  const hosts = new Map<ProcessRole, RoleHost>();
  const hostOf = (role: ProcessRole): RoleHost => {
    const host = hosts.get(role);
    if (host === undefined) throw new Error(`${role} is not connected yet`);
    return host;
  };
  const actors = createMarketActors({
    ...{ terms, supplier: scenario.supplier, environment: scenario.environment, journal, log },
    ...{
      mechanism: options.mechanism,
      digest: sha256,
      sign: secrets.sign,
      statementKey: secrets.statementKey(),
      statementSecret: secrets.statementSecret,
      version: programVersion,
      pseudonymSalt: options.pseudonymSalt,
    },
    rateWindowMs: Math.max(1, Math.round(1000 * clock.rate)),
    leastListIntervalMs: Math.round(leastListIntervalWallMs * clock.rate),
    // Actors are made before their processes connect, for they hear from then on: each looks its host up when it speaks.
    portsOf: (role) => ({
      clock,
      outbox: { publish: (...message) => hostOf(role).outbox.publish(...message) },
      link: {
        hand: (handover) => hostOf(role).link.hand(handover),
        report: (status) => hostOf(role).link.report(status),
      },
    }),
    onFailure: options.onFailure,
  });
  const admit = guestBook(actors, terms);
  const told = () => Promise.all([hostOf("supervisor").link.acknowledged(), hostOf("supplier").link.acknowledged()]);
  const join = async (id: string): Promise<void> => {
    if (admit(id, clock.now())) await told();
  };
  for (const own of processesOf(options, actors, (id) => void join(id)))
    hosts.set(own.role, await openOne(options, own));
  startMarketActors(actors, terms, () => {});
  await told();

  let stopTicker = (): void => {};
  return {
    join,
    startClock() {
      const { outbox } = hostOf("clock");
      const { mode, runId } = options;
      const topics = topicsOf(terms.market);
      stopTicker = startTicker({ calendar: terms.calendar, mode, runId, clock, outbox, topics });
    },
    async stop() {
      stopTicker();
      stopMarketActors(actors);
      await Promise.all([...hosts.values()].map((host) => host.end()));
    },
  };
}

type OwnOptions = Pick<RoleHostOptions, "role"> & Partial<RoleHostOptions>;

function openOne({ terms, url, secrets, clock, log, onPublished }: MarketProcessesOptions, own: OwnOptions) {
  return openRole({
    ...{ market: terms.market, url, password: secrets.passwordOf(own.role), now: clock.now, log },
    ...{ filters: [], hearsClock: true, onPublished },
    ...own,
  });
}

/** Each process with what it hears, in the order of connecting. */
function processesOf(
  { terms, clock, log, onSent }: MarketProcessesOptions,
  actors: MarketActors,
  join: (id: string) => void,
): OwnOptions[] {
  const topics = topicsOf(terms.market);
  const everyonesIn = (name: "items" | "orders" | "batch" | "meter") => topics.in("+", name);
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
    {
      ...{ role: "bidding", filters: [everyonesIn("items"), everyonesIn("orders"), everyonesIn("batch")] },
      onPacket: (packet) => actors.bidding.send({ type: "COMMAND", packet }),
      onHandover: (event) => actors.bidding.send(event),
      onTick: (tsMs) => actors.bidding.send({ type: "TICK", tsMs }),
    },
    {
      ...{ role: "exchange", filters: [everyonesIn("meter")] },
      onPacket: (packet) => actors.exchange.send({ type: "COMMAND", packet }),
      onHandover: (event) => actors.exchange.send(event),
      onTick: (tsMs) => actors.exchange.send({ type: "TICK", tsMs }),
    },
    {
      role: "settlement",
      onHandover: (event) => actors.settlement.send(event),
      onTick: (tsMs) => actors.settlement.send({ type: "TICK", tsMs }),
    },
    {
      ...{ role: "supervisor", filters: [filtersOf(terms.market).everythingIn] },
      will: { topic: topics.public("status"), message: goneStatus(clock.now()) },
      onHandover: (event) => actors.supervisor.send(event),
      onTick: (tsMs) => actors.supervisor.send({ type: "TICK", tsMs }),
      onPacket: hearSent,
    },
    { role: "supplier", onTick: (tsMs, seq) => actors.supplier.send({ type: "TICK", tsMs, seq: seq + 1 }) },
    { role: "environment", onTick: (tsMs, seq) => actors.environment.send({ type: "TICK", tsMs, seq: seq + 1 }) },
  ];
}
