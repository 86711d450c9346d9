/**
 * Keeps the accounts of a Mosquitto broker by its dynamic security plugin: what the market decides holds there at once, and again after the
 * broker was away. Nothing is reloaded.
 *
 * The plugin hashes keys itself and shows no hashes; a mark beside each client says which key it has. Whose key changed is locked out until
 * the new one is told, also when market or broker were down in between.
 */
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import type { Connect } from "../mqtt/connection.js";
import type { OutsideBroker, OutsideBrokerOptions } from "./outside-broker.js";
import { defaultAccess, type PluginRole, pluginRole, roleName } from "./plugin-access.js";
import { lockCommands, type PluginClient, roleCommands, tellingOf } from "./plugin-commands.js";
import { openPluginDesk } from "./plugin-desk.js";
import type { UntoldKeys } from "./untold-keys.js";

export interface MosquittoBrokerOptions extends OutsideBrokerOptions {
  readonly url: string;
  readonly adminPassword: string;
  readonly connect: Connect;
  readonly wall: Pick<Clock, "setTimeout" | "clearTimeout">;
  readonly log: Log;
  /** Keys of before that it may not have been told; undefined: none are kept. */
  readonly untold?: UntoldKeys;
}

const defaultRules = {
  command: "setDefaultACLAccess",
  acls: Object.entries(defaultAccess).map(([acltype, allow]) => ({ acltype, allow })),
};
/** In a warning. */
const mostNamed = 10;

/** Resolves once every account that can be is told. @throws NoPluginError where it has no such plugin, or another administrator; Error where it is not there. */
export async function openMosquittoBroker(options: MosquittoBrokerOptions): Promise<OutsideBroker> {
  const { market, log } = options;
  const accounts = new Map(options.accounts.map((account) => [account.username, account]));
  /** Keys that the broker has not confirmed yet. */
  const keys = new Map(await options.untold?.holding(options.accounts));
  let clients = new Map<string, PluginClient>();
  let roles = new Map<string, PluginRole>();
  const desk = await openPluginDesk({
    ...options,
    password: options.adminPassword,
    onBack: () => void inTurn(bringAll),
  });
  /** One telling after the other. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn(tell: () => Promise<void>): Promise<void> {
    const turn = last.then(tell).catch((error: unknown) => {
      log.warn("the broker was not told of an account; it is, as soon as it is back", { reason: String(error) });
    });
    last = turn;
    return turn;
  }

  async function tell(commands: Parameters<typeof desk.tell>[0]): Promise<void> {
    for (const refusal of await desk.tell(commands)) log.warn(`the broker's plugin refused: ${refusal}`);
  }

  async function bringAll(): Promise<void> {
    clients = new Map(await desk.clients());
    roles = new Map(await desk.roles());
    await tell([defaultRules]);
    const lockedOut: string[] = [];
    for (const username of accounts.keys()) if (await bring(username)) lockedOut.push(username);
    for (const [username, client] of clients) if (!accounts.has(username)) await tell(lockCommands(username, client));
    if (lockedOut.length === 0) return;
    const some = lockedOut.slice(0, mostNamed).join(", ") + (lockedOut.length > mostNamed ? " and others" : "");
    const remedy = "renew their keys, or write the broker's file anew (elecbay broker-files)";
    log.warn(`${lockedOut.length} registered elsewhere cannot log in at the broker: ${some}; ${remedy}`);
  }

  /** @returns whether it stays locked out */
  async function bring(username: string): Promise<boolean> {
    const account = accounts.get(username);
    if (account === undefined) return false;
    const name = roleName(account.standing);
    const key = keys.get(username);
    const telling = tellingOf(market, { account, key }, clients.get(username));
    await tell([...roleCommands(market, account, roles.get(name)), ...telling.commands]);
    roles.set(name, pluginRole(market, account.standing));
    if (telling.client !== undefined) clients.set(username, telling.client);
    if (telling.isLockedOut || key === undefined) return telling.isLockedOut;
    options.untold?.drop(username, key);
    if (keys.get(username) === key) keys.delete(username);
    return telling.isLockedOut;
  }

  try {
    await bringAll();
  } catch (error) {
    await desk.end();
    throw error;
  }
  return {
    // Whose key is new is disabled, which ends its live connections, until the key itself is told. What a role allows changes under it.
    setAccount(account) {
      const before = accounts.get(account.username);
      accounts.set(account.username, account);
      if (before?.key?.hashBase64 !== account.key?.hashBase64) keys.delete(account.username);
      void inTurn(async () => void (await bring(account.username)));
    },
    noteKey: (username, key) => options.untold?.keep(username, key),
    giveKey(username, key) {
      keys.set(username, key);
      return inTurn(async () => void (await bring(username)));
    },
    async stop() {
      await last;
      await desk.end();
    },
  };
}
