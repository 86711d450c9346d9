/**
 * The embedded broker, started again with back-off when its thread fails: on the same port, so that everybody finds it again.
 *
 * It comes back empty: the market sends again what is retained and what nobody has acknowledged, participants send again what nobody has
 * answered. Guests keep the passwords that they took their ids with.
 */
import { createActor } from "xstate";
import { alarmOn, type Clock } from "../../market/managers/alarm.js";
import { type RestartPolicy, restartMachine, restartPolicy } from "../../market/managers/supervisor/restart.machine.js";
import type { Log } from "../../market/ports.js";
import type { Account } from "./accounts.js";
import type { Connect } from "./connection.js";
import { type BrokerOptions, type EmbeddedBroker, startBroker } from "./embedded-broker.js";
import { createInsideConnections } from "./inside-connections.js";

export interface KeptBroker extends Omit<EmbeddedBroker, "tellInside"> {
  /** A connection of the market's own, which lasts from one life of the broker to the next. */
  readonly connect: Connect;
}

export interface KeptBrokerOptions extends Omit<BrokerOptions, "onCrash" | "onInside"> {
  readonly wall: Clock;
  readonly log: Log;
  /** It failed again and again: there is no broker any more. */
  readonly onGivenUp: (error: unknown) => void;
  readonly policy?: RestartPolicy;
}

/** @throws as `startBroker` does, where it cannot start the first time */
export async function keepBroker(options: KeptBrokerOptions): Promise<KeptBroker> {
  const { wall, log, onGivenUp, policy = restartPolicy, ...brokerOptions } = options;
  /** Guests, and who came or changed since the start. */
  const later = new Map<string, Account>();
  const inside = createInsideConnections();
  let ending = false;
  let lastError: unknown;
  let { port, insidePort, tls } = options;
  const start = (): Promise<EmbeddedBroker> =>
    startBroker({
      ...{ ...brokerOptions, port, insidePort, tls, accounts: [...options.accounts, ...later.values()] },
      onCrash: goDown,
      onInside: inside.take,
      async onGuest(id, password) {
        const account: Account = { username: id, password, standing: { kind: "participant", id } };
        later.set(id, account);
        try {
          await options.onGuest(id, password);
        } catch (error) {
          if (later.get(id) === account) later.delete(id);
          throw error;
        }
      },
    });
  const restarter = createActor(
    restartMachine.provide({
      actors: { alarm: alarmOn(wall) },
      actions: { restart: () => void bringBack(), tellGivenUp: () => onGivenUp(lastError) },
    }),
    { id: "restart-broker", input: { policy } },
  );
  let current = await start();
  inside.attach(current.tellInside);
  port = current.port;
  if (insidePort !== undefined) insidePort = current.insidePort;
  restarter.start();

  function goDown(error: unknown): void {
    if (ending) return;
    lastError = error;
    inside.detach();
    log.warn("the MQTT broker failed and is started again", { reason: String(error) });
    restarter.send({ type: "DOWN", cause: "actor", atMs: wall.now() });
  }

  async function bringBack(): Promise<void> {
    const [given, certificate] = [new Map(later), tls];
    try {
      const started = await start();
      if (ending) return void (await started.stop());
      // What has changed while it started.
      for (const [id, account] of later) if (given.get(id) !== account) started.setAccount(account, true);
      if (tls !== undefined && tls !== certificate) started.setCertificate(tls);
      current = started;
      inside.attach(started.tellInside);
      log.info(`the MQTT broker is back on port ${port}`);
      restarter.send({ type: "UP" });
    } catch (error) {
      goDown(error);
    }
  }

  return {
    port,
    insidePort: current.insidePort,
    url: current.url,
    connect: inside.connect,
    setAccount(account, cut) {
      later.set(account.username, account);
      current.setAccount(account, cut);
    },
    setCertificate(given) {
      tls = given;
      current.setCertificate(given);
    },
    pause: (forMs) => current.pause(forMs),
    openStream: (address, onMessage) => current.openStream(address, onMessage),
    async stop() {
      ending = true;
      restarter.stop();
      await current.stop();
    },
  };
}
