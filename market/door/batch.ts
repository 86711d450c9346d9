/**
 * A gateway's batch: commands of several participants in one packet, answered by one reply that holds one for each.
 *
 * Every entry is worked as if its participant had sent it, in order: through the same checks, with the same memory of its requestId. So a
 * batch sent again has no second effect. What is remembered of the batch itself is only which entries it had: another list under the same
 * requestId is refused. Readings are the exchange's, items and orders are bidding's, and a batch has one reply: so it holds either the one
 * or the other.
 */
import type { BatchReply } from "../../shared/messages/batch-reply.js";
import type { Reply } from "../../shared/messages/private.js";
import type { MemberTerms } from "../terms.js";
import { type BatchEntry, decodeBatch, readableRequestId } from "./decode.js";
import type { Packet } from "./packet.js";

/** Who answers a batch: by its entries; what is none, or mixes both, is bidding's to refuse. */
export function answersBatch(packet: Packet): "bidding" | "exchange" {
  const decoded = decodeBatch(packet);
  const onlyReadings = decoded.ok && decoded.command.entries.every(({ topic }) => topic === "meter");
  return onlyReadings ? "exchange" : "bidding";
}

/** @returns why this gateway may not send for the participant; undefined: it may */
export function refusedFor(gateway: MemberTerms, subject: MemberTerms | undefined, id: string): string | undefined {
  if (subject?.gateway === gateway.id) return undefined;
  return `${id} is not under the gateway ${gateway.id}`;
}

/** An entry as its participant would have sent it. */
export function packetOfEntry({ for: sender, topic, command }: BatchEntry, { stampedAtMs }: Packet): Packet {
  const payload = JSON.stringify(command);
  return { sender, topic, payload, bytes: new TextEncoder().encode(payload).length, stampedAtMs };
}

/** What the batch itself is known by when it comes again. */
export function contentOfBatch(entries: readonly BatchEntry[]): string {
  return entries.map(({ for: id, topic, command }) => `${id}/${topic}/${readableRequestId(command)}`).join(" ");
}

export function entryReply(id: string, reply: Reply): BatchReply["replies"][number] {
  const { requestId, status } = reply;
  if (reply.status === "rejected") return { for: id, requestId, status, code: reply.code, reason: reply.reason };
  const { orderId, itemId, version } = reply;
  return {
    ...{ for: id, requestId, status },
    ...(orderId === undefined ? {} : { orderId }),
    ...(itemId === undefined ? {} : { itemId }),
    ...(version === undefined ? {} : { version }),
  };
}
