/** A rejection in the contract's words, for all who have to refuse a command: the door itself, and who stands in for it. */
import type { Reply } from "../../shared/messages/private.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { isoUtc } from "../../shared/time.js";
import { readableRequestId, readJson } from "./decode.js";
import type { Packet } from "./packet.js";

/** @param requestId null where none is readable */
export function rejectionOf(
  packet: Packet,
  requestId: string | null,
  code: RejectCode,
  reason: string,
  nowMs: number,
): Reply {
  const topic = packet.topic as Reply["topic"];
  return { v: 1, ts: isoUtc(nowMs), requestId, topic, status: "rejected", code, reason };
}

/** The requestId of a packet that nobody has decoded, null where none is readable. */
export function requestIdOf(packet: Packet): string | null {
  const json = readJson(packet.payload);
  return json === undefined ? null : readableRequestId(json);
}
