/**
 * The bidding of one delivery period.
 *
 *   open ──gateAt──► checking ──LIMITS, or start──► contracted ──dueAt──► settled ──billAt──► billed (final)
 *
 * Spawned when bidding opens. At the gate the book is cleared and the contracts go out, unchecked. Until the exchange starts the DSO may
 * speak, once: orders are cut, limits told, contracts go out anew. At any other time its word is refused. Results stay published until the period is settled, contracts until it is billed; then its orders are forgotten.
 * All deadlines are facts in context. Whether an order is lawful is market/rules' business.
 */
import { setup } from "xstate";
import type { ManageLimits } from "../../../shared/messages/manage.js";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";

export type BiddingPeriodEvent = AlarmEvent | { readonly type: "LIMITS"; readonly message: ManageLimits };

const toBeProvided = () => {
  throw new Error("the bidding manager provides this action");
};

export const biddingPeriodMachine = setup({
  types: {} as { context: PeriodTimes; input: PeriodTimes; events: BiddingPeriodEvent },
  actors: { alarm: alarmToBeProvided },
  actions: {
    openBook: toBeProvided,
    closeGate: toBeProvided,
    applyLimits: toBeProvided,
    refuseLimits: toBeProvided,
    endCheck: toBeProvided,
    clearResults: toBeProvided,
    forgetOrders: toBeProvided,
  },
  guards: { isBeforeStart: toBeProvided },
}).createMachine({
  id: "bidding-period",
  context: ({ input }) => ({ ...input }),
  initial: "open",
  on: { LIMITS: { actions: "refuseLimits" } },
  states: {
    open: {
      entry: "openBook",
      invoke: {
        id: "gate",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.gateAtMs, rank: context.periodMs }),
      },
      on: { ALARM: { target: "checking", actions: "closeGate" } },
    },
    checking: {
      invoke: {
        id: "starts",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.periodMs, rank: context.periodMs }),
      },
      on: {
        // The alarm may ring late: what comes after the start is refused all the same.
        LIMITS: { guard: "isBeforeStart", target: "contracted", actions: ["applyLimits", "endCheck"] },
        ALARM: { target: "contracted", actions: "endCheck" },
      },
    },
    contracted: {
      invoke: {
        id: "settles",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.dueAtMs, rank: context.periodMs }),
      },
      on: { ALARM: { target: "settled", actions: "clearResults" } },
    },
    settled: {
      invoke: {
        id: "bills",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.billAtMs, rank: context.periodMs }),
      },
      on: { ALARM: { target: "billed", actions: "forgetOrders" } },
    },
    billed: { type: "final" },
  },
});
