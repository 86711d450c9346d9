/**
 * The supplier: tells its tariffs at its first tick, once a day, when a guest or a registered newcomer comes, and when the operator changes an
 * offer or who is with whom.
 *
 *   supplying ──TICK──► supplying (may emit PUBLISH)   ──GUEST, ACCOUNTS, SUPPLY──► supplying (emits PUBLISH)   ──STOP──► stopped (final)
 *
 * Its messages are numbered from 1. A repeated or older tick publishes nothing. Sending again until acknowledged is the root's work.
 */
import { assign, enqueueActions, setup } from "xstate";
import type { ManageAccounts, ManageSupply } from "../../shared/messages/manage.js";
import { instantFromIso } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import { noChanges, type SupplyChanges, withSupply } from "./offers.js";
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
  /** Who has registered, or whose account has changed. */
  | { type: "ACCOUNTS"; message: ManageAccounts }
  /** The operator has changed an offer, or who is with whom. */
  | { type: "SUPPLY"; message: ManageSupply }
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
  /** Undefined in what was kept before there were any. */
  readonly changes?: SupplyChanges;
}

function bodiesOf(context: Context, event: SupplierEvent): TariffsBody[] {
  const { specification, roundLengthMs, lastSeq, guests, changes = noChanges } = context;
  if (event.type === "SUPPLY") {
    const tsMs = instantFromIso(event.message.ts) ?? specification.fromMs;
    return [tariffsFrom(specification, tsMs, guests, withSupply(changes, event.message))];
  }
  if (event.type === "GUEST" || event.type === "ACCOUNTS") {
    const tsMs = event.type === "GUEST" ? event.tsMs : (instantFromIso(event.message.ts) ?? specification.fromMs);
    return [tariffsFrom(specification, tsMs, [...guests, ...newcomers(context, event)], changes)];
  }
  if (event.type !== "TICK") return [];
  return supplierMessages(specification, { tsMs: event.tsMs, roundLengthMs, first: lastSeq === 0, guests, changes });
}

/** Who has no tariff yet. */
function newcomers({ guests, specification }: Context, event: SupplierEvent): string[] {
  const known = (id: string): boolean =>
    guests.includes(id) || specification.tariffs.some(({ participant }) => participant === id);
  if (event.type === "GUEST") return guests.includes(event.participant) ? [] : [event.participant];
  if (event.type !== "ACCOUNTS") return [];
  return event.message.accounts.flatMap(({ id, role }) => (role === "prosumer" && !known(id) ? [id] : []));
}

export const supplierMachine = setup({
  types: {} as { context: Context; input: SupplierInput; events: SupplierEvent; emitted: SupplierEmitted },
  guards: {
    isNewTick: ({ context, event }) => event.type === "TICK" && event.seq > context.lastSeq,
    isNewGuest: ({ context, event }) => newcomers(context, event).length > 0,
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
    learnSupply: assign({
      changes: ({ context, event }) => {
        const { changes = noChanges } = context;
        return event.type === "SUPPLY" ? withSupply(changes, event.message) : changes;
      },
    }),
    welcome: assign({
      guests: ({ context, event }) => [...context.guests, ...newcomers(context, event)],
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
        ACCOUNTS: { guard: "isNewGuest", actions: ["publish", "welcome"] },
        SUPPLY: { actions: ["publish", "learnSupply"] },
        STOP: "stopped",
      },
    },
    stopped: { type: "final" },
  },
});
