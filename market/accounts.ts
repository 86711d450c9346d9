/**
 * Accounts, invitations and drafts as the registrar keeps them: plain data, whole numbers, instants in UTC milliseconds.
 *
 * Names of persons stand nowhere here: what an actor is told stays in its journal for good (infra/registry/persons.ts).
 */
import type { ParticipantRole } from "../shared/participant-id.js";
import type { Micro, Watt } from "../shared/units.js";

/** A key as it is kept: PBKDF2-SHA512 of the whole key, 64 bytes, in the form of Mosquitto's dynamic security plugin. */
export interface KeyHash {
  readonly saltBase64: string;
  readonly hashBase64: string;
  readonly iterations: number;
}

export const accountStandings = ["active", "suspended", "left"] as const;
/** `left`: of the market it hears and says nothing any more but its meter readings. */
export type AccountStanding = (typeof accountStandings)[number];

/** What a participant says of its connection; it holds once the operator has confirmed it. */
export interface ConnectionClaim {
  readonly capacityW: Watt;
  readonly connectionPoint: string | null;
  readonly phase: string | null;
}

export interface Account {
  readonly id: string;
  readonly role: ParticipantRole;
  readonly capacityW: Watt;
  readonly connectionPoint: string | null;
  readonly phase: string | null;
  /** Undefined: no limit. */
  readonly creditLimitMicro: Micro | undefined;
  readonly standing: AccountStanding;
  /** Why it is suspended. */
  readonly reason: string | null;
  /** Null: the scenario's own, whose password is derived from the market's secret. */
  readonly key: KeyHash | null;
  /** Null: nothing waits to be confirmed. */
  readonly claim: ConnectionClaim | null;
  /** Null: a member from the start. */
  readonly registeredAtMs: number | null;
}

/** A code that somebody may register with; the code itself is told once and kept as a hash. */
export interface Invitation {
  readonly hash: string;
  readonly role: ParticipantRole;
  /** How often it may still be used. */
  readonly usesLeft: number;
  readonly expiresAtMs: number;
}

export const draftKinds = ["BID", "OFFER", "INFO"] as const;
/** `BID` and `OFFER` carry an order or an item, `INFO` a meter reading. */
export type DraftKind = (typeof draftKinds)[number];

/** A command that its participant has not sent yet, flat, without `v` and `requestId`. */
export interface Draft {
  readonly draftId: string;
  readonly participant: string;
  readonly kind: DraftKind;
  readonly message: Readonly<Record<string, unknown>>;
  readonly keptAtMs: number;
  readonly expiresAtMs: number;
}

export const registrationModes = ["open", "invitation", "operator", "closed"] as const;
/** Who may register: everybody, who has an invitation, whom the operator registers, nobody. */
export type RegistrationMode = (typeof registrationModes)[number];

export interface RegistrationPolicy {
  readonly mode: RegistrationMode;
  /** Of a newcomer, until the operator says otherwise. */
  readonly capacityW: Watt;
  /** Who has left does not count. */
  readonly maxParticipants: number;
}
