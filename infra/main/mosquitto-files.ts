/**
 * What a Mosquitto broker reads: the file of its dynamic security plugin, which the market then keeps while both run; and for a broker
 * without the plugin a password file and an access list, which know who has registered meanwhile at their next writing.
 *
 * Passwords in Mosquitto's form `$7$iterations$salt$hash` (PBKDF2-SHA512). Participants are covered by patterns with `%u`,
 * each of the market's processes by its own write list. Guests: `guest1` … have accounts, with their name as password.
 */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import type { KeyHash, Account as RegisteredAccount } from "../../market/rules/account.js";
import type { MarketTerms } from "../../market/terms.js";
import { inTopics, topicsOf } from "../../shared/topics.js";
import { adminName, pluginFile } from "../brokers/plugin-file.js";
import { accessOf, operatorWrites, writeLists } from "../mqtt/access.js";
import { outsideAccountsOf } from "./accounts.js";
import type { Secrets } from "./secrets.js";

const iterations = 10_000;

export interface MosquittoFiles {
  readonly passwords: string;
  readonly access: string;
  /** For the plugin, instead of the two others. */
  readonly plugin: string;
}

/** @param registered accounts as the registrar has them */
export function mosquittoFiles(
  terms: MarketTerms,
  guestsWelcome: boolean,
  secrets: Secrets,
  registered: readonly RegisteredAccount[] = [],
): MosquittoFiles {
  const accounts = outsideAccountsOf(terms, guestsWelcome, secrets, registered);
  const lines = accounts.map(({ username, password, key }) =>
    key === undefined ? `${username}:${hashed(password ?? username)}` : `${username}:${hashText(key)}`,
  );
  return {
    passwords: `${lines.join("\n")}\n`,
    access: accessList(terms.market),
    plugin: pluginFile(terms.market, accounts, secrets.passwordOf(adminName)),
  };
}

function hashed(password: string): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, iterations, 64, "sha512");
  return hashText({ iterations, saltBase64: salt.toString("base64"), hashBase64: hash.toString("base64") });
}

function hashText({ iterations: rounds, saltBase64, hashBase64 }: KeyHash): string {
  return `$7$${rounds}$${saltBase64}$${hashBase64}`;
}

const inspectAccess = accessOf({ kind: "inspect" });

function accessList(market: string): string {
  const { prefix } = topicsOf(market);
  const lines = [
    "# Everybody reads what is public: first who has not logged in, then who has.",
    `topic read ${prefix}/public/#`,
    `pattern read ${prefix}/public/#`,
    "",
    "# Each participant: its own commands, its own private topics.",
    ...inTopics.map((name) => `pattern write ${prefix}/in/%u/${name}`),
    `pattern read ${prefix}/private/%u/#`,
    "",
    "user market",
    `topic readwrite ${prefix}/#`,
    "",
    "user operator",
    `topic read ${prefix}/#`,
    ...operatorWrites.map((path) => `topic write ${prefix}/${path}`),
    "",
    "user inspect",
    ...inspectAccess.reads.map((path) => `topic read ${prefix}/${path}`),
    ...inspectAccess.writes.map((path) => `topic write ${prefix}/${path}`),
  ];
  for (const [role, paths] of Object.entries(writeLists)) {
    lines.push("", `user ${role}`, `topic read ${prefix}/#`);
    const own = [`manage/status/${role}`, `manage/ack/${role}`, ...paths];
    // At its start the supervisor clears what no journal vouches for.
    for (const path of role === "supervisor" ? ["#"] : own) lines.push(`topic write ${prefix}/${path}`);
  }
  return `${lines.join("\n")}\n`;
}
