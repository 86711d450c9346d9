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
  /** Whose batches may hold its commands. */
  readonly gateway?: string | undefined;
}

interface Answer {
  readonly content: string;
  /** What an entry of a batch is told. */
  readonly brief: string;
  /** What who sent it alone is told; undefined: it came in a batch so far. */
  whole: string | undefined;
  readonly heldUntilMs: number;
}

export interface ModelDoor {
  readonly members: Map<string, ModelMember>;
  readonly answers: Map<string, Answer>;
  /** Batches by sender and id. */
  readonly batches: Map<string, { readonly list: string; readonly heldUntilMs: number }>;
  readonly windows: Map<string, { startMs: number; count: number }>;
}

export interface DoorRules {
  readonly mostCommands: number;
  readonly windowMs: number;
}

export function createDoor(): ModelDoor {
  return { members: new Map(), answers: new Map(), batches: new Map(), windows: new Map() };
}

export type Decide = (fields: Fields, member: ModelMember) => Decided;

/** A reply, or what a batch's reply holds for one entry. */
export interface Told {
  readonly status?: string;
  readonly code?: string;
  readonly requestId?: string | null;
  readonly for?: string;
  readonly replies?: readonly object[];
}

export interface Answered {
  readonly packet: Packet;
  readonly atMs: number;
  readonly told: Told;
  readonly decide: Decide;
  /** It came in a batch, whose reply says less. */
  readonly isEntry?: boolean;
  /** A decision was made, and is remembered until then. */
  readonly onHeld?: (untilMs: number) => void;
}

/** @returns what is wrong with the market's reply to one command, undefined where nothing is */
export function checkCommand(door: ModelDoor, rules: DoorRules, answered: Answered): string | undefined {
  const { packet, atMs, told, decide, isEntry = false } = answered;
  const request = readRequest(packet.topic, packet.payload, packet.bytes);
  if (told.requestId !== request.requestId) return `it is answered as ${String(told.requestId)}`;
  if (!request.ok) return differs(told, { code: "bad-message" }, packet);
  const member = door.members.get(packet.sender);
  if (door.members.size === 0) return differs(told, { code: "market-closed" }, packet); // it does not know its members yet
  if (member === undefined) return differs(told, { code: "not-registered" }, packet);
  const key = `${packet.sender} ${packet.topic} ${request.requestId}`;
  const earlier = door.answers.get(key);
  const [brief, whole] = [briefOf(told), isEntry ? undefined : JSON.stringify(told)];
  if (earlier !== undefined) {
    const isSame = earlier.content === request.content;
    const isSaid = earlier.brief === brief && (whole ?? earlier.whole) === (earlier.whole ?? whole);
    if (isSame && isSaid) earlier.whole ??= whole;
    if (isSame ? isSaid : told.code === "request-id-reused") return undefined;
    if (atMs < earlier.heldUntilMs)
      return isSame ? `it was answered ${earlier.whole ?? earlier.brief} before` : "its id stood for another";
  }
  if (isOverRate(door, rules, packet)) return differs(told, { code: "rate-limited" }, packet);
  const { expected, heldUntilMs } = decide(request.fields, member);
  if (heldUntilMs !== undefined) {
    door.answers.set(key, { content: request.content, brief, whole, heldUntilMs });
    answered.onHeld?.(heldUntilMs);
  }
  return differs(told, expected, packet, isEntry);
}

/** Counts what comes; true when it is one too many. */
export function isOverRate({ windows }: ModelDoor, rules: DoorRules, { sender, stampedAtMs }: Packet): boolean {
  const window = windows.get(sender);
  if (window === undefined || stampedAtMs >= window.startMs + rules.windowMs) {
    windows.set(sender, { startMs: stampedAtMs, count: 1 });
    return false;
  }
  window.count += 1;
  return window.count > rules.mostCommands;
}

function briefOf(told: Told): string {
  const { requestId, status, code, reason, orderId, itemId, version } = told as Record<string, unknown>;
  return JSON.stringify({ requestId, status, code, reason, orderId, itemId, version });
}

export function isCode(told: Told, code: string): boolean {
  return told.status === "rejected" && told.code === code;
}

/** @param isEntry what a reply to it alone says of time and period is not there */
export function differs(
  told: object,
  expected: Expected,
  { stampedAtMs }: Packet,
  isEntry = false,
): string | undefined {
  const actual = told as Record<string, unknown>;
  if ("code" in expected) {
    return isCode(actual, expected.code)
      ? undefined
      : `${expected.code} was to be expected, not ${JSON.stringify(told)}`;
  }
  const { periodMs, biddingCycle, ...named } = expected;
  const wanted: Record<string, unknown> = {
    ...named,
    status: "accepted",
    ...(isEntry ? {} : { biddingCycle, period: isoOf(periodMs), acceptedAt: isoOf(stampedAtMs) }),
  };
  const wrong = Object.keys(wanted).filter((name) => actual[name] !== wanted[name]);
  return wrong.length === 0 ? undefined : `${JSON.stringify(wanted)} was to be expected, not ${JSON.stringify(told)}`;
}

export function isoOf(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}
