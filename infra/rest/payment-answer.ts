/** A payment as REST tells it: to the operator, and to the participant whose it is. */
import * as z from "zod";
import { type NotedPayment, paymentKinds } from "../../market/rules/payments.js";
import { majorFromMicro } from "../../shared/decimal.js";
import * as f from "../../shared/messages/fields.js";
import { isoUtc } from "../../shared/time.js";

export const paymentAnswer = z.object({
  paymentId: f.objectId,
  participant: f.participant,
  kind: z.enum(paymentKinds).meta({ description: "deposit: paid in by the participant; payout: paid out to it" }),
  amount: f.money,
  reference: z.string().nullable(),
  notedAt: f.instant,
  state: z.enum(["pending", "booked", "refused"]),
  entry: z.int().nullable().meta({ description: "its number in the ledger, once it is booked" }),
  reason: z.string().nullable().meta({ description: "why it is refused" }),
});

export const examplePayment = {
  ...{ paymentId: "2016-08-17", participant: "p4f7c2a1", kind: "deposit", amount: 20, reference: "bank 17/2016" },
  ...{ notedAt: "2016-08-01T00:30:00Z", state: "booked", entry: 97, reason: null },
};

export function paymentShown(payment: NotedPayment): z.infer<typeof paymentAnswer> {
  const { paymentId, participant, kind, amountMicro, reference, notedAtMs, state } = payment;
  return {
    ...{ paymentId, participant, kind, amount: majorFromMicro(amountMicro), reference },
    ...{ notedAt: isoUtc(notedAtMs), state },
    entry: payment.state === "booked" ? payment.entry : null,
    reason: payment.state === "refused" ? payment.reason : null,
  };
}
