/** Plain commands as entries of a journal, made without chance. */
import type { ActorEvent, JournalEntry } from "../../../infra/journal/journal.js";

const startMs = 1_470_045_600_000;

/** A plain command with its reply, as most entries are. */
export function commandEntry(n: number, payload = `{"requestId":"r${n}","energyKwh":0.5}`): JournalEntry {
  const atMs = startMs + n;
  return {
    n,
    atMs,
    event: {
      type: "COMMAND",
      packet: { sender: "h1", topic: "orders", payload, bytes: payload.length, stampedAtMs: atMs },
    } as ActorEvent,
    reply: { v: 1, requestId: `r${n}`, status: "accepted", orderId: `o-${n}` },
    facts: [],
    handedOver: [],
    digest: n.toString(16).padStart(64, "0"),
  };
}

/** Plain commands with these numbers, both included. */
export function commandEntries(from: number, to: number): JournalEntry[] {
  return Array.from({ length: to - from + 1 }, (_, index) => commandEntry(from + index));
}
