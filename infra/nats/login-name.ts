/**
 * The name that a login has on a NATS server: its user name, and a mark of what it came in with and what it may do. So the server's list of
 * connections says which of them are as they would be let in now, also to a market that was away meanwhile.
 *
 * The mark is keyed by the market's own secret: it tells nobody a password.
 */
import { createHmac } from "node:crypto";
import type { Account } from "../mqtt/accounts.js";
import { natsPermissions } from "./nats-access.js";

const markBytes = 16;

/** @param secret the same at every start @returns `<user name>.<mark>`, another one once the key or the permissions are others */
export function loginName(market: string, account: Account, secret: Buffer): string {
  const { username, password, key, standing } = account;
  const cameWith = key === undefined ? { password } : { key: key.hashBase64 };
  const text = JSON.stringify([market, username, cameWith, natsPermissions(market, standing)]);
  const mark = createHmac("sha256", secret).update(text).digest().subarray(0, markBytes);
  return `${username}.${mark.toString("base64url")}`;
}

/** Whose login it is: no user name holds a dot. */
export function ownerOfName(name: string): string {
  return name.split(".")[0] ?? "";
}
