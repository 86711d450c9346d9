/** Disputes for the operator: to be read, and answered once, where it is upheld with the reading, or the credit, that puts it right. */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type Dispute, disputeStates } from "../../../market/rules/disputes.js";
import { mostPaidMicro, type NotedPayment } from "../../../market/rules/payments.js";
import { majorFromMicro, microFromMajor, whFromKwh } from "../../../shared/decimal.js";
import { meterReading } from "../../../shared/messages/commands.js";
import * as f from "../../../shared/messages/fields.js";
import { isoUtc } from "../../../shared/time.js";
import { readingKey } from "../../journal/reading-store.js";
import { longestUntoldMs } from "../../readings/import-plan.js";
import { disputeAnswer, disputeShown, exampleDispute } from "../dispute-answer.js";
import { disputesPerPage } from "../limits.js";
import { examplePayment, paymentAnswer, paymentShown } from "../payment-answer.js";
import { granted, ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const listQuery = z.strictObject({
  state: z
    .enum(disputeStates)
    .optional()
    .meta({ examples: ["open"] }),
  after: f.objectId.optional().meta({ description: "`next` of the page before", examples: ["b812"] }),
  limit: z.coerce.number().int().min(1).max(disputesPerPage.most).default(disputesPerPage.usual),
});
const { importKwh, exportKwh, generationKwh } = meterReading.shape;
const answerBody = z
  .strictObject({
    outcome: z.enum(["upheld", "rejected"]),
    answer: z.string().trim().min(1).max(500).meta({ description: "the participant reads it; kept for good" }),
    reading: z
      .strictObject({ importKwh, exportKwh, generationKwh })
      .optional()
      .meta({ description: "what the meter should have told; the bill of the correction goes out with the next tick" }),
    credit: f.money.gt(0).max(majorFromMicro(mostPaidMicro)).optional().meta({
      description: "booked to the participant's account, once for this bill, as the deposit `dispute-<bill>`",
    }),
  })
  .refine(({ outcome, reading }) => outcome === "upheld" || reading === undefined, {
    error: "only what is upheld corrects a reading",
    path: ["reading"],
  })
  .refine(({ outcome, credit }) => outcome === "upheld" || credit === undefined, {
    error: "only what is upheld is credited",
    path: ["credit"],
  })
  .meta({
    examples: [
      {
        ...{ outcome: "upheld", answer: "read again: 0.2 kWh" },
        reading: { importKwh: 0.2, exportKwh: 0, generationKwh: 0 },
      },
      { outcome: "upheld", answer: "the tariff was the old one's", credit: 0.02 },
    ],
  });
const answered = disputeShown.extend({
  credit: paymentAnswer.nullable().meta({ description: "null: the answer credits nothing" }),
});
const answeredExample = {
  ...{ ...exampleDispute, state: "upheld", answer: "read again: 0.2 kWh", answeredAt: "2016-08-06T10:00:00Z" },
  credit: {
    ...{ ...examplePayment, paymentId: "dispute-b812", amount: 0.02, reference: "upheld dispute about bill b812" },
    ...{ notedAt: "2016-08-06T10:00:00Z" },
  },
};
const path = z.strictObject({ id: f.objectId.meta({ description: "the bill's id", examples: ["b812"] }) });
const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;

type Services = Pick<RestServices, "inside" | "books">;

export function operatorDisputeRoutes(app: RestApp, services: Services): void {
  listing(app, services);
  answering(app, services);
}

function listing(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.get(
    "/operator/disputes",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Disputes about bills", problems: ["bad-message"] },
          description: "In the order in which they were raised, a page at a time.",
          answers: {
            200: {
              description: "a page of them",
              schema: z.object({ items: z.array(disputeShown), next: z.string().nullable() }),
              example: { items: [exampleDispute], next: "b812" },
            },
          },
        }),
        querystring: listQuery,
      },
    },
    async (request) => {
      const { limit, ...query } = request.query;
      const found = inside().registry.disputes.list({ ...query, limit: limit + 1 });
      if (found === undefined) throw new ProblemError("bad-message", "`after` must be the `next` of a page before");
      const items = found.slice(0, limit);
      return { items: items.map(disputeAnswer), next: found.length > limit ? (items.at(-1)?.billId ?? null) : null };
    },
  );
}

function answering(app: RestApp, { inside, books }: Services): void {
  app.post(
    "/operator/disputes/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Answer a dispute" },
          description:
            "Once. With `reading` the market takes it first, as the operator's: it outranks all others. Where it is not the reading that was wrong, `credit` books an amount from the bank to the participant, once for each bill however often the same answer is sent.",
          problems: [
            ...(["unknown-dispute", "already-answered", "energy-out-of-range", "unknown-period"] as const),
            ...(["request-id-reused", "no-reply"] as const),
          ],
          answers: { 200: { description: "the dispute, answered", schema: answered, example: answeredExample } },
        }),
        ...{ params: path, body: answerBody },
      },
    },
    async (request) => {
      const { door, registry } = inside();
      const { id: billId } = request.params;
      const { outcome: state, answer, reading, credit } = request.body;
      const known = registry.disputes.of(billId);
      if (known === undefined) throw new ProblemError("unknown-dispute", `nobody disputes ${billId}`);
      if (reading !== undefined && known.state !== "open" && isOther(reading, known, books))
        throw new ProblemError(
          "already-answered",
          `${billId} was ${known.state} already, and another reading stands: bring this one as a file (POST /operator/readings)`,
        );
      if (reading !== undefined && known.state === "open") {
        const command = {
          v: 1 as const,
          requestId: randomUUID(),
          period: isoUtc(known.periodMs),
          for: known.participant,
        };
        const reply = await door.send("operator", "meter", { ...command, ...reading });
        if (reply.status === "rejected") throw new ProblemError(reply.code, reply.reason);
      }
      const { dispute } = granted(await registry.operator.answerDispute({ billId, state, answer }));
      // After the answer: where two answers meet, the one that was too late credits nothing. The same again makes up for what failed here.
      const payment = credit === undefined ? null : await credited(registry, dispute, credit);
      return { ...disputeAnswer(dispute), credit: payment === null ? null : paymentShown(payment) };
    },
  );
}

/** Its id is the bill's, so that it is noted once. @throws ProblemError where another amount was credited before */
async function credited(
  { operator }: ReturnType<Services["inside"]>["registry"],
  { billId, participant }: Dispute,
  amount: number,
): Promise<NotedPayment> {
  const { payment } = granted(
    await operator.pay({
      ...{ paymentId: `dispute-${billId}`, participant, kind: "deposit", amountMicro: microFromMajor(amount) },
      reference: `upheld dispute about bill ${billId}`,
    }),
  );
  return payment;
}

type Values = NonNullable<z.infer<typeof answerBody>["reading"]>;

/** Whether another reading stands than the one that comes with an answer given before: nothing would come of it. */
function isOther(values: Values, { participant, periodMs }: Dispute, { market, readings }: Services["books"]): boolean {
  const sinceMs = market().nowMs - longestUntoldMs;
  const stands = readings.standing(periodMs, periodMs, sinceMs).get(readingKey(participant, periodMs))?.reading;
  if (stands === undefined) return false;
  const { importKwh, exportKwh, generationKwh } = values;
  return (
    stands.importWh !== whFromKwh(importKwh) ||
    stands.exportWh !== whFromKwh(exportKwh) ||
    stands.generationWh !== whFromKwh(generationKwh)
  );
}
