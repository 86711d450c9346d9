/**
 * What of an inspection goes out on a connection to a broker that may be behind, or away.
 *
 * At most 500 messages wait for their acknowledgement. Beyond it nothing piles up: of what is retained the topic is remembered, and its
 * newest text goes out once there is room; events are left out, and an empty batch says afterwards how many.
 */
import type { Connection } from "../mqtt/connection.js";
import type { InspectionSink } from "./inspection.js";
import type { EventBatch } from "./told.js";

export interface OutgoingInspection extends InspectionSink {
  /** All that is retained goes out once more: a broker that was started anew may have forgotten it. */
  tellAnew(): void;
  /** What waits goes out however far behind the broker is: for the end. */
  flush(): void;
  /** Events that were left out so far. */
  leftOut(): number;
}

export type OutgoingConnection = Pick<Connection, "publish" | "isConnected" | "unacknowledged" | "flushed">;

/** Of messages that the broker has not acknowledged. */
export const mostUnacknowledged = 500;

export function createOutgoingInspection(connection: OutgoingConnection): OutgoingInspection {
  const retained = new Map<string, string>();
  /** Topics of which the broker has a text of ours, as far as is known here. */
  const told = new Set<string>();
  /** Topics whose newest text is still to go out. */
  const waiting = new Set<string>();
  /** Batches that were left out, by topic, as one. */
  const missing = new Map<string, EventBatch>();
  let leftOut = 0;
  let isWaiting = false;

  const hasRoom = (): boolean => connection.isConnected() && connection.unacknowledged() < mostUnacknowledged;

  function sendWaiting(): void {
    for (const topic of missing.keys()) {
      if (!hasRoom()) break;
      sendMissing(topic);
    }
    for (const topic of waiting) {
      if (!hasRoom()) break;
      sendRetained(topic);
    }
    if (missing.size > 0 || waiting.size > 0) waitForRoom();
  }

  /** While the broker is away nothing is waited for: it all goes out with the next connection. */
  function waitForRoom(): void {
    if (isWaiting || !connection.isConnected()) return;
    isWaiting = true;
    void connection.flushed().then(() => {
      isWaiting = false;
      sendWaiting();
    });
  }

  function sendMissing(topic: string): void {
    const batch = missing.get(topic);
    missing.delete(topic);
    if (batch === undefined) return;
    const { ts, n, events } = batch;
    connection.publish(topic, JSON.stringify({ v: 1, ts, n, missed: events, events: [] }), false);
  }

  function sendRetained(topic: string): void {
    waiting.delete(topic);
    const text = retained.get(topic) ?? "";
    if (text === "") told.delete(topic);
    else told.add(topic);
    connection.publish(topic, text, true);
  }

  return {
    publish(topic, text) {
      const wasOurs = retained.has(topic);
      if (text === "") retained.delete(topic);
      else retained.set(topic, text);
      // What came and went while the broker was behind it has never heard of.
      if (text === "" && wasOurs && !told.has(topic)) waiting.delete(topic);
      else waiting.add(topic);
      sendWaiting();
    },
    publishEvents(topic, batch) {
      sendWaiting();
      if (hasRoom()) return connection.publish(topic, batch.text, false);
      leftOut += batch.events;
      missing.set(topic, { ...batch, text: "", events: (missing.get(topic)?.events ?? 0) + batch.events });
      waitForRoom();
    },
    tellAnew() {
      for (const topic of retained.keys()) waiting.add(topic);
      sendWaiting();
    },
    flush() {
      for (const topic of missing.keys()) sendMissing(topic);
      for (const topic of waiting) sendRetained(topic);
    },
    leftOut: () => leftOut,
  };
}
