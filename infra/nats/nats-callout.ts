/**
 * Answers a NATS server that asks who may come in: by the accounts that the embedded broker would ask, with the permissions of each.
 *
 * The client id must be the user's own, as everywhere. Only MQTT is let in. Nothing is sent here.
 */
import type { Accounts } from "../mqtt/accounts.js";
import { BusyError, type KeyQueue } from "../mqtt/key-queue.js";
import { natsPermissions } from "./nats-access.js";
import { type AuthorizationRequest, type SigningKey, writeToken } from "./nats-token.js";

/** The server's account that all of a market are in. */
export const marketAccount = "MARKET";

/** A client's connection, as its server numbers it. */
export interface ServerConnection {
  readonly serverId: string;
  readonly cid: number;
}

export interface NatsCalloutOptions {
  readonly market: string;
  readonly accounts: Accounts;
  readonly keys: KeyQueue;
  readonly issuer: SigningKey;
  /** Resolves once the market knows the new guest. @throws Error saying why it may not come in */
  readonly onGuest: (id: string, password: string) => Promise<void>;
  readonly onRefused: (what: string, reason: string) => void;
  /** The client is let in by the answer that follows. */
  readonly onGranted: (username: string, connection: ServerConnection) => void;
  /** Unix time in seconds. */
  readonly now: () => number;
}

/** @returns how to answer a request: a signed token that lets the client in, or says that it may not. */
export function natsCallout(options: NatsCalloutOptions): (request: AuthorizationRequest) => Promise<string> {
  const { market, accounts, keys, issuer, now } = options;

  /** @returns the user's token. @throws Error saying why not */
  async function admit({ user_nkey, server_id, client_info, connect_opts }: AuthorizationRequest): Promise<string> {
    const { host, type, mqtt_id: clientId = "" } = client_info;
    if (type !== "mqtt") throw new Error(`it speaks ${type ?? "something else"}, not MQTT`);
    const login = { username: connect_opts.user, password: connect_opts.pass, clientId };
    const connection = { serverId: server_id.id, cid: client_info.id };
    const compare = (compared: () => Promise<boolean>) => keys.compare(host, compared);
    const result = await accounts.login(login, compare).then((found) => {
      if (found.ok) options.onGranted(found.username, connection);
      return found;
    });
    if (!result.ok) {
      keys.failed(host);
      await keys.penance(host);
      throw new Error(result.reason);
    }
    if (result.isNewGuest)
      await options.onGuest(result.username, login.password ?? "").catch((error: unknown) => {
        accounts.turnAway(result.username);
        throw error;
      });
    const { pub, sub } = natsPermissions(market, result.standing);
    const unlimited = { subs: -1, data: -1, payload: -1 };
    const user = { ...{ pub, sub, ...unlimited }, type: "user", version: 2 };
    return writeToken({ aud: marketAccount, sub: user_nkey, name: result.username, nats: user }, issuer, now());
  }

  return async (request) => {
    const { user_nkey, server_id, connect_opts } = request;
    const answer = await admit(request).then(
      (jwt) => ({ jwt }),
      (error: Error) => {
        if (!(error instanceof BusyError))
          options.onRefused(`login as ${connect_opts.user ?? "nobody"}`, error.message);
        return { error: "not authorised" }; // why stands in the market's log, not in the server's
      },
    );
    const nats = { ...answer, type: "authorization_response", version: 2 };
    return writeToken({ aud: server_id.id, sub: user_nkey, nats }, issuer, now());
  };
}
