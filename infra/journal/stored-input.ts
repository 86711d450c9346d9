/**
 * An input as columns: a command's packet as it came, so that readers see it and nothing is wrapped into JSON once more; any other event,
 * and a command that is not quite of that form, as JSON. Journals before schema 2 have all events as JSON.
 */
import type { Packet } from "../../market/door/packet.js";
import { textOf } from "../message-text.js";
import type { ActorEvent, JournalEntry } from "./journal.js";
import type { Value } from "./row-keeper.js";

const commandColumns = ["sender", "topic", "payload", "bytes", "stamped_at_ms"] as const;
const wrapsCommands = 2;

/** In the order of `addInput`. */
export const inputColumns = ["n", "at_ms", "event", ...commandColumns, "reply", "digest"] as const;

/** What `eventFrom` takes. @param version of the journal's schema */
export function eventColumns(version: number): string {
  return ["event", ...commandColumns.map((column) => (version < wrapsCommands ? "NULL" : column))].join(", ");
}

export type EventRow = readonly [
  event: string | null,
  sender: string | null,
  topic: string | null,
  payload: string | null,
  bytes: number | null,
  stampedAtMs: number | null,
];

export function addInput(values: Value[], { n, atMs, event, reply, digest }: JournalEntry): void {
  if (event !== null && isPlainCommand(event)) {
    const { sender, topic, payload, bytes, stampedAtMs } = event.packet;
    values.push(n, atMs, null, sender, topic, payload, bytes, stampedAtMs);
  } else values.push(n, atMs, jsonOrNull(event), null, null, null, null, null);
  values.push(reply === null ? null : textOf(reply), digest);
}

/** @throws SyntaxError where it is not what was written. */
export function eventFrom([event, sender, topic, payload, bytes, stampedAtMs]: EventRow): ActorEvent | null {
  if (event !== null) return JSON.parse(event) as ActorEvent;
  if (payload === null) return null;
  return { type: "COMMAND", packet: { sender, topic, payload, bytes, stampedAtMs } } as ActorEvent;
}

interface PlainCommand extends ActorEvent {
  readonly packet: Packet;
}

/** Nothing beside what has a column, and texts that a column can hold: JSON escapes the others. */
function isPlainCommand(event: ActorEvent): event is PlainCommand {
  if (event.type !== "COMMAND") return false;
  const { packet } = event as { readonly packet?: Partial<Packet> | null };
  if (typeof packet !== "object" || packet === null || count(event) !== 2 || count(packet) !== 5) return false;
  const { sender, topic, payload, bytes, stampedAtMs } = packet;
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(stampedAtMs)) return false;
  return isPlainText(sender) && isPlainText(topic) && isPlainText(payload);
}

function count(object: object): number {
  let fields = 0;
  for (const _ in object) fields += 1;
  return fields;
}

function isPlainText(text: unknown): boolean {
  return typeof text === "string" && text.isWellFormed() && !text.includes("\0");
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
