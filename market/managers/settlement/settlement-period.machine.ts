/**
 * The settlement of one delivery period.
 *
 *   awaiting ──METERED──► settled ──billAt──► billed ──clearAt──► cleared (final)
 *
 * Settled as soon as the period is metered; a correction is booked whenever it comes. Bills go out at the bill date, also
 * when that has passed by then, and stay on their topics for 7 days. All deadlines are facts in context.
 */
import { setup } from "xstate";
import type { ManageMetered } from "../../../shared/messages/manage.js";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";

export type SettlementPeriodEvent = AlarmEvent | { readonly type: "METERED"; readonly message: ManageMetered };

const toBeProvided = () => {
  throw new Error("the settlement manager provides this action");
};

export const settlementPeriodMachine = setup({
  types: {} as { context: PeriodTimes; input: PeriodTimes; events: SettlementPeriodEvent },
  actors: { alarm: alarmToBeProvided },
  actions: { settle: toBeProvided, correct: toBeProvided, sendBills: toBeProvided, clearBills: toBeProvided },
  guards: { isCorrection: ({ event }) => event.type === "METERED" && event.message.correction },
}).createMachine({
  id: "settlement-period",
  context: ({ input }) => ({ ...input }),
  initial: "awaiting",
  states: {
    awaiting: {
      on: {
        // A correction of what is not settled yet must not stand in for the metering itself.
        METERED: [
          { guard: "isCorrection", actions: "correct" },
          { target: "settled", actions: "settle" },
        ],
      },
    },
    settled: {
      invoke: {
        id: "bills",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.billAtMs, rank: context.periodMs }),
      },
      on: {
        ALARM: { target: "billed", actions: "sendBills" },
        METERED: { guard: "isCorrection", actions: "correct" },
      },
    },
    billed: {
      invoke: {
        id: "clears",
        src: "alarm",
        input: ({ context }) => ({ atMs: context.clearAtMs, rank: context.periodMs }),
      },
      on: {
        ALARM: { target: "cleared", actions: "clearBills" },
        METERED: { guard: "isCorrection", actions: "correct" },
      },
    },
    cleared: { type: "final" },
  },
});
