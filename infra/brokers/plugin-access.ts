/**
 * The access list in the form of Mosquitto's dynamic security plugin: one role of literal topics for each standing, a participant's being
 * its own (`%u` does not work there before 2.1).
 *
 * Who may subscribe may also receive. What the plugin cannot say: that a message may be published but not retained, and that a topic may
 * be cleared but not written; the supervisor clears what somebody retained as a command.
 */
import { topicsOf } from "../../shared/topics.js";
import { accessOf, type Standing } from "../mqtt/access.js";

export interface PluginRule {
  readonly acltype: "publishClientSend" | "publishClientReceive" | "subscribePattern";
  readonly topic: string;
  readonly allow: true;
}

export interface PluginRole {
  readonly rolename: string;
  readonly acls: readonly PluginRule[];
}

/** What holds where no role says anything: nothing is allowed but to unsubscribe. */
export const defaultAccess = {
  publishClientSend: false,
  publishClientReceive: false,
  subscribe: false,
  unsubscribe: true,
} as const;

export function pluginRole(market: string, standing: Standing): PluginRole {
  const { prefix } = topicsOf(market);
  const { writes, reads, clears } = accessOf(standing);
  const rules = (acltype: PluginRule["acltype"], filters: readonly string[]): PluginRule[] =>
    filters.map((filter) => ({ acltype, topic: `${prefix}/${filter}`, allow: true }));
  return {
    rolename: roleName(standing),
    acls: [
      ...rules("publishClientSend", [...writes, ...clears]),
      ...rules("publishClientReceive", reads),
      ...rules("subscribePattern", reads),
    ],
  };
}

/** The same whatever the market is called: a broker of this kind serves one market. */
export function roleName(standing: Standing): string {
  if (standing.kind === "participant") return `participant/${standing.id}`;
  return standing.kind === "process" ? `process/${standing.role}` : standing.kind;
}

/**
 * The one client id that an account is bound to. The plugin knows one literal id or any: a participant has one connection there, under its
 * id; the market's own processes, which have several, are bound by their secrets alone.
 */
export function boundClientId({ username, standing }: { username: string; standing: Standing }): string | undefined {
  return standing.kind === "participant" || standing.kind === "observer" ? username : undefined;
}
