/** The broker of a simulation, and the market's one connection to it. */
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { topicsOf } from "../../shared/topics.js";
import type { Account } from "../mqtt/accounts.js";
import { type Connection, type ConnectionOptions, openConnection } from "../mqtt/connection.js";
import { type EmbeddedBroker, startBroker } from "../mqtt/embedded-broker.js";
import { unratedLimits } from "../mqtt/limits.js";
import { clearRetained } from "../mqtt/retained.js";
import { openNatsBroker } from "../nats/nats-broker.js";
import { natsKeys } from "../nats/nats-keys.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { accountsOf } from "./accounts.js";
import { isReachedOnLoopback } from "./public-addresses.js";
import { goneStatus } from "./role-host.js";
import type { Secrets } from "./secrets.js";
import { realWorld } from "./world.js";

export interface SimulationBrokerOptions {
  readonly scenario: LoadedScenario;
  /** An outside broker; undefined: one of its own. */
  readonly brokerUrl: string | undefined;
  /** Where that broker, a NATS server, asks who may come in; undefined: it is none. */
  readonly natsUrl?: string | undefined;
  /** 0: a free one. */
  readonly mqttPort: number;
  readonly host: string;
  readonly distFolder: string;
  readonly log: Log;
  /** Somebody looks on, and sees everything. */
  readonly isWatched: boolean;
}

export interface SimulationBroker {
  readonly url: string;
  /** Undefined: it is not ours. */
  readonly pause?: (forMs: number) => void;
  readonly openStream?: EmbeddedBroker["openStream"];
  stop(): Promise<void>;
}

/** The broker that stands elsewhere, or one of the run's own. @throws Error where it cannot start */
export async function brokerFor(
  options: SimulationBrokerOptions,
  secrets: Secrets,
  onGuest: (id: string) => void,
  onCrash: (error: Error) => void,
): Promise<SimulationBroker> {
  const { scenario, log, brokerUrl, natsUrl } = options;
  const onRefused = (what: string, reason: string) => log.warn(`refused ${what}: ${reason}`);
  if (brokerUrl !== undefined) {
    if (natsUrl === undefined) return { url: brokerUrl, stop: () => Promise.resolve() };
    const { stop } = await openNatsBroker({
      ...{ market: scenario.terms.market, url: natsUrl, keys: await natsKeys(secrets.seedOf), log },
      ...{ accounts: accountsOf(scenario.terms, secrets), guestsWelcome: scenario.guests, wall: realWorld.wall },
      onGuest: async (id) => onGuest(id),
    });
    return { url: brokerUrl, stop };
  }
  return startBroker({
    ...{ market: scenario.terms.market, host: options.host, port: options.mqttPort },
    insidePort: isReachedOnLoopback(options.host) ? undefined : 0,
    accounts: options.isWatched
      ? accountsOf(scenario.terms, secrets).map(seeingAll)
      : accountsOf(scenario.terms, secrets),
    ...{ guestsWelcome: scenario.guests, limits: unratedLimits },
    threadFile: `${options.distFolder}/broker-thread.js`,
    ...{ onGuest, onCrash },
    onRefused,
  });
}

function seeingAll(account: Account): Account {
  return account.standing.kind === "observer" ? { ...account, standing: { kind: "observer", seesAll: true } } : account;
}

/** Connects the market as a whole, to a broker on which nothing of an earlier run is left. @throws Error where it cannot connect */
export async function connectMarket(
  { brokerUrl, natsUrl, log }: Pick<SimulationBrokerOptions, "brokerUrl" | "natsUrl" | "log">,
  { url }: SimulationBroker,
  { market, calendar }: MarketTerms,
  secrets: Secrets,
  hears: Pick<ConnectionOptions, "onMessage" | "onConnect">,
): Promise<Connection> {
  const login = { url, username: "market", password: secrets.passwordOf("market") };
  if (brokerUrl !== undefined) {
    await clearRetained({ ...login, market, connect: openConnection, wall: realWorld.wall }).catch((error: Error) => {
      throw natsUrl === undefined ? withRemedy(error) : error;
    });
  }
  return openConnection({
    ...{ ...login, clientId: "market", ...hears },
    will: { topic: topicsOf(market).public("status"), payload: JSON.stringify(goneStatus(calendar.startMs)) },
    onError: (error) => log.warn("trouble with the broker", { error: error.message }),
  });
}

/** A NATS server that nobody answers refuses as one does that does not know the password. */
function withRemedy(error: Error): Error {
  if (!/not authorized|bad username or password/i.test(error.message)) return error;
  const remedy = "a NATS server needs --nats as well, any broker the passwords of this --state";
  return new Error(`${error.message}; ${remedy}`, { cause: error });
}
