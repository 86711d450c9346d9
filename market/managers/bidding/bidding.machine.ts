/**
 * The bidding manager: opens each delivery period at its time, hears commands, closes.
 *
 *   open ⇄ closed       (CONTROL close / open: every command is refused while closed; periods go on)
 *
 * One `bidding-period` actor per live period, spawned by name when bidding opens and stopped when the period is billed.
 * The next opening is a fact in context; the alarm for it is set anew after each.
 */
import { enqueueActions, setup, stopChild } from "xstate";
import type { Packet } from "../../door/packet.js";
import type { CalendarTerms } from "../../terms.js";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";
import { firstPeriod, timesOf } from "../calendar.js";
import type { HandoverEvent } from "../handover.js";
import { periodAfter, takenUpAt } from "../period-opener.js";
import { biddingPeriodMachine } from "./bidding-period.machine.js";

export interface BiddingInput {
  readonly calendar: CalendarTerms;
}
interface BiddingContext extends BiddingInput {
  readonly nextPeriodMs: number;
}
export type BiddingEvent =
  | AlarmEvent
  | HandoverEvent
  | { readonly type: "COMMAND"; readonly packet: Packet }
  | { readonly type: "TICK"; readonly tsMs: number };

const toBeProvided = () => {
  throw new Error("the bidding manager's root provides this action");
};

export const biddingMachine = setup({
  types: {} as { context: BiddingContext; input: BiddingInput; events: BiddingEvent },
  actors: { alarm: alarmToBeProvided, period: biddingPeriodMachine },
  actions: {
    openPeriod: enqueueActions(({ context, enqueue }) => {
      const times = timesOf(context.nextPeriodMs, context.calendar);
      enqueue.spawnChild("period", { id: biddingActorId(times.periodMs), input: times });
      enqueue.assign({ nextPeriodMs: periodAfter(context.nextPeriodMs, context.calendar) });
    }),
    dropPeriod: stopChild(({ event }) => (event as unknown as { actorId: string }).actorId),
    learnMembers: toBeProvided,
    learnTariffs: toBeProvided,
    learnMetered: toBeProvided,
    learnGrants: toBeProvided,
    learnPayments: toBeProvided,
    passOnLimits: toBeProvided,
    decideCommand: toBeProvided,
    publishChanges: toBeProvided,
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
  id: "bidding",
  context: ({ input }) => ({ ...input, nextPeriodMs: firstPeriod(input.calendar) }),
  type: "parallel",
  on: {
    MEMBERS: { actions: "learnMembers" },
    TARIFFS: { actions: "learnTariffs" },
    METERED: { actions: "learnMetered" },
    GRANTS: { actions: "learnGrants" },
    PAYMENTS: { actions: "learnPayments" },
    LIMITS: { actions: "passOnLimits" },
    COMMAND: { actions: "decideCommand" },
    TICK: { actions: "publishChanges" },
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
            id: "opening",
            src: "alarm",
            input: ({ context }) => ({
              atMs: takenUpAt(context.nextPeriodMs, context.calendar, (times) => times.opensAtMs),
              rank: context.nextPeriodMs,
            }),
          },
          on: { ALARM: { target: "waiting", reenter: true, actions: "openPeriod" } },
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
export function biddingActorId(periodMs: number): string {
  return `bidding-${periodMs}`;
}
