/**
 * An account as the registrar keeps it, and what the operator and its owner may change of it. Power in W, money in millionths, instants in
 * UTC milliseconds of market time.
 *
 * Names of persons stand nowhere here: what an actor is told stays in its journal for good. Nothing is rounded. Who has left stays so.
 * Source: issue 5 (registration, the operator); contract.md, REST `/participants` and `/operator`.
 */
import type { ParticipantRole } from "../../shared/participant-id.js";
import type { AccountCode } from "../../shared/reject-codes.js";
import type { Micro, Watt } from "../../shared/units.js";

/** A key as it is kept: PBKDF2-SHA512 of the whole key, 64 bytes, in the form of Mosquitto's dynamic security plugin. */
export interface KeyHash {
  readonly saltBase64: string;
  readonly hashBase64: string;
  readonly iterations: number;
}

/** `left`: of its messages only meter readings are taken. */
export type AccountStanding = "active" | "suspended" | "left";

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
  /** Null: no limit. */
  readonly creditLimitMicro: Micro | null;
  /** Who sends for it, in batches; null, undefined: it alone. */
  readonly gateway?: string | null | undefined;
  readonly standing: AccountStanding;
  /** Why it is suspended. */
  readonly reason: string | null;
  /** Null: one of the scenario's own with the password that it was made with. */
  readonly key: KeyHash | null;
  /** Null: nothing waits to be confirmed. */
  readonly claim: ConnectionClaim | null;
  /** Null: a member from the start. */
  readonly registeredAtMs: number | null;
  /** It came over MQTT without having registered; undefined: it registered, or is one of the scenario's. */
  readonly origin?: "guest" | undefined;
  /** First delivery period that it takes part in; undefined: all from its registration on. */
  readonly fromMs?: number | undefined;
  /** Whom it followed at its connection; undefined: nobody. */
  readonly follows?: string | undefined;
  /** First that it takes no part in any more: at its start it has left. Undefined: none is known. */
  readonly untilMs?: number | undefined;
}

/** Why something is not done. */
export interface AccountRefusal {
  readonly code: AccountCode;
  /** A sentence for whoever asked. */
  readonly reason: string;
}

/** What the operator says of an account; left out: stays as it is. */
export interface AccountChange {
  readonly capacityW?: Watt | undefined;
  readonly connectionPoint?: string | null | undefined;
  readonly phase?: string | null | undefined;
  /** Null: no limit. */
  readonly creditLimitMicro?: Micro | null | undefined;
  /** Null: none. */
  readonly gateway?: string | null | undefined;
}

/** What may happen to an account. */
export type AccountAct =
  | { readonly act: "renew-key"; readonly key: KeyHash }
  /** `untilMs`: the first delivery period that it takes no part in; undefined: at once. */
  | { readonly act: "leave"; readonly untilMs?: number | undefined }
  | { readonly act: "suspend"; readonly reason: string }
  | { readonly act: "resume" }
  | { readonly act: "change"; readonly change: AccountChange };

/** The account afterwards; the very same where it is so already. Who has left may still have a new key, to read its bills with. */
export function accountAfter(account: Account, act: AccountAct): Account | AccountRefusal {
  if (act.act === "renew-key") return { ...account, key: act.key };
  if (account.standing === "left") {
    if (act.act === "leave") return account;
    return { code: "has-left", reason: `${account.id} has left this market` };
  }
  switch (act.act) {
    case "leave":
      if (act.untilMs === undefined) return { ...account, standing: "left", reason: null };
      return account.untilMs === act.untilMs ? account : { ...account, untilMs: act.untilMs };
    case "suspend":
      if (account.standing === "suspended" && account.reason === act.reason) return account;
      return { ...account, standing: "suspended", reason: act.reason };
    case "resume":
      return account.standing === "active" ? account : { ...account, standing: "active", reason: null };
    case "change":
      return changed(account, act.change);
  }
}

/** Whether its time to leave has come. */
export function isToLeave({ standing, untilMs }: Account, nowMs: number): boolean {
  return standing !== "left" && untilMs !== undefined && untilMs <= nowMs;
}

/** What the operator has said of a connection is confirmed: the claim is settled by it. */
function changed(account: Account, change: AccountChange): Account {
  const { capacityW, connectionPoint, phase, creditLimitMicro, gateway } = change;
  const ofConnection = capacityW !== undefined || connectionPoint !== undefined || phase !== undefined;
  return {
    ...account,
    capacityW: capacityW ?? account.capacityW,
    connectionPoint: connectionPoint === undefined ? account.connectionPoint : connectionPoint,
    phase: phase === undefined ? account.phase : phase,
    creditLimitMicro: creditLimitMicro === undefined ? account.creditLimitMicro : creditLimitMicro,
    ...(gateway === undefined ? {} : { gateway }),
    claim: ofConnection ? null : account.claim,
  };
}

/** Whether somebody may be put under a gateway: a prosumer or a meter, under an account of that role. @returns why not; undefined: it may */
export function refusedGateway(account: Account, gateway: Account | undefined, id: string): AccountRefusal | undefined {
  if (gateway?.role !== "gateway" || gateway.standing === "left")
    return { code: "unknown-participant", reason: `no gateway is registered as ${id}` };
  if (account.role === "prosumer" || account.role === "meter") return undefined;
  return { code: "bad-message", reason: `a ${account.role} is under no gateway` };
}
