/**
 * The access list of contract.md: who may write and who may read what. Everything else is denied, so are wider wildcards.
 *
 * Who is who comes from the login; a participant is its user name.
 */
import { sentTo, topicParts } from "../../shared/topics.js";

export type Standing =
  /** A participant: writes below its own `in/<id>`, reads what is public and its own. */
  | { readonly kind: "participant"; readonly id: string }
  | { readonly kind: "observer" }
  /** Reads everything, writes `manage/control`. */
  | { readonly kind: "operator" }
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
  api: ["manage/accounts", "manage/payments", "in/+/items", "in/+/orders", "in/+/meter"],
};

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
  const path = [parts.area, ...parts.levels].join("/");
  switch (standing.kind) {
    case "market":
      return true;
    case "observer":
      return false;
    case "operator":
      return path === "manage/control" && !retain;
    case "participant":
      // A wrong name below in/<id> is let through: the market counts and logs it.
      return parts.area === "in" && parts.levels[0] === standing.id && parts.levels.length === 2;
    case "process": {
      const { role } = standing;
      // At its start the supervisor clears what no journal vouches for, and what somebody retained under in/#.
      if (role === "supervisor" && clears) return true;
      if (parts.area === "in" && retain) return false; // no command waits on the broker
      if (path === `manage/status/${role}` || path === `manage/ack/${role}`) return true;
      return (writeLists[role] ?? []).some((pattern) => matches(pattern, path));
    }
  }
}

/** Whether the broker keeps a message for those who come later: of what participants send, their status alone. */
export function mayRetain(market: string, topic: string): boolean {
  const sent = sentTo(market, topic);
  return sent === undefined || sent.name === "status";
}

/** Whether a subscription may be made. */
export function maySubscribe(market: string, standing: Standing, filter: string): boolean {
  const [root, name, area, owner] = filter.split("/");
  if (root !== "elecbay" || name !== market) return false;
  switch (standing.kind) {
    case "market":
    case "process":
    case "operator":
      return true;
    case "observer":
      return area === "public";
    case "participant":
      return area === "public" || (area === "private" && owner === standing.id);
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const levels = path.split("/");
  return (
    wanted.length === levels.length &&
    wanted.every((level, i) => (level === "+" ? levels[i] !== "" : level === levels[i]))
  );
}
