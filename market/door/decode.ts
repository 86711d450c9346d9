/**
 * Packet → size → JSON → strict schema → command. What fails is a `bad-message`, with the requestId where one is readable.
 *
 * Source: contract.md "Rules for every message" (4 kB, unknown fields refused), house.md 3 (the path of an order).
 */
import type * as z from "zod";
import { batch, itemsCommand, meterReading, ordersCommand } from "../../shared/messages/commands.js";
import { requestId as requestIdField } from "../../shared/messages/fields.js";
import { largestBatchBytes, largestCommandBytes, type Packet } from "./packet.js";

/** Topics that carry commands, with the schema of each. */
export const commandSchemas = { items: itemsCommand, orders: ordersCommand, meter: meterReading } as const;
export type CommandTopic = keyof typeof commandSchemas;
export type CommandOn<T extends CommandTopic> = z.infer<(typeof commandSchemas)[T]>;

export type Decoded<C> =
  | { readonly ok: true; readonly command: C }
  | { readonly ok: false; readonly requestId: string | null; readonly reason: string };

/** @param topic one of the command topics; `packet.topic` must be the same */
export function decode<T extends CommandTopic>(topic: T, packet: Packet): Decoded<CommandOn<T>> {
  return decodeAs<CommandOn<T>>(commandSchemas[topic], largestCommandBytes, packet);
}

export type BatchEntry = z.infer<typeof batch>["entries"][number];

/** A gateway's batch; what its entries hold is not looked at. */
export function decodeBatch(packet: Packet): Decoded<z.infer<typeof batch>> {
  return decodeAs<z.infer<typeof batch>>(batch, largestBatchBytes, packet);
}

function decodeAs<C>(schema: z.ZodType, largestBytes: number, packet: Packet): Decoded<C> {
  if (packet.bytes > largestBytes) {
    return { ok: false, requestId: null, reason: `${packet.bytes} bytes, at most ${largestBytes} are taken` };
  }
  const json = readJson(packet.payload);
  if (json === undefined) return { ok: false, requestId: null, reason: "the payload is not a JSON object" };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, command: parsed.data as C };
  return { ok: false, requestId: readableRequestId(json), reason: sentenceOf(parsed.error) };
}

/** The JSON object in `payload`, or undefined for anything else. */
export function readJson(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Why a payload that is no command was refused by its schema, in words, with the field. */
export function faultOf(payload: string, error: z.core.$ZodError): string {
  return readJson(payload) === undefined ? "the payload is not a JSON object" : sentenceOf(error);
}

/** The requestId of a message, where it has one of the right form. */
export function readableRequestId(json: Record<string, unknown>): string | null {
  const parsed = requestIdField.safeParse(json.requestId);
  return parsed.success ? parsed.data : null;
}

/** The first fault in words, with the field it is in. */
function sentenceOf(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "the message does not fit its schema";
  const field = issue.path.join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return `there is no field ${issue.keys.join(", ")} in this message`;
    case "invalid_type":
      // The issue does not carry the value itself, its message says whether there was one.
      return issue.message.endsWith("received undefined")
        ? `${field} is missing`
        : `${field} must be ${article(issue.expected)}`;
    case "invalid_value":
      return `${field} must be ${issue.values.map(String).join(" or ")}`;
    case "too_small":
      return `${field} must be at least ${issue.minimum}`;
    case "invalid_union":
      return `${field} is none that this topic knows`;
    default:
      return `${field} ${issue.message}`;
  }
}

function article(type: string): string {
  const word = type === "int" ? "integer" : type;
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}
