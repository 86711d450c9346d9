/**
 * Keeps the door of a NATS server: answers its auth callout, and cuts live connections off by the system account's KICK. Nothing is reloaded.
 *
 * While the market is away nobody is let in, and who is in stays. A market that starts cuts everybody: keys may have changed meanwhile.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";
import { readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import type { OutsideBroker, OutsideBrokerOptions } from "../brokers/outside-broker.js";
import { Accounts } from "../mqtt/accounts.js";
import { createKeyQueue } from "../mqtt/key-queue.js";
import { brokerLimits } from "../mqtt/limits.js";
import { marketAccount, natsCallout, type ServerConnection } from "./nats-callout.js";
import type { NatsKeys } from "./nats-keys.js";
import { readRequest } from "./nats-token.js";

export interface NatsBrokerOptions extends OutsideBrokerOptions {
  /** `nats://host:port` of the server, or of one of a cluster. */
  readonly url: string;
  readonly keys: NatsKeys;
  readonly guestsWelcome: boolean;
  readonly onGuest: (id: string, password: string) => Promise<void>;
  readonly wall: Clock;
  readonly log: Log;
}

const asked = "$SYS.REQ.USER.AUTH";
const longestListMs = 2000;
/** A login that was granted so long before may not be in the server's list yet. */
const onTheWayMs = 1000;

const listOfConnections = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({ connections: z.array(z.object({ cid: z.number() })).default([]) }),
});

/** Resolves once logins are answered. @throws Error where the server is not there, or not configured for this market. */
export async function openNatsBroker(options: NatsBrokerOptions): Promise<OutsideBroker> {
  const { url, keys, wall, log } = options;
  const { connect, createInbox, nkeyAuthenticator } = await import("@nats-io/transport-node"); // late: most markets have none
  const granted = new Set<{ readonly username: string; readonly connection: ServerConnection }>();
  const accounts = new Accounts(options.accounts, options.guestsWelcome, brokerLimits.longestClientIdBytes);
  const answer = natsCallout({
    ...{ market: options.market, accounts, issuer: keys.issuer, onGuest: options.onGuest },
    keys: createKeyQueue(brokerLimits, {
      now: () => wall.now(),
      wait: (delayMs) => new Promise((resolve) => void wall.setTimeout(resolve, delayMs)),
    }),
    onRefused: (what, reason) => log.warn(`refused ${what}: ${reason}`),
    onGranted(username, connection) {
      const grant = { username, connection };
      granted.add(grant);
      wall.setTimeout(() => granted.delete(grant), onTheWayMs);
    },
    now: () => Math.floor(wall.now() / 1000),
  });
  const server = await connect({
    ...{ servers: [url], authenticator: nkeyAuthenticator(keys.user.seed), name: "elecbay" },
    ...{ maxReconnectAttempts: -1, reconnectTimeWait: 250, waitOnFirstConnect: false },
  }).catch((error: unknown) => {
    throw new Error(`the market cannot connect to ${url}: ${error instanceof Error ? error.message : String(error)}`);
  });
  server.subscribe(asked, {
    callback(_error, message) {
      Promise.resolve()
        .then(() => readRequest(message.string(), keys.serverKey))
        .then(answer)
        .then(
          (token) => void message.respond(token),
          (error: unknown) => log.warn("a login at the broker could not be decided", { reason: String(error) }),
        );
    },
  });

  /** Whose connections are to end and may not have yet: when a server that was away is back, it is told again. */
  const cuts = new Set<string>();
  let isThere = true;

  function cut(username: string): void {
    cuts.add(username);
    kickAll(username);
    // Those alone: whoever comes now has the new key.
    const onTheWay = [...granted].filter((grant) => grant.username === username);
    wall.setTimeout(() => {
      for (const { connection } of onTheWay) kick(connection);
      if (isThere) cuts.delete(username);
    }, onTheWayMs);
  }

  function kick({ serverId, cid }: ServerConnection): void {
    if (server.isClosed()) return;
    // Without somewhere to answer to the server does nothing; what it answers is that there is none of this number, at most.
    server.publish(`$SYS.REQ.SERVER.${serverId}.KICK`, JSON.stringify({ cid }), { reply: createInbox() });
  }

  /** Every server of a cluster lists the connections of this user, or of all; each that is listed is cut. */
  function kickAll(username: string | undefined): void {
    if (server.isClosed()) return;
    const inbox = createInbox();
    const list = server.subscribe(inbox, {
      callback(_error, message) {
        const parsed = listOfConnections.safeParse(readJson(message.string()));
        for (const { cid } of parsed.data?.data.connections ?? [])
          kick({ serverId: parsed.data?.server.id ?? "", cid });
      },
    });
    const who = username === undefined ? {} : { user: username };
    server.publish("$SYS.REQ.SERVER.PING.CONNZ", JSON.stringify({ auth: true, acc: marketAccount, ...who }), {
      reply: inbox,
    });
    wall.setTimeout(() => {
      if (!server.isClosed()) list.unsubscribe();
    }, longestListMs);
  }

  void followed(server, (isBack) => {
    isThere = isBack;
    if (!isBack) return log.warn("the market lost the NATS server and connects again");
    for (const username of cuts) cut(username);
  });
  kickAll(undefined);
  await server.flush();
  return {
    setAccount(account, isCut) {
      accounts.set(account);
      if (isCut) cut(account.username);
    },
    giveKey: () => Promise.resolve(), // a hash is all it needs
    stop: () => server.close(),
  };
}

async function followed(server: NatsConnection, onChange: (isThere: boolean) => void): Promise<void> {
  for await (const { type } of server.status()) {
    if (type === "disconnect") onChange(false);
    if (type === "reconnect") onChange(true);
  }
}
