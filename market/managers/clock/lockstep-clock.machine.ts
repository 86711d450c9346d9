/**
 * The clock of a lockstep run.
 *
 *   gathering ──everyone online, or deadline──► ticking ──complete, or deadline──► settingOut ──► ticking … ──► ended (final)
 *
 * `ticking` emits TICK: the tick is published and the market works what came in the one before; `settingOut` waits until what was written
 * is out of the house, so that nothing piles up. Who misses the deadline, which is wall time, is marked absent.
 */
import { assign, emit, fromPromise, setup } from "xstate";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";

export interface LockstepInput {
  /** Wall time that a tick may take before it goes on without whoever is missing. */
  readonly deadlineMs: number;
}
interface LockstepContext extends LockstepInput {
  readonly seq: number;
  readonly failure: unknown;
}
export type LockstepEvent =
  | AlarmEvent
  /** Somebody was ready, came online, or sent a command. */
  | { readonly type: "PROGRESS" }
  | { readonly type: "STOP" };
/** The tick that is to be published and worked. */
export interface LockstepEmitted {
  readonly type: "TICK";
  readonly seq: number;
}

const toBeProvided = () => {
  throw new Error("the lockstep run provides this");
};

export const lockstepClockMachine = setup({
  types: {} as { context: LockstepContext; input: LockstepInput; events: LockstepEvent; emitted: LockstepEmitted },
  actors: {
    /** Rings after so much wall time: its clock starts at 0 when it is set. */
    wallAlarm: alarmToBeProvided,
    settleOut: fromPromise<void>(() => Promise.reject(new Error("provide settleOut"))),
  },
  actions: {
    countTick: assign({ seq: ({ context }) => context.seq + 1 }),
    announceTick: emit(({ context }) => ({ type: "TICK" as const, seq: context.seq })),
    noteFailure: assign({ failure: ({ event }) => (event as unknown as { readonly error: unknown }).error }),
    markAbsent: toBeProvided,
    noteMissingAtStart: toBeProvided,
  },
  guards: {
    everyoneIsOnline: (): boolean => toBeProvided(),
    tickIsComplete: (): boolean => toBeProvided(),
    runIsOver: (): boolean => toBeProvided(),
  },
}).createMachine({
  id: "lockstep-clock",
  context: ({ input }) => ({ ...input, seq: 0, failure: undefined }),
  initial: "gathering",
  on: { STOP: ".ended" },
  states: {
    gathering: {
      invoke: { id: "start", src: "wallAlarm", input: ({ context }) => ({ atMs: context.deadlineMs, rank: 0 }) },
      always: { guard: "everyoneIsOnline", target: "ticking" },
      on: { PROGRESS: {}, ALARM: { target: "ticking", actions: "noteMissingAtStart" } },
    },
    ticking: {
      entry: ["countTick", "announceTick"],
      invoke: { id: "deadline", src: "wallAlarm", input: ({ context }) => ({ atMs: context.deadlineMs, rank: 0 }) },
      on: {
        PROGRESS: { guard: "tickIsComplete", target: "settingOut" },
        ALARM: { target: "settingOut", actions: "markAbsent" },
      },
    },
    settingOut: {
      invoke: {
        id: "settle-out",
        src: "settleOut",
        onDone: [{ guard: "runIsOver", target: "ended" }, { target: "ticking" }],
        onError: { target: "ended", actions: "noteFailure" },
      },
      on: { PROGRESS: {} },
    },
    ended: { type: "final" },
  },
});
