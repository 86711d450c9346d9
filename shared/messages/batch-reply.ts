/** What a gateway hears of its batch: one reply that holds one per entry. Source: contract.md, topic `in/<id>/batch`. */
import * as z from "zod";
import { rejectCodeNames } from "../reject-codes.js";
import * as f from "./fields.js";

const entryReply = z.object({
  for: f.participant.meta({ description: "the participant under the gateway" }),
  requestId: f.requestId.nullable(),
  status: z.enum(["accepted", "rejected"]),
  code: z.enum(rejectCodeNames).optional(),
  reason: z.string().optional(),
  orderId: f.objectId.optional(),
  itemId: f.objectId.optional(),
  version: f.orderVersion.optional(),
});

export const batchReply = z.object({
  ...f.stamped,
  requestId: f.requestId.nullable(),
  topic: z.literal("batch"),
  replies: z.array(entryReply).meta({ description: "one per entry, in their order" }),
});
export type BatchReply = z.infer<typeof batchReply>;
