/** Accounts and drafts as the registrar's facts tell them: a projection for readers, made anew from its journal at each start. */
import type { Fact } from "../../market/facts.js";
import { accountFrom } from "../../market/managers/registrar/registrar-state.js";
import type { Account } from "../../market/rules/account.js";
import type { Draft } from "../../market/rules/drafts.js";
import { isOver } from "../../market/rules/drafts.js";
import { type Invitation, isUsable } from "../../market/rules/invitations.js";
import type { MemberTerms } from "../../market/terms.js";

export interface AccountBook {
  learn(fact: Fact): void;
  account(id: string): Account | undefined;
  /** Sorted by id. */
  accounts(): readonly Account[];
  /** In order of keeping, without those that are over at `nowMs`. */
  drafts(participant: string, nowMs: number): readonly Draft[];
  /** Those that are good at `nowMs`, the first to expire first. */
  invitations(nowMs: number): readonly Invitation[];
}

/** @param facts of the registrar, as far as there are any */
export function createAccountBook(members: readonly MemberTerms[], facts: Iterable<Fact>): AccountBook {
  const accounts = new Map(members.map((member) => [member.id, accountFrom(member)]));
  const drafts = new Map<string, Map<string, Draft>>();
  const invitations = new Map<string, Invitation>();
  const book: AccountBook = {
    learn(fact) {
      if (fact.type === "account") accounts.set(fact.account.id, fact.account);
      else if (fact.type === "draft") keep(fact.draft);
      else if (fact.type === "draft-dropped") drafts.get(fact.participant)?.delete(fact.draftId);
      else if (fact.type === "invitation") invite(fact.invitation);
    },
    account: (id) => accounts.get(id),
    accounts: () => [...accounts.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    drafts: (participant, nowMs) => [...(drafts.get(participant)?.values() ?? [])].filter((one) => !isOver(one, nowMs)),
    invitations: (nowMs) =>
      [...invitations.values()]
        .filter((one) => isUsable(one, nowMs))
        .sort((left, right) => left.expiresAtMs - right.expiresAtMs),
  };

  function invite(invitation: Invitation): void {
    if (invitation.usesLeft > 0) invitations.set(invitation.hash, invitation);
    else invitations.delete(invitation.hash);
  }

  function keep(draft: Draft): void {
    const own = drafts.get(draft.participant) ?? new Map<string, Draft>();
    for (const [id, one] of own) if (isOver(one, draft.keptAtMs)) own.delete(id);
    own.set(draft.draftId, draft);
    drafts.set(draft.participant, own);
  }

  for (const fact of facts) book.learn(fact);
  return book;
}
