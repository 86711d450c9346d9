/** Decides what the registrar is asked: the rules say whether, this keeps what comes of it. */
import { dayMs, instantFromIso, minuteMs } from "../../../shared/time.js";
import type { Fact } from "../../facts.js";
import {
  type Account,
  type AccountAct,
  type AccountRefusal,
  accountAfter,
  refusedGateway,
} from "../../rules/account.js";
import { type Draft, isOver, refusedDraft } from "../../rules/drafts.js";
import { admittedGuest, adopted, countPresent, isGuest } from "../../rules/guests.js";
import { isUsable, refusedInvitation, used } from "../../rules/invitations.js";
import { type RegistrationRequest, registered } from "../../rules/registration.js";
import type { CalendarTerms, MarketTerms } from "../../terms.js";
import { correctionLimitMs, isInRun, timesOf } from "../calendar.js";
import type { Ask } from "./asks.js";
import { answerDispute, raiseDispute } from "./disputes.js";
import { changeTenant, leave } from "./leaving.js";
import { notePayment } from "./payments.js";
import type { RegistrarState } from "./registrar-state.js";
import { assign, takeOffer } from "./supply.js";

/** What came of it, in order; or why nothing did. */
export type Decision = readonly Fact[] | AccountRefusal;

type RegistrarTerms = Pick<MarketTerms, "calendar" | "creditLimitMicro" | "bidding" | "guestCapacityW">;
type Of<Type extends Ask["type"]> = Extract<Ask, { readonly type: Type }>;

/** @param nowMs market time. Where it refuses, `state` is as it was. */
export function decide(state: RegistrarState, terms: RegistrarTerms, ask: Ask, nowMs: number): Decision {
  switch (ask.type) {
    case "REGISTER":
      return register(state, terms, ask, nowMs);
    case "GUEST":
      return admitGuest(state, terms, ask, nowMs);
    case "RENEW_KEY":
      return act(state, ask.id, { act: "renew-key", key: ask.key });
    case "LEAVE":
      return leave(state, terms, ask, nowMs);
    case "CHANGE_TENANT":
      return changeTenant(state, terms, ask, nowMs);
    case "SUSPEND":
      return act(state, ask.id, { act: "suspend", reason: ask.reason });
    case "RESUME":
      return act(state, ask.id, { act: "resume" });
    case "CHANGE":
      return change(state, ask);
    case "INVITE":
      return invite(state, ask, nowMs);
    case "REVOKE_INVITATION":
      return revokeInvitation(state, ask, nowMs);
    case "OFFER":
      return takeOffer(state, terms, ask.offer, nowMs);
    case "ASSIGN":
      return assign(state, terms, ask.customer, nowMs);
    case "PAY":
      return notePayment(state, ask.payment, nowMs);
    case "DISPUTE":
      return raiseDispute(state, ask, nowMs);
    case "ANSWER_DISPUTE":
      return answerDispute(state, ask, nowMs);
    case "KEEP_DRAFT":
      return keepDraft(state, terms, ask, nowMs);
    case "DROP_DRAFT":
      return dropDraft(state, ask, nowMs);
  }
}

function register(state: RegistrarState, terms: RegistrarTerms, ask: Of<"REGISTER">, nowMs: number): Decision {
  const { accounts, invitations, policy } = state;
  const { type: _type, askId: _askId, invitation: hash, adopts = false, ...request } = ask;
  const invitation = hash === null ? null : invitations.get(hash);
  const known = accounts.get(ask.id);
  const { participants } = countPresent(accounts.values());
  const account = registered(request, {
    ...{ policy, participants, isTaken: known !== undefined && !adopts, invitation, nowMs },
    creditLimitMicro: terms.creditLimitMicro ?? null,
  });
  if ("code" in account) return account.code === "id-taken" ? explained(account, known) : account;
  if (adopts) return adopt(state, request, known);
  accounts.set(account.id, account);
  const facts: Fact[] = [{ type: "account", account }];
  if (invitation === null || invitation === undefined || ask.by === "operator") return facts;
  const rest = used(invitation);
  invitations.set(rest.hash, rest);
  return [...facts, { type: "invitation", invitation: rest }];
}

/** Who is in the way, where that is a guest. */
function explained(refusal: AccountRefusal, known: Account | undefined): AccountRefusal {
  if (known === undefined || !isGuest(known)) return refusal;
  return { ...refusal, reason: `${refusal.reason} by a guest: the operator alone lets somebody have its place` };
}

function adopt({ accounts }: RegistrarState, request: RegistrationRequest, guest: Account | undefined): Decision {
  const account = adopted(request, guest);
  if ("code" in account) return account;
  accounts.set(account.id, account);
  return [{ type: "account", account }];
}

function admitGuest({ accounts }: RegistrarState, terms: RegistrarTerms, ask: Of<"GUEST">, nowMs: number): Decision {
  const { guests } = countPresent(accounts.values());
  const known = accounts.get(ask.id);
  const account = admittedGuest(ask, {
    ...{ known, guests, capacityW: terms.guestCapacityW, creditLimitMicro: terms.creditLimitMicro ?? null, nowMs },
  });
  if ("code" in account) return account;
  if (account === known) return [];
  accounts.set(account.id, account);
  return [{ type: "account", account }];
}

function act({ accounts }: RegistrarState, id: string, what: AccountAct): Decision {
  const before = accounts.get(id);
  if (before === undefined) return { code: "unknown-participant", reason: `nobody is registered as ${id}` };
  const account = accountAfter(before, what);
  if ("code" in account) return account;
  if (account === before) return [];
  accounts.set(id, account);
  return [{ type: "account", account }];
}

function change(state: RegistrarState, { id, change: asked }: Of<"CHANGE">): Decision {
  const account = state.accounts.get(id);
  const { gateway = null } = asked;
  const refusal =
    account === undefined || gateway === null
      ? undefined
      : refusedGateway(account, state.accounts.get(gateway), gateway);
  return refusal ?? act(state, id, { act: "change", change: asked });
}

function invite({ invitations }: RegistrarState, ask: Of<"INVITE">, nowMs: number): Decision {
  const { hash, role, uses, expiresAtMs } = ask;
  const usable = [...invitations.values()].filter((one) => isUsable(one, nowMs));
  const invitation = { hash, role, usesLeft: uses, expiresAtMs };
  const refusal = refusedInvitation(invitation, usable.length, nowMs);
  if (refusal !== undefined) return refusal;
  for (const [key, one] of invitations) if (!isUsable(one, nowMs)) invitations.delete(key);
  invitations.set(hash, invitation);
  return [{ type: "invitation", invitation }];
}

/** It is told as one that is used up. */
function revokeInvitation({ invitations }: RegistrarState, { hash }: Of<"REVOKE_INVITATION">, nowMs: number): Decision {
  const invitation = invitations.get(hash);
  if (invitation === undefined || !isUsable(invitation, nowMs))
    return { code: "unknown-invitation", reason: "there is no such invitation that is still good" };
  invitations.delete(hash);
  return [{ type: "invitation", invitation: { ...invitation, usesLeft: 0 } }];
}

function keepDraft(state: RegistrarState, terms: RegistrarTerms, ask: Of<"KEEP_DRAFT">, nowMs: number): Decision {
  const { draftId, participant, kind, message } = ask;
  const account = state.accounts.get(participant);
  if (account === undefined || account.standing === "left")
    return { code: "not-registered", reason: `nobody is registered as ${participant}` };
  const own = state.drafts.get(participant) ?? new Map<string, Draft>();
  const expiresAtMs = expiryOf(ask, terms.calendar, nowMs);
  const draft = { draftId, participant, kind, message, keptAtMs: nowMs, expiresAtMs };
  const refusal = refusedDraft(draft, own.values(), nowMs);
  if (refusal !== undefined) return refusal;
  for (const [id, one] of own) if (isOver(one, nowMs)) own.delete(id);
  own.set(draftId, draft);
  state.drafts.set(participant, own);
  return [{ type: "draft", draft }];
}

/**
 * When nothing can come of it any more: its period is billed, or a reading's correction limit is over. A draft that names no period of this
 * run (it may name an order) lives as long as one of the last period that is open now.
 */
function expiryOf({ kind, message }: Of<"KEEP_DRAFT">, calendar: CalendarTerms, nowMs: number): number {
  const { openMinutes, gateMinutes, periodMinutes, billDays } = calendar;
  const periodMs = typeof message.period === "string" ? instantFromIso(message.period) : undefined;
  if (periodMs === undefined || !isInRun(periodMs, calendar))
    return nowMs + (openMinutes + gateMinutes + periodMinutes) * minuteMs + billDays * dayMs;
  const { endMs, billAtMs } = timesOf(periodMs, calendar);
  return kind === "INFO" ? endMs + correctionLimitMs(calendar) : billAtMs;
}

function dropDraft({ drafts }: RegistrarState, ask: Of<"DROP_DRAFT">, nowMs: number): Decision {
  const { participant, draftId } = ask;
  const own = drafts.get(participant);
  const draft = own?.get(draftId);
  if (own === undefined || draft === undefined || isOver(draft, nowMs))
    return { code: "unknown-draft", reason: `there is no draft ${draftId}` };
  own.delete(draftId);
  if (own.size === 0) drafts.delete(participant);
  return [{ type: "draft-dropped", participant, draftId }];
}
