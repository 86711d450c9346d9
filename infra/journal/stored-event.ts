/**
 * An event as columns of a journal and back.
 *
 * A participant's command is kept as it came, in columns that a reader of SQL understands; all else is kept as JSON. An event comes
 * back as it was, but for fields that are undefined: they are absent.
 */
import type { Packet } from "../../market/door/packet.js";
import type { ActorEvent } from "./journal.js";

/** `body` null: only time went on. `bytes` null: `body` is the event as JSON, else the command's payload. */
export type EventColumns = readonly [
  type: string,
  sender: string | null,
  topic: string | null,
  body: string | null,
  bytes: number | null,
  stampedAtMs: number | null,
];

interface CommandEvent extends ActorEvent {
  readonly type: "COMMAND";
  readonly packet: Packet;
}

export function eventColumns(event: ActorEvent | null): EventColumns {
  if (event === null) return ["TIME", null, null, null, null, null];
  if (isCommand(event)) {
    const { sender, topic, payload, bytes, stampedAtMs } = event.packet;
    if (keepsText(sender) && keepsText(topic) && keepsText(payload)) {
      return [event.type, sender, topic, payload, bytes, stampedAtMs];
    }
  }
  return [event.type, null, null, JSON.stringify(event), null, null];
}

/** @throws SyntaxError where `body` is not what was written. */
export function eventFrom([type, sender, topic, body, bytes, stampedAtMs]: EventColumns): ActorEvent | null {
  if (body === null) return null;
  if (bytes === null) return JSON.parse(body) as ActorEvent;
  const packet = { sender, topic, payload: body, bytes, stampedAtMs };
  return { type, packet } as CommandEvent;
}

/** Just a command: with more to it, it goes the other way. */
function isCommand(event: ActorEvent): event is CommandEvent {
  if (event.type !== "COMMAND" || Object.keys(event).length !== 2) return false;
  const { packet } = event as Partial<CommandEvent>;
  return (
    typeof packet === "object" &&
    packet !== null &&
    Object.keys(packet).length === 5 &&
    [packet.sender, packet.topic, packet.payload].every((text) => typeof text === "string") &&
    [packet.bytes, packet.stampedAtMs].every((number) => Number.isSafeInteger(number) && !Object.is(number, -0))
  );
}

/** SQLite ends a text at its first NUL, and UTF-8 has no half characters: such a text has to go as JSON, which spells them out. */
function keepsText(text: string): boolean {
  return !/[\0\ud800-\udfff]/.test(text) || !/\0|\p{Surrogate}/u.test(text);
}
