/**
 * A gateway's batch as the contract has it: every entry as if its participant had sent it, in order, and one reply that holds one for each.
 * The batch itself is refused as a whole where it is none, where nobody may send it, where it mixes what two managers answer, or where its
 * id stood for other entries.
 */
import type { Packet } from "../../../market/door/packet.js";
import {
  checkCommand,
  type Decide,
  type DoorRules,
  differs,
  isCode,
  isOverRate,
  type ModelDoor,
  type Told,
} from "./model-door.js";
import { objectIn, requestIdIn } from "./requests.js";

interface Entry {
  readonly for: string;
  readonly topic: string;
  readonly command: Readonly<Record<string, unknown>>;
}

type Batch =
  | { readonly ok: true; readonly requestId: string; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly requestId: string | null };

export interface BatchRules extends DoorRules {
  /** What this manager answers. */
  readonly topics: readonly string[];
}

const largestBytes = 256 * 1024;
const participant = /^[a-z][a-z0-9_-]{1,31}$/;

/** Checks the reply to whatever came, a command or a batch. @returns what is wrong with it, undefined where nothing is */
export function checkPacket(
  door: ModelDoor,
  rules: BatchRules,
  packet: Packet,
  atMs: number,
  reply: object | null,
  decide: (packet: Packet) => Decide,
): string | undefined {
  if (reply === null) return "it has no reply";
  const told = reply as Told;
  if (packet.topic !== "batch") return checkCommand(door, rules, { packet, atMs, told, decide: decide(packet) });
  const batch = readBatch(packet.payload, packet.bytes);
  if (told.requestId !== batch.requestId) return `it is answered as ${String(told.requestId)}`;
  if (!batch.ok) return differs(told, { code: "bad-message" }, packet);
  const { requestId, entries } = batch;
  const list = entries.map((entry) => `${entry.for} ${entry.topic} ${requestIdIn(entry.command)}`).join();
  const key = `${packet.sender} ${requestId}`;
  const earlier = door.batches.get(key);
  const whole = refusedWhole(door, rules, packet, entries);
  if (whole !== undefined) return differs(told, { code: whole }, packet);
  if (earlier !== undefined && earlier.list !== list) {
    if (isCode(told, "request-id-reused")) return undefined;
    if (atMs < earlier.heldUntilMs) return "its id stood for another batch";
  }
  if (isOverRate(door, rules, packet)) return differs(told, { code: "rate-limited" }, packet);
  let heldUntilMs = earlier?.list === list ? earlier.heldUntilMs : Number.NEGATIVE_INFINITY;
  const { replies = [] } = told;
  if (replies.length !== entries.length) return `${entries.length} entries have ${replies.length} replies`;
  for (const [place, entry] of entries.entries()) {
    const wrong = checkEntry(entry, replies[place] as Told);
    if (wrong !== undefined) return `entry ${place + 1}: ${wrong}`;
  }
  if (heldUntilMs > Number.NEGATIVE_INFINITY) door.batches.set(key, { list, heldUntilMs });
  return undefined;

  function checkEntry({ for: sender, topic, command }: Entry, own: Told): string | undefined {
    if (own.for !== sender) return `it is answered for ${own.for}`;
    const payload = JSON.stringify(command);
    const alone: Packet = { ...packet, sender, topic, payload, bytes: Buffer.byteLength(payload) };
    if (door.members.get(sender)?.gateway !== packet.sender) {
      if (own.requestId !== requestIdIn(command)) return `it is answered as ${String(own.requestId)}`;
      return differs(own, { code: "not-owner" }, alone);
    }
    return checkCommand(door, rules, {
      ...{ packet: alone, atMs, told: own, decide: decide(alone), isEntry: true },
      onHeld: (untilMs) => {
        heldUntilMs = Math.max(heldUntilMs, untilMs);
      },
    });
  }
}

function refusedWhole(
  { members }: ModelDoor,
  { topics }: BatchRules,
  { sender }: Packet,
  entries: readonly Entry[],
): string | undefined {
  if (members.size === 0) return "market-closed"; // it does not know its members yet
  if (members.get(sender)?.role !== "gateway") return "not-registered";
  return entries.every(({ topic }) => topics.includes(topic)) ? undefined : "bad-message";
}

function readBatch(payload: string, bytes: number): Batch {
  const fields = bytes > largestBytes ? undefined : objectIn(payload);
  if (fields === undefined) return { ok: false, requestId: null };
  const requestId = requestIdIn(fields);
  const { v, requestId: _requestId, ts, entries, ...more } = fields;
  const isHead = v === 1 && Object.keys(more).length === 0 && (ts === undefined || typeof ts === "string");
  if (requestId === null || !isHead || !Array.isArray(entries) || entries.length === 0 || !entries.every(isEntry))
    return { ok: false, requestId };
  return { ok: true, requestId, entries };
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { for: id, topic, command, ...more } = value as Record<string, unknown>;
  const isKnown = Object.keys(more).length === 0 && ["items", "orders", "meter"].includes(topic as string);
  const isObject = typeof command === "object" && command !== null && !Array.isArray(command);
  return isKnown && isObject && typeof id === "string" && participant.test(id);
}
