/**
 * Asks the registrar and waits for its answer, which comes once it is durable.
 *
 * Who is not answered because the registrar went down is told `market-closed`: what was asked is not done, or if it is, asking again shows it.
 */
import type { Fact } from "../../market/facts.js";
import type { Ask } from "../../market/managers/registrar/asks.js";
import type { ActorEvent } from "../journal/journal.js";
import type { ManagerHost } from "../journal/manager-host.js";
import { drawCode } from "./keys.js";
import type { Outcome } from "./registry.js";

type WithoutId<Asked> = Asked extends unknown ? Omit<Asked, "askId"> : never;

export interface RegistrarDesk {
  ask(ask: WithoutId<Ask>): Promise<Outcome>;
  /** To be told each fact of the registrar that is durable. */
  record(fact: Fact): void;
  /** The registrar went down: what was asked is not answered any more. */
  giveUp(): void;
}

/** So many wait at a time: the registrar answers within a turn, unless its disk stands still. */
const mostWaiting = 1000;

const away = {
  ok: false,
  code: "market-closed",
  reason: "registration is being started again: ask again later",
} as const;

export function createRegistrarDesk(host: () => Pick<ManagerHost<"api">, "isUp" | "take">): RegistrarDesk {
  const waiting = new Map<string, (outcome: Outcome) => void>();
  return {
    ask(ask) {
      if (!host().isUp() || waiting.size >= mostWaiting) return Promise.resolve(away);
      const askId = drawCode();
      return new Promise((resolve) => {
        waiting.set(askId, resolve);
        const event: ActorEvent & { readonly askId: string } = { ...ask, askId };
        host().take(event);
      });
    },
    record(fact) {
      if (fact.type !== "answered") return;
      waiting.get(fact.askId)?.(fact.outcome);
      waiting.delete(fact.askId);
    },
    giveUp() {
      const left = [...waiting.values()];
      waiting.clear();
      for (const resolve of left) resolve(away);
    },
  };
}
