/** All that the registrar's next answers depend on, as plain data: changed by decide.ts alone. */
import type { WireCustomer, WireOffer } from "../../../shared/messages/manage.js";
import { watt } from "../../../shared/units.js";
import type { Account } from "../../rules/account.js";
import type { Dispute } from "../../rules/disputes.js";
import type { Draft } from "../../rules/drafts.js";
import type { Invitation } from "../../rules/invitations.js";
import type { NotedPayment } from "../../rules/payments.js";
import type { RegistrationPolicy } from "../../rules/registration.js";
import type { MarketTerms, MemberTerms } from "../../terms.js";

export interface RegistrarState {
  /** By id; those of the scenario too. */
  readonly accounts: Map<string, Account>;
  /** By the hash of their code; those that are used up or over go with the next one. */
  readonly invitations: Map<string, Invitation>;
  /** By participant, then by the draft's id; those that are over go with the participant's next one. */
  readonly drafts: Map<string, Map<string, Draft>>;
  /** By their id, for good: what was noted once is not noted again. */
  readonly payments: Map<string, NotedPayment>;
  /** By the id of the bill, for good. */
  readonly disputes: Map<string, Dispute>;
  /** Told by the operator, in order. */
  readonly offers: WireOffer[];
  readonly customers: WireCustomer[];
  policy: RegistrationPolicy;
  unknownEvents: number;
}

export function createRegistrarState({ members }: MarketTerms): RegistrarState {
  return {
    accounts: new Map(members.map((member) => [member.id, accountFrom(member)])),
    invitations: new Map(),
    drafts: new Map(),
    payments: new Map(),
    disputes: new Map(),
    offers: [],
    customers: [],
    policy: { mode: "closed", capacityW: watt(0), maxParticipants: members.length },
    unknownEvents: 0,
  };
}

/** Of a member from the start. */
export function accountFrom(member: MemberTerms): Account {
  const { id, role, capacityW, connectionPoint, phase, creditLimitMicro, gateway } = member;
  return {
    ...{ id, role, capacityW, connectionPoint, phase, creditLimitMicro: creditLimitMicro ?? null },
    ...(gateway === undefined ? {} : { gateway }),
    ...{ standing: "active", reason: null, key: null, claim: null, registeredAtMs: null },
  };
}
