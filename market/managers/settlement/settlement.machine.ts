/**
 * The settlement manager: takes up each delivery period when its exchange starts, settles it once metered, bills it.
 *
 * One `settlement-period` actor per live period, spawned by name, stopped when its bills are cleared. What is metered is
 * passed on to the period's actor; a correction of a period already cleared is booked all the same.
 */
import { enqueueActions, setup, stopChild } from "xstate";
import type { CalendarTerms } from "../../terms.js";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import { firstPeriod, timesOf } from "../calendar.js";
import type { HandoverEvent } from "../handover.js";
import { periodAfter, takenUpAt } from "../period-opener.js";
import { settlementPeriodMachine } from "./settlement-period.machine.js";

export interface SettlementInput {
  readonly calendar: CalendarTerms;
}
interface SettlementContext extends SettlementInput {
  readonly nextPeriodMs: number;
}
export type SettlementEvent = AlarmEvent | HandoverEvent | { readonly type: "TICK"; readonly tsMs: number };

const toBeProvided = () => {
  throw new Error("the settlement manager's root provides this action");
};

export const settlementMachine = setup({
  types: {} as { context: SettlementContext; input: SettlementInput; events: SettlementEvent },
  actors: { alarm: alarmToBeProvided, period: settlementPeriodMachine },
  actions: {
    takeUpPeriod: enqueueActions(({ context, enqueue }) => {
      const times = timesOf(context.nextPeriodMs, context.calendar);
      enqueue.spawnChild("period", { id: settlementActorId(times.periodMs), input: times });
      enqueue.assign({ nextPeriodMs: periodAfter(context.nextPeriodMs, context.calendar) });
    }),
    passOnMetered: toBeProvided,
    dropPeriod: stopChild(({ event }) => (event as unknown as { actorId: string }).actorId),
    learnMembers: toBeProvided,
    learnTariffs: toBeProvided,
    learnContracts: toBeProvided,
    learnPayments: toBeProvided,
    publishFigures: toBeProvided,
    passFailureOn: ({ event }) => {
      throw (event as unknown as { readonly error: unknown }).error;
    },
    countUnknown: toBeProvided,
  },
}).createMachine({
  id: "settlement",
  context: ({ input }) => ({ ...input, nextPeriodMs: firstPeriod(input.calendar) }),
  initial: "waiting",
  on: {
    MEMBERS: { actions: "learnMembers" },
    TARIFFS: { actions: "learnTariffs" },
    CONTRACTS: { actions: "learnContracts" },
    PAYMENTS: { actions: "learnPayments" },
    PAYOUTS: { actions: "learnPayments" },
    METERED: { actions: "passOnMetered" },
    TICK: { actions: "publishFigures" },
    "xstate.done.actor.*": { actions: "dropPeriod" },
    // Before "*", which would take a period's error for an event of no use: what one period cannot bear, the manager cannot.
    "xstate.error.actor.*": { actions: "passFailureOn" },
    "*": { actions: "countUnknown" },
  },
  states: {
    waiting: {
      invoke: {
        id: "starting",
        src: "alarm",
        input: ({ context }) => ({
          atMs: takenUpAt(context.nextPeriodMs, context.calendar, (times) => times.periodMs),
          rank: context.nextPeriodMs,
        }),
      },
      on: { ALARM: { target: "waiting", reenter: true, actions: "takeUpPeriod" } },
    },
  },
});

/** Id of the actor for a period; stable across restarts and threads. */
export function settlementActorId(periodMs: number): string {
  return `settlement-${periodMs}`;
}
