/**
 * Messages of the market as JSON on one connection, in the order of publishing, all at QoS 1.
 *
 * While the broker is away, of each retained topic only the last message counts and is sent when the broker is back; all other messages wait.
 */
import type { Outbox } from "../../market/ports.js";
import { textOf } from "../message-text.js";
import type { Connection } from "./connection.js";

export interface RepublishingOutbox extends Outbox {
  /** Sends again what is retained: a broker that was started anew has forgotten it, and a last will may have replaced it. */
  republish(): void;
}

export function outboxOn(connection: () => Connection): RepublishingOutbox {
  const retained = new Map<string, string>();
  /** Cleared while the broker was away. */
  const cleared = new Set<string>();
  return {
    publish(topic, message, retain = false) {
      const payload = message === null ? "" : textOf(message);
      if (retain && message !== null) retained.set(topic, payload);
      else if (retain) retained.delete(topic);
      if (!retain || connection().isConnected()) connection().publish(topic, payload, retain);
      else if (message === null) cleared.add(topic);
      else cleared.delete(topic);
    },
    republish() {
      for (const topic of cleared) connection().publish(topic, "", true);
      cleared.clear();
      for (const [topic, payload] of retained) connection().publish(topic, payload, true);
    },
  };
}
