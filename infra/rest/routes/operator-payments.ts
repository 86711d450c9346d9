/** The operator's notes of money: what participants paid in, and what was paid out to them. */
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { mostPaidMicro, paymentKinds } from "../../../market/rules/payments.js";
import { majorFromMicro, microFromMajor } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import { idempotencyHeader, requestIdOf } from "../command-answer.js";
import { paymentsPerPage } from "../limits.js";
import { examplePayment, paymentAnswer, paymentShown } from "../payment-answer.js";
import { granted, ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const payBody = z
  .strictObject({
    participant: f.participant,
    kind: z.enum(paymentKinds).meta({ description: "deposit: paid in by the participant; payout: paid out to it" }),
    amount: f.money.gt(0).max(majorFromMicro(mostPaidMicro)),
    reference: z
      .string()
      .trim()
      .min(1)
      .max(140)
      .optional()
      .meta({ description: "such as the number of a bank's statement; kept for good, so no name of a person" }),
    requestId: f.requestId.optional().meta({ description: "or the header Idempotency-Key: one of them is needed" }),
  })
  .meta({
    examples: [
      { requestId: "2016-08-17", participant: "p4f7c2a1", kind: "deposit", amount: 20, reference: "bank 17/2016" },
    ],
  });
const listQuery = z.strictObject({
  participant: f.participant.optional().meta({ examples: ["p4f7c2a1"] }),
  state: z
    .enum(["pending", "booked", "refused"])
    .optional()
    .meta({ examples: ["booked"] }),
  after: f.objectId.optional().meta({ description: "`next` of the page before", examples: ["2016-08-17"] }),
  limit: z.coerce.number().int().min(1).max(paymentsPerPage.most).default(paymentsPerPage.usual),
});
const path = z.strictObject({ id: f.objectId.meta({ description: "the payment's id", examples: ["2016-08-17"] }) });
const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;
const pending = { ...examplePayment, state: "pending", entry: null };

export function operatorPaymentRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.post(
    "/operator/payments",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Note a deposit or a payout" },
          description:
            "Booked once between the bank and the participant's account, however often it is sent: the id in Idempotency-Key or `requestId` names it for good. A payout is no more than the balance, and no more than what is not held for orders and contracts.",
          problems: ["unknown-participant", "request-id-reused", "funds-exceeded"],
          answers: {
            201: { description: "booked", schema: paymentAnswer, example: examplePayment },
            202: {
              description:
                "noted, and booked once the part of the market that is away is back; ask again with the same",
              schema: paymentAnswer,
              example: pending,
            },
          },
        }),
        headers: idempotencyHeader,
        body: payBody,
      },
    },
    async (request, reply) => {
      const { requestId, participant, kind, amount, reference = null } = request.body;
      const paymentId = paymentIdOf(request, requestId);
      const { payment } = granted(
        await inside().registry.operator.pay({
          ...{ paymentId, participant, kind, reference },
          amountMicro: microFromMajor(amount),
        }),
      );
      void reply.header("idempotency-key", paymentId).header("cache-control", "no-store");
      if (payment.state === "refused")
        throw new ProblemError("funds-exceeded", payment.reason, { requestId: paymentId });
      return reply.code(payment.state === "booked" ? 201 : 202).send(paymentShown(payment));
    },
  );
  app.get(
    "/operator/payments",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Deposits and payouts", problems: ["bad-message"] },
          description: "The newest first, a page at a time: ask with `after` for the next.",
          answers: {
            200: {
              description: "a page of them",
              schema: z.object({ items: z.array(paymentAnswer), next: z.string().nullable() }),
              example: { items: [examplePayment], next: null },
            },
          },
        }),
        querystring: listQuery,
      },
    },
    async (request) => {
      const { limit, ...query } = request.query;
      const found = inside().registry.payments.list({ ...query, limit: limit + 1 });
      if (found === undefined) throw new ProblemError("bad-message", "`after` must be the `next` of a page before");
      const items = found.slice(0, limit).map(paymentShown);
      return { items, next: found.length > limit ? (items.at(-1)?.paymentId ?? null) : null };
    },
  );
  app.get(
    "/operator/payments/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "One payment", problems: ["bad-message", "unknown-payment"] },
          answers: { 200: { description: "how it stands", schema: paymentAnswer, example: examplePayment } },
        }),
        params: path,
      },
    },
    async (request) => {
      const payment = inside().registry.payments.payment(request.params.id);
      if (payment === undefined) throw new ProblemError("unknown-payment", `no payment ${request.params.id} is noted`);
      return paymentShown(payment);
    },
  );
}

/** Of money none is made here: who sends it again must be able to say that it is the same. @throws ProblemError */
function paymentIdOf(request: FastifyRequest, inBody: string | undefined): string {
  if (request.headers["idempotency-key"] === undefined && inBody === undefined)
    throw new ProblemError("bad-message", "a payment needs an Idempotency-Key, or a requestId in the body");
  return requestIdOf(request, inBody);
}
