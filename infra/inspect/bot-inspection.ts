/**
 * The inspection of the bots of one thread. A file of its own that a thread loads when somebody asks to see a bot of it, so that threads
 * stay small; what is told goes through the thread's port.
 */
import type { AnyActorRef } from "xstate";
import { instantFromIso } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import type { ActorPatterns } from "./actor-patterns.js";
import type { Sent } from "./actor-tap.js";
import { originOf } from "./event-origin.js";
import { createInspectedNode, type InspectedNode } from "./inspected-node.js";
import { createRedaction } from "./redaction.js";
import type { TellingPace, Told } from "./told.js";

export interface BotInspection {
  add(id: string, root: AnyActorRef): void;
  show(patterns: ActorPatterns, pace: TellingPace, marketNowMs: number): void;
  send(id: string, actor: string, event: { readonly type: string }): Sent;
  flush(): void;
}

export interface BotInspectionOptions {
  readonly market: string;
  /** The bots' own passwords. */
  readonly secrets: readonly string[];
  readonly tell: (id: string, told: Told) => void;
}

export function createBotInspection({ market, secrets, tell }: BotInspectionOptions): BotInspection {
  const nodes = new Map<string, InspectedNode>();
  const redaction = createRedaction(secrets);
  const clockTopic = topicsOf(market).public("clock");
  const wall = {
    now: () => Date.now(),
    setTimeout: (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref(),
    clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  };
  /** Bots have no clock: they live by the published one. */
  let marketNowMs = 0;
  /** What was asked for last, for bots that begin after it. */
  let shown: { readonly patterns: ActorPatterns; readonly pace: TellingPace } | undefined;

  function heardAt(event: { readonly type: string }): void {
    const { topic, payload } = event as { readonly topic?: string; readonly payload?: string };
    if (topic !== clockTopic || payload === undefined) return;
    const ts = /"ts":"([^"]+)"/.exec(payload)?.[1];
    marketNowMs = (ts === undefined ? undefined : instantFromIso(ts)) ?? marketNowMs;
  }

  return {
    add(id, root) {
      const node = createInspectedNode({
        ...{ node: id, wall, marketNow: () => marketNowMs, redaction, tell: (told) => tell(id, told) },
        originOf(event) {
          heardAt(event);
          return originOf(event, market);
        },
      });
      node.add({ root });
      nodes.set(id, node);
      if (shown !== undefined) node.show(shown.patterns, shown.pace);
    },
    show(patterns, pace, nowMs) {
      marketNowMs = Math.max(marketNowMs, nowMs);
      shown = { patterns, pace };
      for (const node of nodes.values()) node.show(patterns, pace);
    },
    send(id, actor, event) {
      return nodes.get(id)?.send(actor, event) ?? { accepted: false, reason: `${id} does not run` };
    },
    flush() {
      for (const node of nodes.values()) node.flush();
    },
  };
}
