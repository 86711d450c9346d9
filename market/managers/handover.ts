/**
 * What the managers hand to each other, and to whom. They know each other only by these messages, so that each can run as
 * a process of its own: in lockstep they are handed over in memory, otherwise over the broker, numbered and acknowledged.
 */
import type {
  ManageAccounts,
  ManageBooked,
  ManageContracts,
  ManageControl,
  ManageGrants,
  ManageLimits,
  ManageMembers,
  ManageMetered,
  ManagePayments,
  ManagePayouts,
  ManageStatus,
  ManageSupply,
  ManageTariffs,
} from "../../shared/messages/manage.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { Topics } from "../../shared/topics.js";

/** The sender's half: the link adds `v`, `ts`, `n` and `previous`. */
type Body<M> = Omit<M, "v" | "ts" | "n" | "previous">;

export type Handover =
  | { readonly kind: "members"; readonly body: Body<ManageMembers> }
  | { readonly kind: "accounts"; readonly body: Body<ManageAccounts> }
  | { readonly kind: "supply"; readonly body: Body<ManageSupply> }
  | { readonly kind: "payments"; readonly body: Body<ManagePayments> }
  | { readonly kind: "payouts"; readonly body: Body<ManagePayouts> }
  | { readonly kind: "booked"; readonly body: Body<ManageBooked> }
  | { readonly kind: "tariffs"; readonly body: Body<ManageTariffs> }
  | { readonly kind: "grants"; readonly body: Body<ManageGrants> }
  | { readonly kind: "contracts"; readonly periodMs: number; readonly body: Body<ManageContracts> }
  | { readonly kind: "limits"; readonly periodMs: number; readonly body: Body<ManageLimits> }
  | { readonly kind: "metered"; readonly periodMs: number; readonly body: Body<ManageMetered> };
export type HandoverKind = Handover["kind"];

export interface Link {
  hand(handover: Handover): void;
  /** How it stands with this manager: retained, not numbered, only the last one matters. */
  report(status: Body<ManageStatus>): void;
}

/** What a manager hears from the others. */
export type HandoverEvent =
  | { readonly type: "MEMBERS"; readonly message: ManageMembers }
  | { readonly type: "ACCOUNTS"; readonly message: ManageAccounts }
  | { readonly type: "SUPPLY"; readonly message: ManageSupply }
  | { readonly type: "PAYMENTS"; readonly message: ManagePayments }
  | { readonly type: "PAYOUTS"; readonly message: ManagePayouts }
  | { readonly type: "BOOKED"; readonly message: ManageBooked }
  | { readonly type: "TARIFFS"; readonly message: ManageTariffs }
  | { readonly type: "CONTRACTS"; readonly message: ManageContracts }
  | { readonly type: "LIMITS"; readonly message: ManageLimits }
  | { readonly type: "METERED"; readonly message: ManageMetered }
  | { readonly type: "GRANTS"; readonly message: ManageGrants }
  | { readonly type: "STATUS"; readonly message: ManageStatus }
  | { readonly type: "CONTROL"; readonly message: ManageControl };

/** Where a hand-over is published. */
export function handoverTopic(topics: Topics, handover: Handover): string {
  return "periodMs" in handover ? topics.managePeriod(handover.kind, handover.periodMs) : topics.manage(handover.kind);
}

/** Who acts on what. Operators may read all of it. */
export const receiversOf: Readonly<Record<HandoverKind, readonly ProcessRole[]>> = {
  members: ["bidding", "exchange", "settlement"],
  accounts: ["supervisor", "supplier"],
  supply: ["supplier"],
  payments: ["bidding", "settlement"],
  payouts: ["settlement"],
  booked: ["api"],
  tariffs: ["settlement", "bidding"],
  contracts: ["exchange", "settlement"],
  limits: ["bidding"],
  metered: ["settlement", "bidding"],
  grants: ["bidding"],
};

/** Who says what. */
export const senderOf: Readonly<Record<HandoverKind, ProcessRole>> = {
  members: "supervisor",
  accounts: "api",
  supply: "api",
  payments: "api",
  payouts: "bidding",
  booked: "settlement",
  tariffs: "supplier",
  contracts: "bidding",
  limits: "dso",
  metered: "exchange",
  grants: "settlement",
};

/** The event that a receiver hears of each. */
export const eventOf = {
  members: "MEMBERS",
  accounts: "ACCOUNTS",
  supply: "SUPPLY",
  payments: "PAYMENTS",
  payouts: "PAYOUTS",
  booked: "BOOKED",
  tariffs: "TARIFFS",
  contracts: "CONTRACTS",
  limits: "LIMITS",
  metered: "METERED",
  grants: "GRANTS",
} as const satisfies Record<HandoverKind, HandoverEvent["type"]>;
