/** Who is behind an event that no actor of the same program has sent, so that a sequence diagram across processes is complete. */
import { eventOf, type HandoverKind } from "../../market/managers/handover.js";
import { instantFromIso, periodTopicLevel } from "../../shared/time.js";
import { topicParts } from "../../shared/topics.js";
import { writeLists } from "../mqtt/access.js";

export interface EventOrigin {
  /** A process of the market, a participant, `operator`; null: not known. */
  readonly from: string | null;
  /** Below the market's name. */
  readonly topic?: string;
}

/** An event of ours, as far as its sender shows. */
interface Heard {
  readonly type: string;
  readonly sender?: unknown;
  readonly packet?: { readonly sender: string; readonly topic: string };
  readonly message?: unknown;
  readonly topic?: unknown;
  readonly payload?: unknown;
  readonly id?: unknown;
}

const kindOfEvent = new Map<string, string>(
  (Object.keys(eventOf) as HandoverKind[]).map((kind) => [eventOf[kind], kind]),
);

export function originOf(event: Heard, market: string): EventOrigin {
  const { type, packet, sender } = event;
  if (packet !== undefined) return { from: packet.sender, topic: `in/${packet.sender}/${packet.topic}` };
  if (type === "MESSAGE" && typeof event.topic === "string") return originOfMessage(market, event.topic, event.payload);
  const kind = kindOfEvent.get(type);
  if (kind !== undefined && typeof sender === "string")
    return { from: sender, topic: handoverPath(kind, event.message) };
  if (type === "TICK") return { from: "clock", topic: "public/clock" };
  if (type === "STATUS") {
    const { role } = event.message as { readonly role: string };
    return { from: role, topic: `manage/status/${role}` };
  }
  if (type === "CONTROL") return { from: "operator", topic: "manage/control" };
  if (type === "JOIN" && typeof event.id === "string") return { from: event.id };
  return { from: null };
}

function handoverPath(kind: string, message: unknown): string {
  const { period } = message as { readonly period?: string };
  const periodMs = period === undefined ? undefined : instantFromIso(period);
  return `manage/${kind}${periodMs === undefined ? "" : `/${periodTopicLevel(periodMs)}`}`;
}

function originOfMessage(market: string, topic: string, payload: unknown): EventOrigin {
  const parts = topicParts(market, topic);
  if (parts === undefined) return { from: null };
  const path = [parts.area, ...parts.levels];
  return { from: writerOf(path, payload), topic: path.join("/") };
}

/** Replies come from whom the command was for; all else has one writer. */
function writerOf(path: readonly string[], payload: unknown): string | null {
  if (path[0] === "in") return path[1] ?? null;
  if (path[2] === "replies") return replierOf(String(payload));
  const writers = Object.entries(writeLists).filter(([, filters]) => filters.some((filter) => covers(filter, path)));
  return writers.length === 1 ? (writers[0]?.[0] ?? null) : null;
}

function replierOf(payload: string): string {
  const topic = /"topic":"([a-z]+)"/.exec(payload)?.[1];
  if (topic === "meter") return "exchange";
  return topic === "ready" ? "clock" : "bidding";
}

function covers(filter: string, path: readonly string[]): boolean {
  const levels = filter.split("/");
  return levels.length === path.length && levels.every((level, index) => level === "+" || level === path[index]);
}
