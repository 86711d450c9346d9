/**
 * How many participants are online, as the server answers to those who may not read who they are: kept in the timeline among what topics
 * tell, so that each moment has the number of then.
 */
import type { Timeline } from "./timeline.js";

/** No topic has this name. */
export const onlineKey = "asked/online";

export interface OnlineCount {
  readonly count: number;
}

/** The figure among those for Prometheus. */
export function onlineIn(metrics: string): number | undefined {
  const found = /^elecbay_participants_online (\d+)$/m.exec(metrics)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Takes in an answer of the server; one that says nothing new is no moment of its own. */
export function takeOnline(timeline: Timeline, metrics: string, wallMs: number): void {
  const count = onlineIn(metrics);
  const known = timeline.known(onlineKey) as OnlineCount | undefined;
  if (count === undefined || count === known?.count) return;
  const message: OnlineCount = { count };
  timeline.take([{ topic: onlineKey, message, size: JSON.stringify(message).length }], wallMs);
}
