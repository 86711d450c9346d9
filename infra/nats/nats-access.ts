/**
 * The access list in the form of NATS: subjects that a user may publish and subscribe, for its MQTT gateway.
 *
 * A topic is a subject with dots for slashes. What MQTT says with one `#` are two subjects there: what lies below, and the level itself. Who
 * subscribes at QoS 1 needs `$MQTT.sub.>` besides. An empty list would allow everything, so who may write nothing is denied everything.
 */
import { topicsOf } from "../../shared/topics.js";
import { accessOf, type Standing } from "../mqtt/access.js";

export interface NatsPermissions {
  readonly pub: { readonly allow: readonly string[]; readonly deny?: readonly string[] };
  readonly sub: { readonly allow: readonly string[]; readonly deny?: readonly string[] };
}

/** What the gateway itself delivers by, to subscribers at QoS 1. */
const deliveries = "$MQTT.sub.>";

export function natsPermissions(market: string, standing: Standing): NatsPermissions {
  const { prefix } = topicsOf(market);
  const { writes, reads, clears } = accessOf(standing);
  const subjects = (filters: readonly string[]): string[] =>
    filters.flatMap((filter) => subjectsOf(`${prefix}/${filter}`));
  const allowed = subjects([...writes, ...clears]);
  return {
    pub: allowed.length === 0 ? { allow: [], deny: [">"] } : { allow: allowed },
    sub: { allow: [...subjects(reads), deliveries] },
  };
}

/** Of an MQTT filter whose levels hold neither dots nor spaces. */
function subjectsOf(filter: string): string[] {
  const levels = filter.split("/").map((level) => (level === "+" ? "*" : level));
  if (levels.at(-1) !== "#") return [levels.join(".")];
  const above = levels.slice(0, -1).join(".");
  return [above, `${above}.>`];
}
