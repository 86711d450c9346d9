/**
 * Payouts at the bidding desk: what is to be paid out is held like an order, until settlement's next word on the funds contains it.
 *
 * Bidding alone reserves, so bidding alone can say that no order takes the same money. Of who has no limit nothing is ever held.
 */
import { microFromMajor } from "../../../shared/decimal.js";
import type { ManagePayments } from "../../../shared/messages/manage.js";
import { holdPayout } from "../../rules/credit.js";
import { refusedPayout } from "../../rules/payments.js";
import type { BiddingDesk } from "./desk.js";

/** Says of each payout whether it is held; deposits are settlement's alone. */
export function learnPayments(desk: BiddingDesk, { payments }: ManagePayments): void {
  const payouts = payments.flatMap(({ paymentId, participant, kind, amount }) => {
    if (kind !== "payout") return [];
    const refused = hold(desk, paymentId, participant, amount);
    return [refused === undefined ? { paymentId, held: true } : { paymentId, held: false, reason: refused }];
  });
  if (payouts.length > 0) desk.ports.link.hand({ kind: "payouts", body: { payouts } });
}

function hold({ reception, credit }: BiddingDesk, paymentId: string, participant: string, amount: number) {
  const limitMicro = reception.members.get(participant)?.creditLimitMicro;
  if (limitMicro === undefined) return undefined;
  const amountMicro = microFromMajor(amount);
  const account = credit.accounts.get(participant);
  const refused = refusedPayout(amountMicro, {
    ...{ balanceMicro: account?.fundsMicro, limitMicro, heldMicro: account?.heldMicro ?? microFromMajor(0) },
  });
  if (refused === undefined && account !== undefined) holdPayout(account, paymentId, amountMicro);
  return refused;
}
