/** The door for batches: who may send one, its entries through the same checks as any command, one reply for all. */
import type { BatchReply } from "../../shared/messages/batch-reply.js";
import type { Reply } from "../../shared/messages/private.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { isoUtc } from "../../shared/time.js";
import type { MemberTerms } from "../terms.js";
import { contentOfBatch, entryReply, packetOfEntry, refusedFor } from "./batch.js";
import { type BatchEntry, type CommandOn, type CommandTopic, decodeBatch, readableRequestId } from "./decode.js";
import type { DoorMemory } from "./door-memory.js";
import type { Packet } from "./packet.js";
import type { RateLimit } from "./rate-limit.js";
import type { Decision, ReceptionOptions } from "./reception.js";
import { rejectionOf } from "./refusal.js";
import { recall, remember } from "./reply-memory.js";

/** What a manager decides, by topic; what is not there is another manager's. */
export type Deciders = {
  readonly [T in CommandTopic]?: (command: CommandOn<T>, sender: MemberTerms, packet: Packet) => Decision;
};

interface Door {
  readonly options: ReceptionOptions;
  readonly memory: DoorMemory;
  readonly rateLimit: RateLimit;
  /** What one command comes to. */
  readonly answer: <T extends CommandTopic>(
    topic: T,
    packet: Packet,
    decide: (command: CommandOn<T>, sender: MemberTerms) => Decision,
  ) => Reply;
  readonly refuse: (packet: Packet, requestId: string | null, code: RejectCode, reason: string) => void;
}

type Refused = readonly [code: RejectCode, reason: string];

export function createBatchReception(door: Door): (packet: Packet, deciders: Deciders) => void {
  const { options, memory, answer, refuse } = door;
  const { outbox, topics, journal, now } = options;

  return (packet, deciders) => {
    const decoded = decodeBatch(packet);
    if (!decoded.ok) return refuse(packet, decoded.requestId, "bad-message", decoded.reason);
    const { requestId, entries } = decoded.command;
    const gateway = memory.members?.get(packet.sender);
    const refused = refusedBatch(door, packet, { requestId, entries }, deciders);
    if (refused !== undefined || gateway === undefined)
      return refuse(packet, requestId, ...(refused ?? notRegistered(packet.sender)));
    let forgetAtMs = 0;
    const replies: BatchReply["replies"] = [];
    for (const entry of entries) {
      const own = packetOfEntry(entry, packet);
      const why = refusedFor(gateway, memory.members?.get(entry.for), entry.for);
      const reply =
        why === undefined
          ? entryAnswer(entry.topic, own)
          : rejectionOf(own, readableRequestId(entry.command), "not-owner", why, now());
      if (reply.status === "rejected")
        journal.record({ type: "rejected", participant: entry.for, topic: entry.topic, code: reply.code });
      replies.push(entryReply(entry.for, reply));
    }
    if (forgetAtMs > 0) {
      const known: Reply = {
        v: 1,
        ts: isoUtc(now()),
        requestId,
        topic: "batch",
        status: "accepted",
        acceptedAt: isoUtc(packet.stampedAtMs),
      };
      remember(memory.replies, packet.sender, "batch", contentOfBatch(entries), known, forgetAtMs);
    }
    const message: BatchReply = { v: 1, ts: isoUtc(now()), requestId, topic: "batch", replies };
    outbox.publish(topics.private(packet.sender, "replies"), message);

    function entryAnswer<T extends CommandTopic>(topic: T, own: Packet): Reply {
      const decide: Deciders[T] = deciders[topic];
      if (decide === undefined) throw new Error(`nobody here decides ${topic}`);
      return answer(topic, own, (command, member) => {
        const decision = decide(command, member, own);
        forgetAtMs = Math.max(forgetAtMs, decision.forgetAtMs ?? 0);
        return decision;
      });
    }
  };
}

function refusedBatch(
  { memory, rateLimit }: Door,
  { sender, stampedAtMs }: Packet,
  { requestId, entries }: { readonly requestId: string; readonly entries: readonly BatchEntry[] },
  deciders: Deciders,
): Refused | undefined {
  if (memory.members === undefined) return ["market-closed", "the market is starting: send again later"];
  const gateway = memory.members.get(sender);
  if (gateway?.role !== "gateway" || gateway.standing === "left") return notRegistered(sender);
  if (entries.some(({ topic }) => deciders[topic] === undefined))
    return ["bad-message", "a batch holds either readings, or items and orders: they are answered by two managers"];
  if (recall(memory.replies, sender, "batch", requestId, contentOfBatch(entries)) === "reused")
    return ["request-id-reused", `requestId ${requestId} stood for another batch before`];
  if (!memory.open) return ["market-closed", "the market takes no commands at the moment"];
  if (gateway.standing === "suspended") return ["suspended", `the operator has suspended ${sender}`];
  if (rateLimit.admits(sender, stampedAtMs)) return undefined;
  return ["rate-limited", "too many batches at once: send again later"];
}

function notRegistered(id: string): Refused {
  return ["not-registered", `${id} is not registered as a gateway`];
}
