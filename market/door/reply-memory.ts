/**
 * What was answered to whom, so that a repeated `requestId` gets the same reply and has no second effect.
 *
 * Unique per participant and topic. Remembered until `forgetAtMs`, which the manager sets (a period's billing, a meter's
 * correction limit); kept in buckets by that instant, so that forgetting costs nothing per tick.
 */
import type { Reply } from "../../shared/messages/private.js";

export interface ReplyMemory {
  readonly answers: Map<string, { readonly content: string; readonly reply: Reply }>;
  readonly keysByForgetAt: Map<number, string[]>;
}

export function createReplyMemory(): ReplyMemory {
  return { answers: new Map(), keysByForgetAt: new Map() };
}

/** @returns the earlier reply, `"reused"` when the content differs, undefined when the id is new. */
export function recall(
  memory: ReplyMemory,
  sender: string,
  topic: string,
  id: string,
  content: string,
): Reply | "reused" | undefined {
  const known = memory.answers.get(keyOf(sender, topic, id));
  if (known === undefined) return undefined;
  return known.content === content ? known.reply : "reused";
}

export function remember(
  memory: ReplyMemory,
  sender: string,
  topic: string,
  content: string,
  reply: Reply,
  forgetAtMs: number,
): void {
  if (reply.requestId === null) return;
  const key = keyOf(sender, topic, reply.requestId);
  memory.answers.set(key, { content, reply });
  const bucket = memory.keysByForgetAt.get(forgetAtMs);
  if (bucket === undefined) memory.keysByForgetAt.set(forgetAtMs, [key]);
  else bucket.push(key);
}

/** Forgets everything due at or before `nowMs`. */
export function forget(memory: ReplyMemory, nowMs: number): void {
  for (const [forgetAtMs, keys] of memory.keysByForgetAt) {
    if (forgetAtMs > nowMs) continue;
    for (const key of keys) memory.answers.delete(key);
    memory.keysByForgetAt.delete(forgetAtMs);
  }
}

/** What makes two messages the same: everything but `ts`, which is ignored, and independent of the order of its fields. */
export function contentOf(command: object): string {
  const inOrder: Record<string, unknown> = {};
  for (const name of Object.keys(command).sort())
    if (name !== "ts") inOrder[name] = command[name as keyof typeof command];
  return JSON.stringify(inOrder);
}

function keyOf(sender: string, topic: string, id: string): string {
  return `${sender}/${topic}/${id}`;
}
