/** Replies as participants hear them, beside the journal: none but what is durable, the same to the same request for ever. */
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Packet } from "../../../market/door/packet.js";
import type { Drawn } from "../commands.js";

export interface ReplyAuditor {
  sent(sender: string, drawn: Drawn): void;
  appended(entry: JournalEntry): void;
  /** @returns what is wrong with it, undefined where nothing is */
  heard(receiver: string, payload: string): string | undefined;
  commands(): number;
  /** Entries of batches that were answered, each time they were. */
  entries(): number;
}

interface Reply {
  readonly requestId: string | null;
  readonly topic: string;
  readonly status: string;
  readonly code?: string;
  readonly replies?: readonly object[];
}

/** What a market may say that has nothing in its journal: it could not write, or was not there. */
const unwritten = "market-closed";

export function createReplyAuditor(): ReplyAuditor {
  const durable = new Map<string, Set<string>>();
  const asked = new Set<string>();
  let commands = 0;
  let entries = 0;
  return {
    commands: () => commands,
    entries: () => entries,
    sent(sender, { topic, requestId }) {
      commands += 1;
      asked.add(`${sender} ${topic} ${requestId}`);
    },
    appended({ event, reply }) {
      if (event?.type !== "COMMAND" || reply === null) return;
      const { packet } = event as unknown as { packet: Packet };
      const key = `${packet.sender} ${packet.topic} ${(reply as Reply).requestId}`;
      const texts = durable.get(key) ?? new Set();
      durable.set(key, texts);
      texts.add(JSON.stringify(reply));
      entries += (reply as Reply).replies?.length ?? 0;
    },
    heard(receiver, payload) {
      const { requestId, topic, code } = JSON.parse(payload) as Reply;
      const key = `${receiver} ${topic} ${requestId}`;
      if (!asked.has(key)) return `${receiver} is answered what it has not asked: ${payload}`;
      if (code === unwritten || durable.get(key)?.has(payload)) return undefined;
      return `${receiver} hears a reply that is in no journal: ${payload}`;
    },
  };
}
