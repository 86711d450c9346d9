/**
 * The exchange manager: takes up each delivery period when its exchange starts, and hears meter readings.
 *
 *   open ⇄ closed       (CONTROL close / open: readings are refused while closed; periods go on)
 *
 * One `exchange-period` actor per live period, spawned by name at its start, stopped once it is metered.
 */
import { enqueueActions, setup, stopChild } from "xstate";
import type { Packet } from "../../door/packet.js";
import type { CalendarTerms } from "../../terms.js";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import { correctionLimitMs, firstPeriod, timesOf } from "../calendar.js";
import type { HandoverEvent } from "../handover.js";
import { periodAfter, takenUpAt } from "../period-opener.js";
import { exchangePeriodMachine } from "./exchange-period.machine.js";

export interface ExchangeInput {
  readonly calendar: CalendarTerms;
}
interface ExchangeContext extends ExchangeInput {
  readonly nextPeriodMs: number;
}
export type ExchangeEvent =
  | AlarmEvent
  | HandoverEvent
  | { readonly type: "COMMAND"; readonly packet: Packet }
  | { readonly type: "TICK"; readonly tsMs: number };

const toBeProvided = () => {
  throw new Error("the exchange manager's root provides this action");
};

export const exchangeMachine = setup({
  types: {} as { context: ExchangeContext; input: ExchangeInput; events: ExchangeEvent },
  actors: { alarm: alarmToBeProvided, period: exchangePeriodMachine },
  actions: {
    takeUpPeriod: enqueueActions(({ context, enqueue }) => {
      const times = timesOf(context.nextPeriodMs, context.calendar);
      const input = { ...times, forgetAtMs: times.endMs + correctionLimitMs(context.calendar) };
      enqueue.spawnChild("period", { id: exchangeActorId(times.periodMs), input });
      enqueue.assign({ nextPeriodMs: periodAfter(context.nextPeriodMs, context.calendar) });
    }),
    dropPeriod: stopChild(({ event }) => (event as unknown as { actorId: string }).actorId),
    learnMembers: toBeProvided,
    learnContracts: toBeProvided,
    decideCommand: toBeProvided,
    reportPeriods: toBeProvided,
    openDoor: toBeProvided,
    closeDoor: toBeProvided,
    passFailureOn: ({ event }) => {
      throw (event as unknown as { readonly error: unknown }).error;
    },
    countUnknown: toBeProvided,
  },
  guards: {
    isClosing: ({ event }) => event.type === "CONTROL" && event.message.action === "close",
    isOpening: ({ event }) => event.type === "CONTROL" && event.message.action === "open",
  },
}).createMachine({
  id: "exchange",
  context: ({ input }) => ({ ...input, nextPeriodMs: firstPeriod(input.calendar) }),
  type: "parallel",
  on: {
    MEMBERS: { actions: "learnMembers" },
    CONTRACTS: { actions: "learnContracts" },
    COMMAND: { actions: "decideCommand" },
    TICK: { actions: "reportPeriods" },
    "xstate.done.actor.*": { actions: "dropPeriod" },
    // Before "*", which would take a period's error for an event of no use: what one period cannot bear, the manager cannot.
    "xstate.error.actor.*": { actions: "passFailureOn" },
    "*": { actions: "countUnknown" },
  },
  states: {
    calendar: {
      initial: "waiting",
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
    },
    door: {
      initial: "open",
      states: {
        open: { entry: "openDoor", on: { CONTROL: { guard: "isClosing", target: "closed" } } },
        closed: { entry: "closeDoor", on: { CONTROL: { guard: "isOpening", target: "open" } } },
      },
    },
  },
});

/** Id of the actor for a period; stable across restarts and threads. */
export function exchangeActorId(periodMs: number): string {
  return `exchange-${periodMs}`;
}
