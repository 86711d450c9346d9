/**
 * The file of Mosquitto's dynamic security plugin, made anew from a market's accounts: the broker starts on it and everybody's key opens.
 *
 * Keys stand in it as the registrar keeps them (PBKDF2-SHA512 with salt and iterations), passwords that the market made are hashed likewise.
 */
import { createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import type { KeyHash } from "../../market/rules/account.js";
import { topicsOf } from "../../shared/topics.js";
import type { Account } from "../mqtt/accounts.js";
import { boundClientId, defaultAccess, pluginRole, roleName } from "./plugin-access.js";

/** Who drives the plugin. A dot: nobody can be registered so. */
export const adminName = "broker.admin";

const adminRole = {
  rolename: "admin",
  acls: ["publishClientSend", "publishClientReceive", "subscribePattern"].map((acltype) => ({
    ...{ acltype, topic: "$CONTROL/dynamic-security/#", allow: true },
  })),
};
/** Who does not log in, where the broker's configuration allows it. */
const strangers = "strangers";
/** Of the plugin itself: passwords of 256 random bits need no more. */
const iterations = 101;

/** @param accounts each user name once */
export function pluginFile(market: string, accounts: readonly Account[], adminPassword: string): string {
  const roles = new Map(accounts.map(({ standing }) => [roleName(standing), pluginRole(market, standing)]));
  const observer = pluginRole(market, { kind: "observer" });
  roles.set(observer.rolename, observer);
  const file = {
    defaultACLAccess: defaultAccess,
    clients: [
      { username: adminName, ...hashFields(hashed(adminPassword)), roles: [{ rolename: adminRole.rolename }] },
      ...accounts.map((account) => ({
        ...clientFields(market, account),
        ...hashFields(account.key ?? hashed(passwordOf(account))),
      })),
    ],
    groups: [{ groupname: strangers, roles: [{ rolename: observer.rolename }], clients: [] }],
    roles: [adminRole, ...roles.values()],
    anonymousGroup: strangers,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** What the plugin knows of an account besides its password, alike in its file and in its commands. */
export function clientFields(market: string, account: Account) {
  const clientid = boundClientId(account);
  return {
    username: account.username,
    ...(clientid === undefined ? {} : { clientid }),
    textname: ownerText(market),
    textdescription: fingerprint(account),
    roles: [{ rolename: roleName(account.standing), priority: 0 }],
  };
}

/** Marks the clients that a market keeps: others of the same broker are left alone. */
export function ownerText(market: string): string {
  return topicsOf(market).prefix;
}

/** An account without a password, the observer's, has its name for one: the plugin lets nobody in without. */
export function passwordOf({ username, password }: Account): string {
  return password ?? username;
}

/** Tells one key from the next, and tells nothing of it: the plugin shows no hashes. */
export function fingerprint(account: Account): string {
  const { key } = account;
  const kept = key === undefined ? passwordOf(account) : `${key.saltBase64}$${key.hashBase64}`;
  return createHash("sha256").update(`${account.username}:${kept}`).digest("base64url").slice(0, 22);
}

function hashFields({ saltBase64, hashBase64, iterations: rounds }: KeyHash) {
  return { password: hashBase64, salt: saltBase64, iterations: rounds };
}

function hashed(password: string): KeyHash {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, iterations, 64, "sha512");
  return { iterations, saltBase64: salt.toString("base64"), hashBase64: hash.toString("base64") };
}
