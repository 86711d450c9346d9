/**
 * The exchange of one delivery period.
 *
 *   exchanging ──end──► metering ──dueAt──► metered (final)
 *
 * Readings are taken from the period's end. At `dueAt` what is missing is estimated and the period is told as metered; a
 * reading that comes later corrects the estimate: until the correction limit the manager's desk keeps the readings, but no actor,
 * for thousands of them would make each step of the manager slow. All deadlines are facts in context.
 */
import { setup } from "xstate";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";

export interface ExchangeTimes extends PeriodTimes {
  /** Correction limit: until then readings are taken and remembered. */
  readonly forgetAtMs: number;
}

const toBeProvided = () => {
  throw new Error("the exchange manager provides this action");
};

export const exchangePeriodMachine = setup({
  types: {} as { context: ExchangeTimes; input: ExchangeTimes; events: AlarmEvent },
  actors: { alarm: alarmToBeProvided },
  actions: {
    startExchange: toBeProvided,
    startMetering: toBeProvided,
    finishMetering: toBeProvided,
  },
}).createMachine({
  id: "exchange-period",
  context: ({ input }) => ({ ...input }),
  initial: "exchanging",
  states: {
    exchanging: {
      entry: "startExchange",
      invoke: { id: "ends", src: "alarm", input: ({ context }) => ({ atMs: context.endMs, rank: context.periodMs }) },
      on: { ALARM: { target: "metering", actions: "startMetering" } },
    },
    metering: {
      invoke: { id: "due", src: "alarm", input: ({ context }) => ({ atMs: context.dueAtMs, rank: context.periodMs }) },
      on: { ALARM: { target: "metered", actions: "finishMetering" } },
    },
    metered: { type: "final" },
  },
});
