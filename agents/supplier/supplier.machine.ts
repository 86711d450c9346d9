/**
 * The supplier: tells its tariffs at its first tick, once a day, and when a guest comes.
 *
 *   supplying ──TICK──► supplying (may emit PUBLISH)   ──GUEST──► supplying (emits PUBLISH)   ──STOP──► stopped (final)
 *
 * Its messages are numbered from 1. A repeated or older tick publishes nothing. Sending again until acknowledged is the root's work.
 */
import { assign, enqueueActions, setup } from "xstate";
import { topicsOf } from "../../shared/topics.js";
import type { SupplierSpecification } from "./specification.js";
import { supplierMessages, type TariffsBody, tariffsFrom } from "./supplier.js";

export interface SupplierInput {
  readonly specification: SupplierSpecification;
  /** Market time from one tick to the next. */
  readonly roundLengthMs: number;
}

export type SupplierEvent =
  | { type: "TICK"; tsMs: number; seq: number }
  | { type: "GUEST"; participant: string; tsMs: number }
  | { type: "STOP" };

export interface SupplierEmitted {
  readonly type: "PUBLISH";
  readonly topic: string;
  readonly message: object;
  readonly retain: false;
}

interface Context extends SupplierInput {
  readonly lastSeq: number;
  readonly published: number;
  readonly guests: readonly string[];
}

function bodiesOf(context: Context, event: SupplierEvent): TariffsBody[] {
  const { specification, roundLengthMs, lastSeq, guests } = context;
  if (event.type === "GUEST") return [tariffsFrom(specification, event.tsMs, [...guests, event.participant])];
  if (event.type !== "TICK") return [];
  return supplierMessages(specification, { tsMs: event.tsMs, roundLengthMs, first: lastSeq === 0, guests });
}

export const supplierMachine = setup({
  types: {} as { context: Context; input: SupplierInput; events: SupplierEvent; emitted: SupplierEmitted },
  guards: {
    isNewTick: ({ context, event }) => event.type === "TICK" && event.seq > context.lastSeq,
    isNewGuest: ({ context, event }) => event.type === "GUEST" && !context.guests.includes(event.participant),
  },
  actions: {
    publish: enqueueActions(({ context, event, enqueue }) => {
      const bodies = bodiesOf(context, event);
      const topic = topicsOf(context.specification.market).manage("tariffs");
      bodies.forEach((body, index) => {
        const n = context.published + index + 1;
        enqueue.emit({ type: "PUBLISH", topic, message: { ...body, n }, retain: false });
      });
      enqueue.assign({ published: context.published + bodies.length });
    }),
    countTick: assign({ lastSeq: ({ context, event }) => (event.type === "TICK" ? event.seq : context.lastSeq) }),
    welcome: assign({
      guests: ({ context, event }) =>
        event.type === "GUEST" ? [...context.guests, event.participant] : context.guests,
    }),
  },
}).createMachine({
  id: "supplier",
  context: ({ input }) => ({ ...input, lastSeq: 0, published: 0, guests: [] }),
  initial: "supplying",
  states: {
    supplying: {
      on: {
        TICK: { guard: "isNewTick", actions: ["publish", "countTick"] },
        GUEST: { guard: "isNewGuest", actions: ["publish", "welcome"] },
        STOP: "stopped",
      },
    },
    stopped: { type: "final" },
  },
});
