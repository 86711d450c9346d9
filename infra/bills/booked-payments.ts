/**
 * Payments as statements tell them: what the operator noted as paid in or out, once settlement has booked it.
 *
 * A payment belongs to the local month in which it was booked, market time, whichever month's bills it pays. It changes no month's total
 * and no remainder. Amounts are positive: the kind says which way. Nothing is rounded.
 */
import type { LedgerEntry } from "../../market/facts.js";
import { accounts, participantAccount } from "../../market/rules/ledger.js";
import { type PaymentKind, paymentBooked } from "../../market/rules/payments.js";

export interface BookedPayment {
  readonly paymentId: string;
  readonly participant: string;
  readonly kind: PaymentKind;
  readonly amountMicro: number;
  /** Market time. */
  readonly bookedAtMs: number;
  /** Local day of it, as 2016-08-01. */
  readonly day: string;
  /** Of the statement that it stands on, as 2016-08. */
  readonly month: string;
}

export interface PaymentSums {
  readonly paidInMicro: number;
  readonly paidOutMicro: number;
}

/** @returns undefined: the entry books no payment */
export function bookedPayment(
  entry: LedgerEntry,
  bookedAtMs: number,
  dayOf: (instantMs: number) => string,
): BookedPayment | undefined {
  const payment = paymentBooked(entry);
  if (payment === undefined) return undefined;
  const { debit, credit, amountMicro } = entry;
  const isDeposit = debit === accounts.bank;
  const participant = (isDeposit ? credit : debit).slice(participantAccount("").length);
  const day = dayOf(bookedAtMs);
  const kind = isDeposit ? "deposit" : "payout";
  return { ...payment, participant, kind, amountMicro, bookedAtMs, day, month: day.slice(0, 7) };
}

export function paymentSums(payments: readonly BookedPayment[]): PaymentSums {
  const of = (kind: PaymentKind): number =>
    payments.reduce((sum, payment) => sum + (payment.kind === kind ? payment.amountMicro : 0), 0);
  return { paidInMicro: of("deposit"), paidOutMicro: of("payout") };
}
