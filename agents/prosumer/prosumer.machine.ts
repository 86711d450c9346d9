/**
 * The bot: a home that trades for itself.
 *
 *   offline ──CONNECTED──► learning ──knows the market──► trading
 *      ▲                      │                              │
 *      └─────DISCONNECTED─────┴──────────────────────────────┘        any ──STOP──► stopped (final)
 *
 * The machine says whether it may act; what it does is mind.ts' business, a plain engine with this machine as its one writer, held in
 * context. It lives by the published clock alone: no timers. In `learning` it listens until rules, own tariff and trends are known,
 * the latest tick waits; `trading` begins with `online`. The composition root carries SEND to the broker at QoS 1, in order.
 */
import { enqueueActions, setup } from "xstate";
import { topicsOf } from "../../shared/topics.js";
import {
  answerTick,
  chargeReport,
  isReadyToTrade,
  leavingState,
  listen,
  type Mind,
  mindOf,
  type Outgoing,
  ownState,
} from "./mind.js";
import type { BotSpecification } from "./specification.js";
import { nothingTold } from "./told-state.js";

export type ProsumerEvent =
  | { type: "CONNECTED" }
  | { type: "DISCONNECTED" }
  | { type: "MESSAGE"; topic: string; payload: string }
  | { type: "STOP" };

export type ProsumerEmitted =
  | ({ type: "SEND" } & Outgoing)
  /** What it says of itself, for whoever watches: nothing hangs on it. */
  | ({ type: "STATE" } & Outgoing)
  | { type: "NOTE"; level: "info" | "warn"; message: string; values: Record<string, unknown> };

interface Context {
  readonly mind: Mind;
  readonly specification: BotSpecification;
}

export const prosumerMachine = setup({
  types: {} as { context: Context; input: BotSpecification; events: ProsumerEvent; emitted: ProsumerEmitted },
  guards: { knowsTheMarket: ({ context }) => isReadyToTrade(context.mind) },
  actions: {
    listen: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "MESSAGE") return;
      const heard = listen(context.mind, event.topic, event.payload);
      if (heard?.kind !== "note") return;
      const { level, message, values } = heard;
      enqueue.emit({ type: "NOTE", level, message, values });
    }),
    answerTick: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "MESSAGE" || !isTick(context.specification, event.topic)) return;
      for (const outgoing of answerTick(context.mind)) enqueue.emit({ type: "SEND", ...outgoing });
      for (const state of newState(context.mind)) enqueue.emit(state);
    }),
    comeOnline: enqueueActions(({ context, enqueue }) => {
      enqueue.emit(statusOf(context.specification, "online"));
      enqueue.emit({ type: "NOTE", level: "info", message: "online", values: { id: context.specification.id } });
      for (const outgoing of answerTick(context.mind)) enqueue.emit({ type: "SEND", ...outgoing });
      Object.assign(context.mind.telling, nothingTold()); // the plain status has taken its place
      for (const state of newState(context.mind)) enqueue.emit(state);
    }),
    goOffline: enqueueActions(({ context, enqueue }) => {
      enqueue.emit(statusOf(context.specification, "offline"));
      const state = leavingState(context.mind);
      if (state !== undefined) enqueue.emit({ type: "STATE", ...state });
    }),
  },
}).createMachine({
  id: "prosumer",
  context: ({ input }) => ({ mind: mindOf(input), specification: input }),
  initial: "offline",
  on: { STOP: ".stopped" },
  states: {
    offline: { on: { CONNECTED: "learning", MESSAGE: {}, DISCONNECTED: {} } },
    learning: {
      always: { guard: "knowsTheMarket", target: "trading" },
      on: { MESSAGE: { actions: "listen" }, CONNECTED: {}, DISCONNECTED: "offline", STOP: leave() },
    },
    trading: {
      entry: "comeOnline",
      on: { MESSAGE: { actions: ["listen", "answerTick"] }, CONNECTED: {}, DISCONNECTED: "offline", STOP: leave() },
    },
    stopped: { type: "final" },
  },
});

function newState(mind: Mind): ProsumerEmitted[] {
  const state = ownState(mind);
  return state === undefined ? [] : [{ type: "STATE", ...state }];
}

function isTick({ market }: BotSpecification, topic: string): boolean {
  return topic === topicsOf(market).public("clock");
}

function leave() {
  return { target: "stopped", actions: "goOffline" } as const;
}

function statusOf({ id, market }: BotSpecification, status: "online" | "offline"): ProsumerEmitted {
  return { type: "SEND", topic: topicsOf(market).in(id, "status"), message: { v: 1, status }, retain: true };
}

/** What a bot's battery did: for the final report. */
export function batteryReport(snapshot: { readonly context: Context }) {
  return chargeReport(snapshot.context.mind);
}
