/**
 * Payments: what the operator notes as paid in by a participant, or paid out to it. Money in millionths.
 *
 * A payment is noted once, under an id of the operator's, and is pending until settlement has booked it between the account `bank` and the
 * participant's. A deposit is always booked. A payout needs funds: no more than the balance, for nobody is paid out what it was lent, and no
 * more than what is free, for what is held for open orders and contracts is not the participant's to take (elecbay.md 0, rule 5).
 * What it may be is held by bidding before it is booked, so that no order takes the same money. Nothing is rounded.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import type { Micro } from "../../shared/units.js";
import type { Account, AccountRefusal } from "./account.js";
import { accounts, type EntryDraft, participantAccount, transfer } from "./ledger.js";

export const paymentKinds = ["deposit", "payout"] as const;
export type PaymentKind = (typeof paymentKinds)[number];

export interface Payment {
  /** Of the operator's: the same again is the same payment. */
  readonly paymentId: string;
  readonly participant: string;
  readonly kind: PaymentKind;
  /** More than 0. */
  readonly amountMicro: Micro;
  /** Such as the number of a bank's statement; it is kept for good. */
  readonly reference: string | null;
}

export type PaymentState =
  | { readonly state: "pending" }
  /** `entry`: its number in the ledger. */
  | { readonly state: "booked"; readonly entry: number }
  | { readonly state: "refused"; readonly reason: string };

export type NotedPayment = Payment & PaymentState & { readonly notedAtMs: number };

/** A million: what is more is a slip of the pen. */
export const mostPaidMicro = 1_000_000_000_000;

/** @returns why it is not noted; undefined: it is. Who is suspended or has left may be paid, and pay. */
export function refusedPayment({ amountMicro }: Payment, account: Account): AccountRefusal | undefined {
  const bad = (reason: string): AccountRefusal => ({ code: "bad-message", reason });
  if (account.role !== "prosumer") return bad(`${account.id} is a ${account.role}: it has no account to pay into`);
  if (!Number.isSafeInteger(amountMicro) || amountMicro <= 0 || amountMicro > mostPaidMicro)
    return bad(`an amount is more than 0 and at most ${majorFromMicro(mostPaidMicro)}`);
  return undefined;
}

/** Whether two are the same payment, noted twice. */
export function isSamePayment(one: Payment, other: Payment): boolean {
  return (
    one.paymentId === other.paymentId &&
    one.participant === other.participant &&
    one.kind === other.kind &&
    one.amountMicro === other.amountMicro &&
    one.reference === other.reference
  );
}

/** What a payout is held against. */
export interface PayoutFunds {
  /** Undefined: not known. */
  readonly balanceMicro: Micro | undefined;
  /** How far the balance may fall; undefined: as far as it likes, and nothing is held. */
  readonly limitMicro: Micro | undefined;
  readonly heldMicro: Micro;
}

/** @returns why it cannot be paid out; undefined: it can. */
export function refusedPayout(
  amountMicro: Micro,
  { balanceMicro, limitMicro, heldMicro }: PayoutFunds,
): string | undefined {
  if (balanceMicro === undefined) return "its funds are not known to the market yet: note it again later";
  const freeMicro = limitMicro === undefined ? balanceMicro : balanceMicro + limitMicro - heldMicro;
  const most = Math.min(balanceMicro, freeMicro);
  if (amountMicro <= most) return undefined;
  const [asked, balance, held] = [amountMicro, balanceMicro, heldMicro].map(majorFromMicro);
  return `${asked} is more than can be paid out: its balance is ${balance}, of which ${held} is held for orders and contracts`;
}

/** What it does to the ledger, exactly once. */
export function entryOf({ paymentId, participant, kind, amountMicro }: Payment): EntryDraft {
  const own = participantAccount(participant);
  const [from, to] = kind === "deposit" ? [accounts.bank, own] : [own, accounts.bank];
  const entry = transfer(from, to, amountMicro, `${kind} ${paymentId}`);
  if (entry === undefined) throw new RangeError(`payment ${paymentId} moves nothing`);
  return entry;
}

/** The payment that an entry of the ledger books, by the words and accounts that `entryOf` gives it. */
export function paymentBooked({ debit, credit, reason }: EntryDraft): { readonly paymentId: string } | undefined {
  const [kind, paymentId, ...more] = reason.split(" ");
  if (paymentId === undefined || more.length > 0) return undefined;
  const isOwn = (account: string): boolean => account.startsWith(participantAccount(""));
  const fits =
    (kind === "deposit" && debit === accounts.bank && isOwn(credit)) ||
    (kind === "payout" && credit === accounts.bank && isOwn(debit));
  return fits ? { paymentId } : undefined;
}
