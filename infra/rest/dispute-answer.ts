/** A dispute as it is told over REST. */
import * as z from "zod";
import { type Dispute, disputeStates } from "../../market/rules/disputes.js";
import * as f from "../../shared/messages/fields.js";
import { isoUtc } from "../../shared/time.js";

export const disputeShown = z.object({
  billId: f.objectId,
  participant: f.participant,
  period: f.period,
  reason: z.string().meta({ description: "what the participant says" }),
  raisedAt: f.instant,
  state: z.enum(disputeStates),
  answer: z.string().nullable().meta({ description: "what the operator says; null while it is open" }),
  answeredAt: f.instant.nullable(),
});

export const exampleDispute: z.infer<typeof disputeShown> = {
  ...{ billId: "b812", participant: "p4f7c2a1", period: "2016-08-01T02:00:00Z", raisedAt: "2016-08-05T09:00:00Z" },
  ...{ reason: "the meter stood still that night", state: "open", answer: null, answeredAt: null },
};

export function disputeAnswer(dispute: Dispute): z.infer<typeof disputeShown> {
  const { billId, participant, periodMs, reason, raisedAtMs, state, answer, answeredAtMs } = dispute;
  return {
    ...{ billId, participant, period: isoUtc(periodMs), reason, raisedAt: isoUtc(raisedAtMs), state, answer },
    answeredAt: answeredAtMs === null ? null : isoUtc(answeredAtMs),
  };
}
