/**
 * Faults inside a bot's own house: its clock is wrong for a while, its meter has stopped. Applied in its thread, between its connection and
 * its actor, so that the bot itself knows nothing of them.
 *
 * A meter that has stopped measures nothing: readings of periods that began meanwhile are never sent, later neither. `ready` counts what was
 * sent. Source: docs/chaos.md.
 */
import { instantFromIso, isoUtc, periodContaining } from "../../shared/time.js";
import { topicParts } from "../../shared/topics.js";
import type { FaultPlan } from "./fault-plan.js";
import { lastingIn, tickAt } from "./schedule.js";

export interface BotFaults {
  /** A message on its way to the bot. */
  hear(topic: string, payload: string): string;
  /** A message on its way from the bot; undefined: it is never sent. */
  send(topic: string, message: object): object | undefined;
}

export function createBotFaults(plan: FaultPlan, market: string, id: string): BotFaults {
  const swallowed = new Set<string>();

  const hits = ({ whom }: { readonly whom: readonly string[] }): boolean => whom.includes(id);

  function skewed(payload: string): string {
    const tick = JSON.parse(payload) as { readonly ts: string };
    const atMs = instantFromIso(tick.ts);
    if (atMs === undefined) return payload;
    const skews = lastingIn(plan, "skew-clock", tickAt(plan, atMs)).filter(hits);
    if (skews.length === 0) return payload;
    const skewMs = skews.reduce((sum, { entry }) => sum + entry.seconds * 1000, 0);
    const period = isoUtc(periodContaining(atMs + skewMs, plan.periodMinutes));
    return JSON.stringify({ ...tick, ts: isoUtc(atMs + skewMs), period });
  }

  function isStopped(period: string | undefined): boolean {
    const periodMs = instantFromIso(period ?? "");
    return periodMs !== undefined && lastingIn(plan, "stop-meter", tickAt(plan, periodMs)).some(hits);
  }

  return {
    hear(topic, payload) {
      const parts = topicParts(market, topic);
      return parts?.area === "public" && parts.levels[0] === "clock" && payload !== "" ? skewed(payload) : payload;
    },
    send(topic, message) {
      const name = topicParts(market, topic)?.levels[1];
      if (name === "meter") {
        const { requestId = "", period } = message as { requestId?: string; period?: string };
        if (!isStopped(period)) return message;
        swallowed.add(requestId);
        return undefined;
      }
      if (name !== "ready") return message;
      const { seq, sent } = message as { seq: number; sent: number };
      // Repeats of what was swallowed in earlier ticks were not counted.
      const uncounted = [...swallowed].filter((requestId) => requestId.startsWith(`${seq}-`)).length;
      for (const requestId of swallowed) if (!requestId.startsWith(`${seq}-`)) swallowed.delete(requestId);
      return { ...message, sent: sent - uncounted };
    },
  };
}
