/** A participant says that a bill of its own is wrong. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { instantFromIso } from "../../../shared/time.js";
import { participantOf } from "../authentication.js";
import { disputeAnswer, disputeShown, exampleDispute } from "../dispute-answer.js";
import { granted, ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const body = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).meta({ description: "kept for good, so no name of a person" }),
  })
  .meta({ examples: [{ reason: "the meter stood still that night" }] });

export function disputeRoutes(app: RestApp, { inside, bills }: Pick<RestServices, "inside" | "bills">): void {
  app.post(
    "/bills/:id/dispute",
    {
      config: { access: "own" },
      schema: {
        ...about({
          ...{ tag: "own", access: "own", takesBody: true, summary: "Dispute a bill" },
          description:
            "Until its `finalAt`, once. The bill stands meanwhile; what the operator upholds is put right by a correction, which has a bill of its own.",
          problems: ["not-found", "already-disputed", "dispute-closed", "too-many-disputes", "market-closed"],
          answers: { 201: { description: "the dispute", schema: disputeShown, example: exampleDispute } },
        }),
        params: z.strictObject({ id: f.objectId.meta({ description: "the bill's id", examples: ["b812"] }) }),
        body,
      },
    },
    async (request, reply) => {
      const { id: participant } = participantOf(request);
      const { id: billId } = request.params;
      const bill = bills.find(participant, billId);
      const [sentAtMs, periodMs] = [instantFromIso(bill?.ts ?? ""), instantFromIso(bill?.period ?? "")];
      if (sentAtMs === undefined || periodMs === undefined)
        throw new ProblemError("not-found", `you have no bill ${billId}`);
      const { reason } = request.body;
      const { dispute } = granted(
        await inside().registry.disputes.raise({ billId, participant, periodMs, sentAtMs, reason }),
      );
      return reply.code(201).send(disputeAnswer(dispute));
    },
  );
}
