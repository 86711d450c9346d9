/**
 * The bidding of one delivery period.
 *
 *   open ──gateAt──► contracted ──dueAt──► settled ──billAt──► billed (final)
 *
 * Spawned when bidding opens. At the gate the book is cleared and the contracts go out: there is no DSO yet, so they stand
 * unchecked. Results stay published until the period is settled, contracts until it is billed; then its orders are forgotten.
 * All deadlines are facts in context. Whether an order is lawful is market/rules' business.
 */
import { setup } from "xstate";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";

const toBeProvided = () => {
  throw new Error("the bidding manager provides this action");
};

export const biddingPeriodMachine = setup({
  types: {} as { context: PeriodTimes; input: PeriodTimes; events: AlarmEvent },
  actors: { alarm: alarmToBeProvided },
  actions: {
    openBook: toBeProvided,
    closeGate: toBeProvided,
    clearResults: toBeProvided,
    forgetOrders: toBeProvided,
  },
}).createMachine({
  id: "bidding-period",
  context: ({ input }) => ({ ...input }),
  initial: "open",
  states: {
    open: {
      entry: "openBook",
      invoke: { id: "gate", src: "alarm", input: ({ context }) => ({ atMs: context.gateAtMs }) },
      on: { ALARM: { target: "contracted", actions: "closeGate" } },
    },
    contracted: {
      invoke: { id: "settles", src: "alarm", input: ({ context }) => ({ atMs: context.dueAtMs }) },
      on: { ALARM: { target: "settled", actions: "clearResults" } },
    },
    settled: {
      invoke: { id: "bills", src: "alarm", input: ({ context }) => ({ atMs: context.billAtMs }) },
      on: { ALARM: { target: "billed", actions: "forgetOrders" } },
    },
    billed: { type: "final" },
  },
});
