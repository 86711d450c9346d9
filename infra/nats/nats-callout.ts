/**
 * Answers a NATS server that asks who may come in: by the accounts that the embedded broker would ask, with the permissions of each.
 *
 * The client id must be the user's own, as everywhere. Only MQTT is let in. Nothing is sent here.
 */
import type { Account, Accounts } from "../mqtt/accounts.js";
import { BusyError, type KeyQueue } from "../mqtt/key-queue.js";
import { natsPermissions } from "./nats-access.js";
import { type AuthorizationRequest, type SigningKey, writeToken } from "./nats-token.js";

/** The server's account that all of a market are in. */
export const marketAccount = "MARKET";

export interface NatsCalloutOptions {
  readonly market: string;
  readonly accounts: Accounts;
  readonly keys: KeyQueue;
  readonly issuer: SigningKey;
  /** Resolves once the market knows the new guest. @throws Error saying why it may not come in */
  readonly onGuest: (id: string, password: string) => Promise<void>;
  readonly onRefused: (what: string, reason: string) => void;
  /** What the login of an account is called on the server. */
  readonly nameOf: (account: Account) => string;
  /** Unix time in seconds. */
  readonly now: () => number;
}

/** @returns how to answer a request: a signed token that lets the client in, or says that it may not. */
export function natsCallout(options: NatsCalloutOptions): (request: AuthorizationRequest) => Promise<string> {
  const { market, accounts, keys, issuer, now } = options;

  /** @returns the user's token. @throws Error saying why not */
  async function admit({ user_nkey, client_info, connect_opts }: AuthorizationRequest): Promise<string> {
    const { host, type, mqtt_id: clientId = "" } = client_info;
    if (type !== "mqtt") throw new Error(`it speaks ${type ?? "something else"}, not MQTT`);
    const login = { username: connect_opts.user, password: connect_opts.pass, clientId };
    const compare = (compared: () => Promise<boolean>) => keys.compare(host, compared);
    let result = await accounts.login(login, compare);
    if (result.ok && result.isNewGuest) {
      const { username } = result;
      await options.onGuest(username, login.password ?? "").catch((error: unknown) => {
        accounts.turnAway(username);
        throw error;
      });
      result = await accounts.login(login, compare); // by the account that it has from now on
    }
    if (!result.ok) {
      keys.failed(host);
      await keys.penance(host);
      throw new Error(result.reason);
    }
    const { pub, sub } = natsPermissions(market, result.account.standing);
    const unlimited = { subs: -1, data: -1, payload: -1 };
    const user = { ...{ pub, sub, ...unlimited }, type: "user", version: 2 };
    const claims = { aud: marketAccount, sub: user_nkey, name: options.nameOf(result.account), nats: user };
    return writeToken(claims, issuer, now());
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
