/** The broker of a running market: its own, in a thread of this program, or one outside whose accounts the market keeps while it runs. */

import type { Log } from "../../market/ports.js";
import type { Account as RegisteredAccount } from "../../market/rules/account.js";
import { openMosquittoBroker } from "../brokers/mosquitto-broker.js";
import type { OutsideBroker } from "../brokers/outside-broker.js";
import { NoPluginError } from "../brokers/plugin-desk.js";
import { adminName } from "../brokers/plugin-file.js";
import { openUntoldKeys } from "../brokers/untold-keys.js";
import type { Certificate } from "../mqtt/broker-messages.js";
import type { Connect } from "../mqtt/connection.js";
import type { EmbeddedBroker } from "../mqtt/embedded-broker.js";
import { keepBroker } from "../mqtt/kept-broker.js";

import { type BrokerLimits, limitsAt } from "../mqtt/limits.js";
import { pipeToBroker } from "../mqtt/piped-broker.js";
import { openNatsBroker } from "../nats/nats-broker.js";
import { natsKeys } from "../nats/nats-keys.js";
import type { MarketMetrics } from "../observe/market-metrics.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { accountsOf, outsideAccountsOf } from "./accounts.js";
import { isReachedOnLoopback } from "./public-addresses.js";
import type { Secrets } from "./secrets.js";
import { realWorld } from "./world.js";

export interface MarketBrokerOptions {
  readonly scenario: Pick<LoadedScenario, "terms" | "guests">;
  /** An outside broker; undefined: the embedded one. */
  readonly brokerUrl: string | undefined;
  /** Where that broker, a NATS server, asks who may come in; undefined: it is none. */
  readonly natsUrl: string | undefined;
  readonly host: string;
  readonly tls: Certificate | undefined;
  readonly mqttPort: number;
  readonly distFolder: string;
  readonly secrets: Secrets;
  readonly stateFolder: string;
  /** As the registrar has them. */
  readonly registered: readonly RegisteredAccount[];
  /** @throws Error saying why it may not come in */
  readonly onGuest: (id: string, password: string) => Promise<void>;
  readonly onGivenUp: (error: unknown) => void;
  /** In the place of the program's own. */
  readonly limits: Partial<BrokerLimits>;
  readonly metrics: Pick<MarketMetrics, "broker">;
  /** Market time over wall time. */
  readonly speed: number;
  readonly log: Log;
}

/** `openStream`: for what comes over the REST side's port. */
export interface MarketBroker extends OutsideBroker, Pick<EmbeddedBroker, "openStream"> {
  readonly url: string;
  /** How the market's own connect to it. */
  readonly connect: Connect;
  /** Undefined where it is none of this program's. */
  readonly embedded: Pick<EmbeddedBroker, "port" | "pause" | "setCertificate"> | undefined;
}

/** @throws PortTakenError, or Error with what the platform says. */
export function openMarketBroker(options: MarketBrokerOptions): Promise<MarketBroker> {
  const { brokerUrl, natsUrl } = options;
  if (brokerUrl === undefined) return openEmbedded(options);
  const opening = natsUrl === undefined ? openMosquitto(brokerUrl, options) : openNats(natsUrl, options);
  return reachedAt(brokerUrl, opening, options);
}

/** The broker has no door of this program's: who comes over the REST side's port is piped to its own. */
async function reachedAt(
  url: string,
  opening: Promise<OutsideBroker>,
  options: MarketBrokerOptions,
): Promise<MarketBroker> {
  const broker = await opening;
  const pipe = pipeToBroker({
    ...{ url, limits: { ...limitsAt(options.speed), ...options.limits } },
    onRefused: (what, reason) => options.log.warn(`refused ${what}: ${reason}`),
  });
  return {
    ...{ ...broker, url, connect: realWorld.connect, embedded: undefined },
    openStream: pipe.openStream,
    async stop() {
      pipe.stop();
      await broker.stop();
    },
  };
}

async function openEmbedded(options: MarketBrokerOptions): Promise<MarketBroker> {
  const { scenario, host, tls, mqttPort, distFolder, secrets, registered, onGuest, onGivenUp, metrics, log } = options;
  const broker = await keepBroker({
    ...{ market: scenario.terms.market, host, tls, port: mqttPort, guestsWelcome: scenario.guests },
    insidePort: tls === undefined && isReachedOnLoopback(host) ? undefined : 0,
    accounts: accountsOf(scenario.terms, secrets, registered),
    threadFile: `${distFolder}/broker-thread.js`,
    onGuest,
    ...{ wall: realWorld.wall, log, onGivenUp },
    limits: { ...limitsAt(options.speed), ...options.limits },
    onRefused: (what, reason) => log.warn(`refused ${what}: ${reason}`),
    onCounts: (counts) => {
      metrics.broker(counts.connections, counts.refused);
      if (counts.untold > 0) log.warn(`the MQTT broker refused ${counts.untold} more within a second`, counts.refused);
    },
  });
  const { url, connect, setAccount, stop, openStream } = broker;
  return { url, connect, setAccount, stop, openStream, giveKey: () => Promise.resolve(), embedded: broker }; // a hash is all it needs
}

async function openNats(natsUrl: string, options: MarketBrokerOptions): Promise<OutsideBroker> {
  const { scenario, secrets, registered, onGuest, log } = options;
  return openNatsBroker({
    ...{ market: scenario.terms.market, url: natsUrl, keys: await natsKeys(secrets.seedOf), log },
    ...{ accounts: accountsOf(scenario.terms, secrets, registered), guestsWelcome: scenario.guests },
    ...{ onGuest, wall: realWorld.wall },
  });
}

async function openMosquitto(url: string, options: MarketBrokerOptions): Promise<OutsideBroker> {
  const { scenario, secrets, registered, log } = options;
  const accounts = outsideAccountsOf(scenario.terms, scenario.guests, secrets, registered);
  try {
    return await openMosquittoBroker({
      ...{ market: scenario.terms.market, url, accounts, adminPassword: secrets.passwordOf(adminName), log },
      ...{ connect: realWorld.connect, wall: realWorld.wall, untold: openUntoldKeys(options.stateFolder) },
    });
  } catch (error) {
    if (!(error instanceof NoPluginError)) throw error;
    const meaning =
      "who registers while the market runs is let in at the next writing of its files (elecbay broker-files)";
    log.info(`the market cannot keep the accounts of ${url}: ${meaning}`, { reason: error.message });
    return { setAccount() {}, giveKey: async () => {}, stop: async () => {} };
  }
}
