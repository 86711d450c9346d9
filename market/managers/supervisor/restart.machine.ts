/**
 * Brings one of the market's actors back after it has gone down: the supervisor keeps one of these for each.
 *
 *   up ──DOWN──► waiting (back-off) ──ALARM──► restarting ──UP──► up
 *                  ▲                              │DOWN
 *                  └──────────────────────────────┘        more than `mostFailures` in a row ──► givenUp
 *
 * The back-off doubles from `firstDelayMs` to `longestDelayMs`; failures are in a row while less than `forgivenAfterMs` lies between them.
 * An actor that fails again and again is given up, and the operator told; a journal that cannot be written is tried for ever, for a full
 * disk is emptied some day, and such failures are none of the actor's. Wall time throughout: it is the machine that needs a rest, not the market.
 */
import { assign, setup } from "xstate";
import { type AlarmEvent, alarmToBeProvided } from "../alarm.js";

export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  readonly mostFailures: number;
  readonly forgivenAfterMs: number;
}

export const restartPolicy: RestartPolicy = {
  firstDelayMs: 100,
  longestDelayMs: 5000,
  mostFailures: 10,
  forgivenAfterMs: 60_000,
};

interface RestartInput {
  readonly policy: RestartPolicy;
}
interface RestartContext extends RestartInput {
  /** In a row, of whatever cause: they lengthen the back-off. */
  readonly failures: number;
  readonly lastDownAtMs: number;
  /** In a row, of the actor itself: too many of them, and it is given up. */
  readonly actorFailures: number;
  readonly lastActorDownAtMs: number;
  readonly retryAtMs: number;
}
type RestartEvent =
  | AlarmEvent
  | { readonly type: "DOWN"; readonly cause: "actor" | "journal"; readonly atMs: number }
  | { readonly type: "UP" };

const toBeProvided = () => {
  throw new Error("the supervisor's root provides this action");
};

function actorFailuresInARow({ policy, actorFailures, lastActorDownAtMs }: RestartContext, atMs: number): number {
  return atMs - lastActorDownAtMs < policy.forgivenAfterMs ? actorFailures : 0;
}

export const restartMachine = setup({
  types: {} as { context: RestartContext; input: RestartInput; events: RestartEvent },
  actors: { alarm: alarmToBeProvided },
  actions: {
    noteFailure: assign(({ context, event }) => {
      if (event.type !== "DOWN") return {};
      const { atMs, cause } = event;
      const { firstDelayMs, longestDelayMs, forgivenAfterMs } = context.policy;
      const isInARow = atMs - context.lastDownAtMs < forgivenAfterMs;
      const failures = isInARow ? context.failures + 1 : 1;
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
      const noted = { failures, lastDownAtMs: atMs, retryAtMs: atMs + delayMs };
      if (cause !== "actor") return noted;
      return { ...noted, actorFailures: actorFailuresInARow(context, atMs) + 1, lastActorDownAtMs: atMs };
    }),
    restart: toBeProvided,
    tellGivenUp: toBeProvided,
  },
  guards: {
    isTooOften: ({ context, event }) => {
      if (event.type !== "DOWN" || event.cause === "journal") return false;
      return actorFailuresInARow(context, event.atMs) >= context.policy.mostFailures;
    },
  },
}).createMachine({
  id: "restart",
  context: ({ input }) => ({
    ...input,
    failures: 0,
    lastDownAtMs: Number.NEGATIVE_INFINITY,
    actorFailures: 0,
    lastActorDownAtMs: Number.NEGATIVE_INFINITY,
    retryAtMs: 0,
  }),
  initial: "up",
  states: {
    up: {
      on: {
        DOWN: [
          { guard: "isTooOften", target: "givenUp" },
          { target: "waiting", actions: "noteFailure" },
        ],
      },
    },
    waiting: {
      invoke: { id: "retry", src: "alarm", input: ({ context }) => ({ atMs: context.retryAtMs, rank: 0 }) },
      on: { ALARM: "restarting" },
    },
    restarting: {
      entry: "restart",
      on: {
        UP: "up",
        DOWN: [
          { guard: "isTooOften", target: "givenUp" },
          { target: "waiting", actions: "noteFailure" },
        ],
      },
    },
    givenUp: { type: "final", entry: "tellGivenUp" },
  },
});
