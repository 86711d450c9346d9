/**
 * Payments at the settlement desk: booked between the bank and the participant, once each, as of the period that is on.
 *
 * A deposit is booked when the registrar's word comes. A payout waits for bidding, which holds the money for it or does not; then the next
 * word on the funds names it, so that what was held is released in the moment in which the funds are less. The two words come over
 * different connections, in either order.
 */
import { majorFromMicro, microFromMajor } from "../../../shared/decimal.js";
import type { ManageBooked, ManagePayments, ManagePayouts } from "../../../shared/messages/manage.js";
import { minuteMs } from "../../../shared/time.js";
import { micro } from "../../../shared/units.js";
import { balanceOf, participantAccount } from "../../rules/ledger.js";
import { entryOf, type Payment, refusedPayout } from "../../rules/payments.js";
import { firstPeriod, lastPeriod } from "../calendar.js";
import type { SettlementDesk } from "./desk.js";
import { book } from "./settle.js";

type Payout = ManagePayouts["payouts"][number];
type Outcome = ManageBooked["payments"][number];

/** What is known of a payout so far: one of the two. */
export interface WaitingPayout {
  readonly payment?: Payment;
  readonly word?: Payout;
}

/** Payouts that are decided: what bidding holds for them is to be released. */
type Released = readonly string[];

export function learnPayments(desk: SettlementDesk, { payments }: ManagePayments): Released {
  const outcomes: Outcome[] = [];
  const released: string[] = [];
  for (const { amount, reference, ...rest } of payments) {
    const payment: Payment = { ...rest, amountMicro: microFromMajor(amount), reference: reference ?? null };
    if (payment.kind === "deposit") outcomes.push(bookPayment(desk, payment));
    else meet(desk, payment.paymentId, { payment }, outcomes, released);
  }
  return told(desk, outcomes, released);
}

/** Bidding's word on payouts. */
export function learnPayouts(desk: SettlementDesk, { payouts }: ManagePayouts): Released {
  const outcomes: Outcome[] = [];
  const released: string[] = [];
  for (const word of payouts) meet(desk, word.paymentId, { word }, outcomes, released);
  return told(desk, outcomes, released);
}

function told({ ports }: SettlementDesk, payments: Outcome[], released: Released): Released {
  if (payments.length > 0) ports.link.hand({ kind: "booked", body: { payments } });
  return released;
}

function meet(desk: SettlementDesk, paymentId: string, known: WaitingPayout, outcomes: Outcome[], released: string[]) {
  const { payment, word } = { ...desk.payouts.get(paymentId), ...known };
  if (payment === undefined || word === undefined) {
    desk.payouts.set(paymentId, known);
    return;
  }
  desk.payouts.delete(paymentId);
  outcomes.push(word.held ? payOut(desk, payment) : refused(paymentId, word.reason));
  if (word.held) released.push(paymentId);
}

function payOut(desk: SettlementDesk, payment: Payment): Outcome {
  const balanceMicro = balanceOf(desk.ledger, participantAccount(payment.participant));
  const why = refusedPayout(payment.amountMicro, { balanceMicro, limitMicro: undefined, heldMicro: micro(0) });
  return why === undefined ? bookPayment(desk, payment) : refused(payment.paymentId, why);
}

function bookPayment(desk: SettlementDesk, payment: Payment): Outcome {
  book(desk, presentPeriod(desk), [entryOf(payment)]);
  const balance = majorFromMicro(balanceOf(desk.ledger, participantAccount(payment.participant)));
  return { paymentId: payment.paymentId, outcome: "booked", entry: desk.ledger.entryCount, balance };
}

function refused(paymentId: string, reason = "it cannot be paid out"): Outcome {
  return { paymentId, outcome: "refused", reason };
}

/** That the market's time lies in, as far as the run reaches: it is not billed yet. */
function presentPeriod({ ports, terms: { calendar } }: SettlementDesk): number {
  const lengthMs = calendar.periodMinutes * minuteMs;
  const presentMs = Math.floor(ports.clock.now() / lengthMs) * lengthMs;
  return Math.min(Math.max(presentMs, firstPeriod(calendar)), lastPeriod(calendar));
}
