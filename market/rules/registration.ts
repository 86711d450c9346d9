/**
 * Who may register, and as what: open to all, by invitation, by the operator alone, or closed. Power in W.
 *
 * A stranger without an invitation is a prosumer. What it says of its connection is a claim: until the operator confirms it, it has no
 * connection point, and the capacity it asks for up to that of newcomers. The operator's word holds at once, in every mode but `closed`. Room is for
 * `maxParticipants`, those who have left not counted. Ids are drawn by whoever asks; one that is taken is refused.
 * Source: issue 5 (registration); contract.md, REST `/participants`.
 */
import { isParticipantId, type ParticipantRole } from "../../shared/participant-id.js";
import type { Micro, Watt } from "../../shared/units.js";
import type { Account, AccountRefusal, KeyHash } from "./account.js";
import { type Invitation, refusedUse } from "./invitations.js";

export const registrationModes = ["open", "invitation", "operator", "closed"] as const;
/** Who may register: everybody, who has an invitation, whom the operator registers, nobody. */
export type RegistrationMode = (typeof registrationModes)[number];

export interface RegistrationPolicy {
  readonly mode: RegistrationMode;
  /** Of a newcomer, until the operator says otherwise. */
  readonly capacityW: Watt;
  readonly maxParticipants: number;
  /** Bills are provisional, and may be disputed, that many days after they went out; undefined: not at all. */
  readonly disputeDays?: number | undefined;
  /** The supplier that newcomers come to; undefined: suppliers and tariffs stay as the scenario has them. */
  readonly supplier?: string | undefined;
}

export interface RegistrationRequest {
  readonly id: string;
  readonly role: ParticipantRole;
  /** Null: not said. */
  readonly capacityW: Watt | null;
  readonly connectionPoint: string | null;
  readonly phase: string | null;
  readonly key: KeyHash;
  readonly by: "stranger" | "operator";
  /** First delivery period that it takes part in; undefined: all from now on. */
  readonly fromMs?: number | undefined;
}

export interface RegistrationSetting {
  readonly policy: RegistrationPolicy;
  /** Those who have not left. */
  readonly participants: number;
  readonly isTaken: boolean;
  /** Null: none was named; undefined: one that nobody knows. */
  readonly invitation: Invitation | null | undefined;
  /** Of newcomers; null: none. */
  readonly creditLimitMicro: Micro | null;
  readonly nowMs: number;
}

/** The newcomer's account, or why there is none. */
export function registered(request: RegistrationRequest, setting: RegistrationSetting): Account | AccountRefusal {
  const refusal = refusedRegistration(request, setting);
  if (refusal !== undefined) return refusal;
  const { policy, creditLimitMicro, nowMs } = setting;
  const { id, role, key, connectionPoint, phase } = request;
  const newcomersW = role === "prosumer" ? policy.capacityW : (0 as Watt);
  const askedW = request.capacityW ?? newcomersW;
  const account: Account = {
    ...{ id, role, key, creditLimitMicro, reason: null, registeredAtMs: nowMs },
    ...{ capacityW: askedW, connectionPoint, phase, claim: null },
    ...(request.fromMs === undefined ? {} : { fromMs: request.fromMs }),
    standing: "active",
  };
  if (request.by === "operator") return account;
  const claims = askedW > newcomersW || connectionPoint !== null || phase !== null;
  return {
    ...account,
    ...{ capacityW: Math.min(askedW, newcomersW) as Watt, connectionPoint: null, phase: null },
    claim: claims ? { capacityW: askedW, connectionPoint, phase } : null,
  };
}

function refusedRegistration(request: RegistrationRequest, setting: RegistrationSetting): AccountRefusal | undefined {
  const { id, role, capacityW, by } = request;
  const { policy, participants, isTaken, invitation, nowMs } = setting;
  if (!isParticipantId(id)) return { code: "bad-message", reason: `${id} is no participant id` };
  if (role === "operator") return { code: "bad-message", reason: "nobody registers as operator" };
  if (capacityW !== null && capacityW < 0) return { code: "bad-message", reason: "a capacity is no less than 0" };
  if (isTaken) return { code: "id-taken", reason: `${id} is taken` };
  if (policy.mode === "closed") return closed("this market takes no newcomers");
  if (by === "stranger") {
    if (policy.mode === "operator") return closed("this market's operator registers newcomers: ask there");
    if (policy.mode === "invitation" && invitation === null) return closed("this market takes newcomers by invitation");
    const refusal = invitation === null ? undefined : refusedUse(invitation, role, nowMs);
    if (refusal !== undefined) return refusal;
    if (invitation === null && role !== "prosumer") return closed(`a ${role} registers by invitation`);
  }
  if (participants < policy.maxParticipants) return undefined;
  return closed(`this market has room for ${policy.maxParticipants} participants, and has them`);
}

const closed = (reason: string): AccountRefusal => ({ code: "registration-closed", reason });
