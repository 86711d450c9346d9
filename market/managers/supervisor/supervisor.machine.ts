/**
 * The market supervisor: says what the rules are, who takes part and how it stands; opens and closes the market.
 *
 *   degraded (a manager is away, or has not come yet) ⇄ online ── STOP ──► stopped (final)
 *
 * It decides nothing about orders or money. While a manager is away the others go on with what they can.
 */
import { assign, setup } from "xstate";
import type { ProcessRole } from "../../../shared/participant-id.js";
import type { HandoverEvent } from "../handover.js";

/** The processes whose absence degrades the market. */
export const watchedRoles = ["bidding", "exchange", "settlement"] as const satisfies readonly ProcessRole[];

interface SupervisorContext {
  readonly missing: readonly ProcessRole[];
}
export type SupervisorEvent =
  | HandoverEvent
  | { readonly type: "TICK"; readonly tsMs: number }
  /** A guest takes a free id. */
  | { readonly type: "JOIN"; readonly id: string }
  | { readonly type: "STOP" };

function isWatched(role: ProcessRole): boolean {
  return watchedRoles.some((watched) => watched === role);
}

const toBeProvided = () => {
  throw new Error("the supervisor's root provides this action");
};

export const supervisorMachine = setup({
  types: {} as { context: SupervisorContext; events: SupervisorEvent },
  actions: {
    noteWhoIsMissing: assign({
      missing: ({ context, event }) => {
        if (event.type !== "STATUS" || !isWatched(event.message.role)) return context.missing;
        const others = context.missing.filter((role) => role !== event.message.role);
        return event.message.status === "offline" ? [...others, event.message.role].sort() : others;
      },
    }),
    announceMarket: toBeProvided,
    announceStatus: toBeProvided,
    announceStop: toBeProvided,
    admitGuest: toBeProvided,
    mergeAccounts: toBeProvided,
    learnStatus: toBeProvided,
    publishState: toBeProvided,
    countUnknown: toBeProvided,
  },
  guards: {
    someoneIsMissing: ({ context }) => context.missing.length > 0,
    allAreHere: ({ context }) => context.missing.length === 0,
  },
}).createMachine({
  id: "supervisor",
  context: { missing: [...watchedRoles] },
  initial: "degraded",
  entry: "announceMarket",
  on: {
    JOIN: { actions: "admitGuest" },
    ACCOUNTS: { actions: "mergeAccounts" },
    STATUS: { actions: ["noteWhoIsMissing", "learnStatus", "announceStatus"] },
    TICK: { actions: "publishState" },
    STOP: ".stopped",
    CONTROL: { actions: "announceStatus" },
    "*": { actions: "countUnknown" },
  },
  states: {
    online: { entry: "announceStatus", always: { guard: "someoneIsMissing", target: "degraded" } },
    degraded: { entry: "announceStatus", always: { guard: "allAreHere", target: "online" } },
    stopped: { type: "final", entry: "announceStop" },
  },
});
