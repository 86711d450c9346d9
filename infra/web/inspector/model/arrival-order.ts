/**
 * Puts what several nodes tell into one order. Each tells its events in batches, some 100 ms at a time, so that a later event of one may come
 * before an earlier one of another: what comes is held for a moment and given on by its wall time. An actor's message tells what it is
 * after a certain event, and waits for that one.
 */
import type { InspectedActor, InspectedEvent, InspectedEvents } from "../../../../shared/messages/inspection.js";

export type Arrival =
  | { readonly kind: "event"; readonly node: string; readonly event: InspectedEvent }
  | {
      readonly kind: "missed";
      readonly node: string;
      readonly missed: number;
      readonly at: number;
      readonly ts: string;
    }
  /** `message` null: the actor is gone. */
  | { readonly kind: "actor"; readonly node: string; readonly actor: string; readonly message: InspectedActor | null };

export interface ArrivalOrder {
  putEvents(node: string, batch: Pick<InspectedEvents, "ts" | "missed" | "events">, nowMs: number): void;
  putActor(node: string, actor: string, message: InspectedActor | null, nowMs: number): void;
  /** What is due, in order. @param nowMs Infinity: everything */
  release(nowMs: number): Arrival[];
}

interface Held {
  readonly at: number;
  readonly sinceMs: number;
  readonly arrival: Arrival;
}

interface Waiting {
  readonly afterNumber: number;
  readonly sinceMs: number;
  readonly arrival: Arrival;
}

interface NodeOrder {
  lastNumber: number;
  lastAt: number;
  readonly waiting: Map<string, Waiting>;
}

export function createArrivalOrder(holdMs: number): ArrivalOrder {
  let held: Held[] = [];
  const nodes = new Map<string, NodeOrder>();
  let newestAt = 0;

  function nodeOf(name: string): NodeOrder {
    let node = nodes.get(name);
    if (node === undefined) {
      node = { lastNumber: 0, lastAt: 0, waiting: new Map() };
      nodes.set(name, node);
    }
    return node;
  }

  /** What waited for an event that has come, or for too long. */
  function admit(node: NodeOrder, nowMs: number): void {
    for (const [actor, { afterNumber, sinceMs, arrival }] of node.waiting) {
      if (afterNumber > node.lastNumber && sinceMs + holdMs > nowMs) continue;
      node.waiting.delete(actor);
      held.push({ at: node.lastAt, sinceMs, arrival });
    }
  }

  return {
    putEvents(name, { ts, missed, events }, nowMs) {
      const node = nodeOf(name);
      const first = events[0];
      // Numbers begin anew where an inspection does.
      if (first !== undefined && first.n <= node.lastNumber) node.lastNumber = 0;
      for (const event of events) {
        node.lastNumber = Math.max(node.lastNumber, event.n);
        node.lastAt = Math.max(node.lastAt, event.at);
        held.push({ at: node.lastAt, sinceMs: nowMs, arrival: { kind: "event", node: name, event } });
      }
      newestAt = Math.max(newestAt, node.lastAt);
      if (missed > 0) {
        node.lastNumber += missed;
        const at = node.lastAt;
        held.push({ at, sinceMs: nowMs, arrival: { kind: "missed", node: name, missed, at, ts } });
      }
      admit(node, nowMs);
    },
    putActor(name, actor, message, nowMs) {
      const node = nodeOf(name);
      // One that is gone is told so at once, its last events a little later.
      const afterNumber = message === null ? node.lastNumber + 1 : message.n;
      const arrival: Arrival = { kind: "actor", node: name, actor, message };
      // Of a node that was never heard the message is all there is.
      const waits = node.lastNumber > 0 && afterNumber > node.lastNumber;
      if (waits) node.waiting.set(actor, { afterNumber, sinceMs: nowMs, arrival });
      else held.push({ at: node.lastAt, sinceMs: nowMs, arrival });
    },
    release(nowMs) {
      for (const node of nodes.values()) admit(node, nowMs);
      held.sort((one, other) => one.at - other.at);
      const isDue = ({ at, sinceMs }: Held): boolean => at <= newestAt - holdMs || sinceMs + holdMs <= nowMs;
      const firstLeft = held.findLastIndex(isDue) + 1;
      const due = held.slice(0, firstLeft);
      held = held.slice(firstLeft);
      return due.map(({ arrival }) => arrival);
    },
  };
}
