/** Disputes at the registrar: raised by whose bill it is, answered by the operator. That the bill is so was looked up before. */
import type { Fact } from "../../facts.js";
import type { AccountRefusal } from "../../rules/account.js";
import { answered, type Dispute, raised } from "../../rules/disputes.js";
import type { Ask } from "./asks.js";
import type { RegistrarState } from "./registrar-state.js";

type Of<Type extends Ask["type"]> = Extract<Ask, { readonly type: Type }>;

export function raiseDispute(
  { accounts, disputes, policy }: RegistrarState,
  { bill }: Of<"DISPUTE">,
  nowMs: number,
): readonly Fact[] | AccountRefusal {
  const { participant } = bill;
  if (!accounts.has(participant)) return { code: "not-registered", reason: `nobody is registered as ${participant}` };
  const own = [...disputes.values()].filter((one) => one.participant === participant);
  return kept(disputes, raised(bill, own, policy.disputeDays ?? 0, nowMs));
}

export function answerDispute(
  { disputes }: RegistrarState,
  { billId, state, answer }: Of<"ANSWER_DISPUTE">,
  nowMs: number,
): readonly Fact[] | AccountRefusal {
  const before = disputes.get(billId);
  const dispute = answered(before, { billId, state, answer }, nowMs);
  return dispute === before ? [] : kept(disputes, dispute);
}

function kept(disputes: Map<string, Dispute>, dispute: Dispute | AccountRefusal): readonly Fact[] | AccountRefusal {
  if ("code" in dispute) return dispute;
  disputes.set(dispute.billId, dispute);
  return [{ type: "dispute", dispute }];
}
