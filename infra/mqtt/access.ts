/**
 * The access list of contract.md: who may write and who may read what. Everything else is denied, so are wider wildcards.
 *
 * Who is who comes from the login; a participant is its user name.
 */
import { sentTo, topicParts } from "../../shared/topics.js";

export type Standing =
  /** A participant: writes below its own `in/<id>`, reads what is public and its own; a gateway also what is private to those under it. */
  | { readonly kind: "participant"; readonly id: string; readonly under?: readonly string[] }
  /** `seesAll`: reads everything, as on one's own machine in a simulation that is watched. */
  | { readonly kind: "observer"; readonly seesAll?: true }
  /** Reads everything, writes what it asks of the market. */
  | { readonly kind: "operator" }
  /** Tells operators what actors do, for every process that runs some. */
  | { readonly kind: "inspect" }
  /** One of the market's processes: its own write list, reads the whole market. */
  | { readonly kind: "process"; readonly role: string }
  /** The lockstep market, whose processes share one connection. */
  | { readonly kind: "market" };

/** Topics below `elecbay/<m>/` that each process writes; `+` stands for one level. */
export const writeLists: Readonly<Record<string, readonly string[]>> = {
  clock: ["public/clock"],
  supervisor: ["public/market-info", "public/market-state", "public/status", "private/+/replies", "manage/members"],
  bidding: [
    ...[
      "public/items/+",
      "public/items-delta/+",
      "public/book/+",
      "public/trades/+",
      "public/results/+",
      "public/price",
    ],
    ...["private/+/replies", "private/+/fills", "private/+/orders", "private/+/contracts/+"],
    ...["manage/check/+", "manage/contracts/+", "manage/payouts"],
  ],
  exchange: ["public/energy", "private/+/replies", "manage/metered/+"],
  settlement: [
    ...[
      "public/kpi",
      "public/statement-head",
      "private/+/tariff",
      "private/+/statement",
      "private/+/bills/+",
      "private/+/replies",
    ],
    ...["manage/grants", "manage/booked"],
  ],
  dso: ["public/network", "manage/limits/+"],
  supplier: ["manage/tariffs"],
  environment: ["public/solar-output", "public/solar-forecast", "public/consumption-curve"],
  api: ["manage/accounts", "manage/supply", "manage/payments", "in/+/items", "in/+/orders", "in/+/meter"],
};

/** What the operator writes below `elecbay/<m>/`. */
export const operatorWrites: readonly string[] = ["manage/control", "manage/inspect", "manage/inspect-send"];

/** What somebody may do below `elecbay/<m>/`: filters in which `+` stands for one level, `#` at the end for all that follows. */
export interface AccessRules {
  readonly writes: readonly string[];
  /** A subscription is granted that asks for no more than one of these. */
  readonly reads: readonly string[];
  /** Where it may also clear what is retained. Brokers that cannot tell clearing from writing let it write there. */
  readonly clears: readonly string[];
}

/** The access list as data: what the guards of the embedded broker and the forms of outside brokers are made from. */
export function accessOf(standing: Standing): AccessRules {
  switch (standing.kind) {
    case "market":
      return { writes: ["#"], reads: ["#"], clears: [] };
    case "observer":
      return { writes: [], reads: [standing.seesAll === true ? "#" : "public/#"], clears: [] };
    case "operator":
      return { writes: operatorWrites, reads: ["#"], clears: [] };
    case "inspect":
      return {
        writes: ["inspect/#", "manage/inspecting/+", "manage/inspect", "manage/inspect-gone/+"],
        reads: ["manage/inspect", "manage/inspect-send", "manage/inspect-gone/+"],
        clears: [],
      };
    case "participant":
      // A wrong name below in/<id> is let through: the market counts and logs it.
      return {
        writes: [`in/${standing.id}/+`],
        reads: ["public/#", ...[standing.id, ...(standing.under ?? [])].map((id) => `private/${id}/#`)],
        clears: [],
      };
    case "process": {
      const { role } = standing;
      return {
        writes: [`manage/status/${role}`, `manage/ack/${role}`, ...(writeLists[role] ?? [])],
        reads: ["#"],
        // At its start the supervisor clears what no journal vouches for, and what somebody retained under in/#.
        clears: role === "supervisor" ? ["#"] : [],
      };
    }
  }
}

/** Whether a message may be published. `clears`: it is retained and empty. */
export function mayPublish(
  market: string,
  standing: Standing,
  topic: string,
  retain: boolean,
  clears: boolean,
): boolean {
  const parts = topicParts(market, topic);
  if (parts === undefined) return false;
  const path = [parts.area, ...parts.levels];
  const rules = levelsOf(standing);
  if (clears && rules.clears.some((filter) => covers(filter, path))) return true;
  // No command waits on the broker: a participant's loses its mark, those of others are refused.
  const isCommand = parts.area === "in" || (parts.area === "manage" && passing.has(parts.levels[0] ?? ""));
  if (retain && isCommand && (standing.kind === "process" || standing.kind === "operator")) return false;
  return rules.writes.some((filter) => covers(filter, path));
}

/** What the operator says once, below `manage/`. */
const passing: ReadonlySet<string> = new Set(["control", "inspect-send"]);

/** Whether the broker keeps a message for those who come later: of what participants send, their status alone. */
export function mayRetain(market: string, topic: string): boolean {
  const sent = sentTo(market, topic);
  return sent === undefined || sent.name === "status";
}

/** Whether a subscription may be made. */
export function maySubscribe(market: string, standing: Standing, filter: string): boolean {
  const [root, name, ...levels] = filter.split("/");
  if (root !== "elecbay" || name !== market) return false;
  return levelsOf(standing).reads.some((allowed) => covers(allowed, levels));
}

type Levels = readonly (readonly string[])[];
type RuleLevels = { readonly [Key in keyof AccessRules]: Levels };

/** Taken apart once for each login: every message is held against them. */
const levelsFound = new WeakMap<Standing, RuleLevels>();

function levelsOf(standing: Standing): RuleLevels {
  const found = levelsFound.get(standing);
  if (found !== undefined) return found;
  const { writes, reads, clears } = accessOf(standing);
  const apart = (filters: readonly string[]): Levels => filters.map((filter) => filter.split("/"));
  const rules = { writes: apart(writes), reads: apart(reads), clears: apart(clears) };
  levelsFound.set(standing, rules);
  return rules;
}

/** Whether all that `asked` (a topic or a filter) stands for is within `allowed`. */
function covers(allowed: readonly string[], asked: readonly string[]): boolean {
  for (const [i, level] of allowed.entries()) {
    if (level === "#") return true;
    const given = asked[i];
    if (given === undefined || given === "#" || (level === "+" ? given === "" : given !== level)) return false;
  }
  return asked.length === allowed.length;
}
