/** Messages of the market as JSON on one connection, in the order of publishing, all at QoS 1. */
import type { Outbox } from "../../market/ports.js";
import type { Connection } from "./connection.js";

export function outboxOn(connection: () => Connection): Outbox {
  return {
    publish(topic, message, retain = false) {
      connection().publish(topic, message === null ? "" : JSON.stringify(message), retain);
    },
  };
}
