/**
 * Keeps the door of a NATS server: answers its auth callout, and cuts live connections off by the system account's KICK. Nothing is reloaded.
 *
 * While the market is away nobody is let in, and who is in stays. When it is back, those are cut whose login is not as it would be now: the
 * key may be another, or what the account may do, or there is no such account any more. Guests whom no registrar has noted are unknown then.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";
import { readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import type { OutsideBroker, OutsideBrokerOptions } from "../brokers/outside-broker.js";
import { type Account, Accounts } from "../mqtt/accounts.js";
import { createKeyQueue } from "../mqtt/key-queue.js";
import { brokerLimits } from "../mqtt/limits.js";
import { loginName, ownerOfName } from "./login-name.js";
import { marketAccount, natsCallout } from "./nats-callout.js";
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
/** The server lists 1,024 unless it is asked for more. */
const mostListed = 1_000_000;

const listOfConnections = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({
    connections: z.array(z.object({ cid: z.number(), authorized_user: z.string().default("") })).default([]),
  }),
});

/** Resolves once logins are answered. @throws Error where the server is not there, or not configured for this market. */
export async function openNatsBroker(options: NatsBrokerOptions): Promise<OutsideBroker> {
  const { url, keys, wall, log } = options;
  const { connect, createInbox, nkeyAuthenticator } = await import("@nats-io/transport-node"); // late: most markets have none
  const accounts = new Accounts(options.accounts, options.guestsWelcome, brokerLimits.longestClientIdBytes);
  const nameOf = (account: Account): string => loginName(options.market, account, keys.markSecret);
  const answer = natsCallout({
    ...{ market: options.market, accounts, issuer: keys.issuer, onGuest: options.onGuest, nameOf },
    keys: createKeyQueue(brokerLimits, {
      now: () => wall.now(),
      wait: (delayMs) => new Promise((resolve) => void wall.setTimeout(resolve, delayMs)),
    }),
    onRefused: (what, reason) => log.warn(`refused ${what}: ${reason}`),
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

  const isCurrent = (name: string): boolean => {
    const account = accounts.find(ownerOfName(name));
    return account !== undefined && name === nameOf(account);
  };

  function kick(serverId: string, cid: number): void {
    if (server.isClosed()) return;
    // Without somewhere to answer to the server does nothing; what it answers is that there is none of this number, at most.
    server.publish(`$SYS.REQ.SERVER.${serverId}.KICK`, JSON.stringify({ cid }), { reply: createInbox() });
  }

  /** Every server of a cluster lists who is connected; those are cut whose login is another by now. @param whose of everybody by default */
  function cutOutdated(whose?: string): void {
    if (server.isClosed()) return;
    const inbox = createInbox();
    const list = server.subscribe(inbox, {
      callback(_error, message) {
        const parsed = listOfConnections.safeParse(readJson(message.string()));
        for (const { cid, authorized_user: name } of parsed.data?.data.connections ?? [])
          if ((whose === undefined || ownerOfName(name) === whose) && !isCurrent(name))
            kick(parsed.data?.server.id ?? "", cid);
      },
    });
    const asking = { auth: true, acc: marketAccount, limit: mostListed };
    server.publish("$SYS.REQ.SERVER.PING.CONNZ", JSON.stringify(asking), { reply: inbox });
    wall.setTimeout(() => {
      if (!server.isClosed()) list.unsubscribe();
    }, longestListMs);
  }

  /** Who was let in a moment ago is cut too, once it is in the list. */
  function cut(username: string): void {
    cutOutdated(username);
    wall.setTimeout(() => cutOutdated(username), onTheWayMs);
  }

  void followed(server, (isBack) => {
    if (!isBack) return log.warn("the market lost the NATS server and connects again");
    cutOutdated(); // what was said meanwhile went nowhere
  });
  cutOutdated();
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
