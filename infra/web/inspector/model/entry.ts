/** One line of the event log: what an actor heard or did, or how much of it was left out. */
import type { InspectedEvent } from "../../../../shared/messages/inspection.js";

export type EntryKind = InspectedEvent["kind"] | "missed";

export interface Entry extends Omit<InspectedEvent, "kind"> {
  /** Place in the log over all nodes, from 0. */
  readonly place: number;
  readonly kind: EntryKind;
  readonly node: string;
  /** The clock's ticks, heartbeats and what XState tells itself: most of the traffic, and rarely what is looked for. */
  readonly isPulse: boolean;
  /** Of kind `missed`: so many events did not fit. */
  readonly missed?: number;
}

/** Part of an actor's id: `bidding` of `bidding/x7`; a role is its own node. */
export function nodeOf(actor: string): string {
  return actor.split("/")[0] ?? actor;
}

const pulseTypes = /^(TICK|STATUS|PROGRESS)$|^xstate\.(promise|after|init)/;
const pulseTopics = /^(public\/clock$|manage\/status\/|manage\/ack\/|in\/[^/]+\/(ready|status)$)/;

/** Whether an event is one of those that come all the time. */
export function isPulse({ type, topic }: Pick<InspectedEvent, "type" | "topic">): boolean {
  return pulseTypes.test(type) || (topic !== undefined && pulseTopics.test(topic));
}
