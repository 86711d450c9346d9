/**
 * The door as the contract has it: what every command meets before anybody decides on it, and what is answered to a repeated one.
 *
 * In the order of the codes: bad-message, not-registered, request-id-reused, rate-limited. What a decision was, is answered again to the
 * same content until it may be forgotten; then either the old answer or a new decision is right.
 */
import type { Packet } from "../../../market/door/packet.js";
import { type Fields, readRequest } from "./requests.js";

/** What the model expects: a code, or what an acceptance says. */
export type Expected =
  | { readonly code: string }
  | {
      readonly orderId?: string;
      readonly itemId?: string;
      readonly version?: number;
      readonly biddingCycle?: number;
      readonly periodMs: number;
    };

export interface Decided {
  readonly expected: Expected;
  /** Until when the answer has to be the same; undefined: the same may be decided anew at once. */
  readonly heldUntilMs: number | undefined;
}

export interface ModelMember {
  readonly id: string;
  readonly role: string;
  readonly capacityWh: number;
  readonly creditLimitMicro: number | undefined;
}

interface Answer {
  readonly content: string;
  readonly reply: string;
  readonly heldUntilMs: number;
}

export interface ModelDoor {
  readonly members: Map<string, ModelMember>;
  readonly answers: Map<string, Answer>;
  readonly windows: Map<string, { startMs: number; count: number }>;
}

export interface DoorRules {
  readonly mostCommands: number;
  readonly windowMs: number;
}

export function createDoor(): ModelDoor {
  return { members: new Map(), answers: new Map(), windows: new Map() };
}

/** @returns what is wrong with the market's reply, undefined where nothing is */
export function checkReply(
  door: ModelDoor,
  rules: DoorRules,
  packet: Packet,
  atMs: number,
  reply: object | null,
  decide: (fields: Fields, member: ModelMember) => Decided,
): string | undefined {
  const told = reply as { status?: string; code?: string; requestId?: string | null } | null;
  if (told === null) return "it has no reply";
  const request = readRequest(packet.topic, packet.payload, packet.bytes);
  if (told.requestId !== request.requestId) return `it is answered as ${String(told.requestId)}`;
  if (packet.topic === "batch") {
    return isCode(told, "not-registered") || isCode(told, "bad-message") ? undefined : "a batch is not taken";
  }
  if (!request.ok) return differs(told, { code: "bad-message" }, packet);
  const member = door.members.get(packet.sender);
  if (door.members.size === 0) return differs(told, { code: "market-closed" }, packet); // it does not know its members yet
  if (member === undefined) return differs(told, { code: "not-registered" }, packet);
  const key = `${packet.sender} ${packet.topic} ${request.requestId}`;
  const earlier = door.answers.get(key);
  const text = JSON.stringify(reply);
  if (earlier !== undefined) {
    const isSame = earlier.content === request.content;
    const isRepeated = isSame ? earlier.reply === text : told.code === "request-id-reused";
    if (isRepeated) return undefined;
    if (atMs < earlier.heldUntilMs)
      return isSame ? `it was answered ${earlier.reply} before` : "its id stood for another";
  }
  const window = door.windows.get(packet.sender);
  if (window === undefined || packet.stampedAtMs >= window.startMs + rules.windowMs) {
    door.windows.set(packet.sender, { startMs: packet.stampedAtMs, count: 1 });
  } else {
    window.count += 1;
    if (window.count > rules.mostCommands) return differs(told, { code: "rate-limited" }, packet);
  }
  const { expected, heldUntilMs } = decide(request.fields, member);
  if (heldUntilMs !== undefined) door.answers.set(key, { content: request.content, reply: text, heldUntilMs });
  return differs(told, expected, packet);
}

function isCode(told: { status?: string; code?: string }, code: string): boolean {
  return told.status === "rejected" && told.code === code;
}

function differs(told: object, expected: Expected, { stampedAtMs }: Packet): string | undefined {
  const actual = told as Record<string, unknown>;
  if ("code" in expected) {
    return isCode(actual, expected.code)
      ? undefined
      : `${expected.code} was to be expected, not ${JSON.stringify(told)}`;
  }
  const wanted: Record<string, unknown> = {
    ...expected,
    ...{ status: "accepted", period: isoOf(expected.periodMs), acceptedAt: isoOf(stampedAtMs) },
  };
  delete wanted.periodMs;
  const wrong = Object.keys(wanted).filter((name) => actual[name] !== wanted[name]);
  return wrong.length === 0 ? undefined : `${JSON.stringify(wanted)} was to be expected, not ${JSON.stringify(told)}`;
}

export function isoOf(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}
