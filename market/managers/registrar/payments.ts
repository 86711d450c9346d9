/** Payments at the registrar: noted once each, and what became of them once settlement has said it. */

import { majorFromMicro } from "../../../shared/decimal.js";
import type { ManageBooked, ManagePayments } from "../../../shared/messages/manage.js";
import type { Fact } from "../../facts.js";
import type { AccountRefusal } from "../../rules/account.js";
import { isSamePayment, type NotedPayment, type Payment, refusedPayment } from "../../rules/payments.js";
import type { RegistrarState } from "./registrar-state.js";

/** The same again is nothing new. */
export function notePayment(
  { accounts, payments }: RegistrarState,
  payment: Payment,
  nowMs: number,
): readonly Fact[] | AccountRefusal {
  const { paymentId, participant } = payment;
  const known = payments.get(paymentId);
  if (known !== undefined && isSamePayment(known, payment)) return [];
  if (known !== undefined)
    return { code: "request-id-reused", reason: `payment ${paymentId} stood for another payment before` };
  const account = accounts.get(participant);
  if (account === undefined) return { code: "unknown-participant", reason: `nobody is registered as ${participant}` };
  const refusal = refusedPayment(payment, account);
  if (refusal !== undefined) return refusal;
  const noted: NotedPayment = { ...payment, state: "pending", notedAtMs: nowMs };
  payments.set(paymentId, noted);
  return [{ type: "payment", payment: noted }];
}

/** What settlement says of payments; one that nobody noted here is told as undefined. */
export function learnBooked({ payments }: RegistrarState, message: ManageBooked): (NotedPayment | undefined)[] {
  return message.payments.map(({ paymentId, outcome, entry, reason }) => {
    const noted = payments.get(paymentId);
    if (noted === undefined) return undefined;
    const { participant, kind, amountMicro, reference, notedAtMs } = noted;
    const payment = { paymentId, participant, kind, amountMicro, reference, notedAtMs };
    const decided: NotedPayment =
      outcome === "booked"
        ? { ...payment, state: "booked", entry: entry ?? 0 }
        : { ...payment, state: "refused", reason: reason ?? "it cannot be paid out" };
    payments.set(paymentId, decided);
    return decided;
  });
}

/** Those that are new, for bidding and settlement. */
export function paymentsTold(facts: readonly Fact[]): ManagePayments["payments"] {
  return facts.flatMap((fact) => {
    if (fact.type !== "payment") return [];
    const { paymentId, participant, kind, amountMicro, reference } = fact.payment;
    const amount = majorFromMicro(amountMicro);
    return [{ paymentId, participant, kind, amount, ...(reference === null ? {} : { reference }) }];
  });
}
