/**
 * The environment publisher: one state, one emission per message that a tick brings.
 *
 *   publishing ──TICK──► publishing (emits PUBLISH, retained)        ──STOP──► stopped (final)
 *
 * A repeated or older tick publishes nothing. After a restart the first tick publishes all, for retained topics may be lost.
 */
import { assign, enqueueActions, setup } from "xstate";
import { topicsOf } from "../../shared/topics.js";
import { environmentMessages } from "./environment.js";
import type { EnvironmentSpecification } from "./specification.js";

export interface EnvironmentInput {
  readonly specification: EnvironmentSpecification;
  /** Market time from one tick to the next. */
  readonly roundLengthMs: number;
}

export type EnvironmentEvent = { type: "TICK"; tsMs: number; seq: number } | { type: "STOP" };
export interface EnvironmentEmitted {
  readonly type: "PUBLISH";
  readonly topic: string;
  readonly message: object;
  readonly retain: true;
}

export const environmentMachine = setup({
  types: {} as {
    context: EnvironmentInput & { readonly lastSeq: number };
    input: EnvironmentInput;
    events: EnvironmentEvent;
    emitted: EnvironmentEmitted;
  },
  guards: { isNewTick: ({ context, event }) => event.type === "TICK" && event.seq > context.lastSeq },
  actions: {
    publish: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "TICK") return;
      const { specification, roundLengthMs, lastSeq } = context;
      const tick = { tsMs: event.tsMs, roundLengthMs, first: lastSeq === 0 };
      for (const { topic, message } of environmentMessages(specification, tick)) {
        enqueue.emit({ type: "PUBLISH", topic: topicsOf(specification.market).public(topic), message, retain: true });
      }
    }),
    countTick: assign({ lastSeq: ({ context, event }) => (event.type === "TICK" ? event.seq : context.lastSeq) }),
  },
}).createMachine({
  id: "environment",
  context: ({ input }) => ({ ...input, lastSeq: 0 }),
  initial: "publishing",
  states: {
    publishing: {
      on: { TICK: { guard: "isNewTick", actions: ["publish", "countTick"] }, STOP: "stopped" },
    },
    stopped: { type: "final" },
  },
});
