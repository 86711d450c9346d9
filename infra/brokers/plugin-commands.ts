/** What the dynamic security plugin has to be told so that it knows an account as the market does. Nothing is sent here. */
import type { Account } from "../mqtt/accounts.js";
import { type PluginRole, pluginRole } from "./plugin-access.js";
import { clientFields, fingerprint, passwordOf } from "./plugin-file.js";

export type PluginCommand = { readonly command: string } & Readonly<Record<string, unknown>>;

/** A client as the plugin has it. */
export interface PluginClient {
  readonly fingerprint: string | undefined;
  readonly clientId: string | undefined;
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

export interface WantedClient {
  readonly account: Account;
  /** What its key hash was made of, while somebody knows it. */
  readonly key: string | undefined;
}

export interface Telling {
  readonly commands: readonly PluginCommand[];
  /** As the plugin has it afterwards; undefined: it still does not know it. */
  readonly client: PluginClient | undefined;
  /** Its key is known to nobody any more: until it is renewed, or the file made anew, it does not open. */
  readonly isLockedOut: boolean;
}

/** An account that is suspended keeps its login, as with the embedded broker: the market's door answers it. */
export function tellingOf(market: string, { account, key }: WantedClient, known: PluginClient | undefined): Telling {
  const { username } = account;
  const print = fingerprint(account);
  const password = account.key === undefined ? passwordOf(account) : key;
  const fields = clientFields(market, account);
  const wanted: PluginClient = {
    ...{ fingerprint: print, clientId: fields.clientid, disabled: false },
    roles: fields.roles.map(({ rolename }) => rolename),
  };
  if (known?.fingerprint === print) {
    const change = sameDoor(known, wanted) ? [] : [{ command: "modifyClient", ...fields }];
    const opening = known.disabled ? [{ command: "enableClient", username }] : [];
    return { commands: [...change, ...opening], client: wanted, isLockedOut: false };
  }
  if (password === undefined) {
    const commands = known === undefined || known.disabled ? [] : [{ command: "disableClient", username }];
    return { commands, client: known === undefined ? known : { ...known, disabled: true }, isLockedOut: true };
  }
  const change = { command: known === undefined ? "createClient" : "modifyClient", ...fields, password };
  const commands = known?.disabled === true ? [change, { command: "enableClient", username }] : [change];
  return { commands, client: wanted, isLockedOut: false };
}

/** What somebody else holds as this market's, and this market does not: nobody comes in by it any more. */
export function lockCommands(username: string, { disabled }: PluginClient): readonly PluginCommand[] {
  return disabled ? [] : [{ command: "disableClient", username }];
}

/** The role of an account, made or put right where the plugin has it otherwise. */
export function roleCommands(market: string, { standing }: Account, known: PluginRole | undefined): PluginCommand[] {
  const role = pluginRole(market, standing);
  if (known === undefined) return [{ command: "createRole", ...role }];
  return rulesText(known) === rulesText(role) ? [] : [{ command: "modifyRole", ...role }];
}

function rulesText({ acls }: PluginRole): string {
  return acls
    .map(({ acltype, topic, allow }) => `${acltype} ${topic} ${allow}`)
    .sort()
    .join("\n");
}

function sameDoor(known: PluginClient, wanted: PluginClient): boolean {
  return known.clientId === wanted.clientId && known.roles.join() === wanted.roles.join();
}
