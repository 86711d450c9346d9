/** Messages of the market as JSON on one connection, in the order of publishing, all at QoS 1. */
import type { Outbox } from "../../market/ports.js";
import type { Connection } from "./connection.js";

export interface RepublishingOutbox extends Outbox {
  /** Sends again what is retained: a broker that was started anew has forgotten it, and a last will may have replaced it. */
  republish(): void;
}

export function outboxOn(connection: () => Connection): RepublishingOutbox {
  const retained = new Map<string, string>();
  return {
    publish(topic, message, retain = false) {
      const payload = message === null ? "" : JSON.stringify(message);
      if (retain && message !== null) retained.set(topic, payload);
      else if (retain) retained.delete(topic);
      connection().publish(topic, payload, retain);
    },
    republish() {
      for (const [topic, payload] of retained) connection().publish(topic, payload, true);
    },
  };
}
