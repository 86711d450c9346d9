/**
 * Invitations: codes that somebody may register with, so many times and until an instant (UTC milliseconds of market time).
 *
 * The code itself is told once and kept as a hash. At `expiresAtMs` it is over; each registration uses one up. It gives the role that it
 * was made for and no other. Source: issue 5 (registration by invitation code).
 */
import type { ParticipantRole } from "../../shared/participant-id.js";
import { isoUtc } from "../../shared/time.js";
import type { AccountRefusal } from "./account.js";

export interface Invitation {
  readonly hash: string;
  readonly role: ParticipantRole;
  /** How often it may still be used. */
  readonly usesLeft: number;
  readonly expiresAtMs: number;
}

export const mostUses = 1000;
/** That many that are good at a time. */
export const mostInvitations = 1000;

/** @returns why it cannot be made; undefined: it can. */
export function refusedInvitation(
  { role, usesLeft, expiresAtMs }: Invitation,
  usable: number,
  nowMs: number,
): AccountRefusal | undefined {
  const bad = (reason: string): AccountRefusal => ({ code: "bad-message", reason });
  if (role === "operator") return bad("nobody is invited as operator");
  if (!Number.isSafeInteger(usesLeft) || usesLeft < 1 || usesLeft > mostUses)
    return bad(`an invitation is good for 1 to ${mostUses} uses, not ${usesLeft}`);
  if (expiresAtMs <= nowMs) return bad(`${isoUtc(expiresAtMs)} is over: it is ${isoUtc(nowMs)}`);
  if (usable >= mostInvitations) return bad(`there are ${usable} invitations already: let some expire first`);
  return undefined;
}

export function isUsable({ usesLeft, expiresAtMs }: Invitation, nowMs: number): boolean {
  return usesLeft > 0 && nowMs < expiresAtMs;
}

/** @returns why somebody cannot register with it; undefined: he can. The same words for each: a guess must not tell a code that was good. */
export function refusedUse(
  invitation: Invitation | undefined,
  role: ParticipantRole,
  nowMs: number,
): AccountRefusal | undefined {
  if (invitation === undefined || !isUsable(invitation, nowMs))
    return { code: "invitation-invalid", reason: "this invitation is unknown, used up or over: ask for another one" };
  if (invitation.role === role) return undefined;
  return { code: "invitation-invalid", reason: `this invitation is for the role ${invitation.role}, not ${role}` };
}

export function used(invitation: Invitation): Invitation {
  return { ...invitation, usesLeft: invitation.usesLeft - 1 };
}
