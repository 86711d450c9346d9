/** Listens to a run and says what is wrong, by an independent view of what the contract promises: docs/invariants.md names each. */

import { createActorMakers } from "../../../infra/actors/actor-makers.js";
import { createActorRun } from "../../../infra/journal/actor-run.js";
import { firstDigest } from "../../../infra/journal/decision-text.js";
import { foldJournal } from "../../../infra/journal/fold.js";
import type { JournalledRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { MemoryJournal } from "../../../infra/journal/memory-journal.js";
import { sha256 } from "../../../infra/main/secrets.js";
import type { Outcome } from "../../../infra/registry/registry.js";
import type { Broker } from "../broker.js";
import type { SimulatedClient } from "../client.js";
import type { Drawn } from "../commands.js";
import { actorsGivenBy } from "../market-life.js";
import type { OperatorAct } from "../operator-acts.js";
import type { Setting } from "../setting.js";
import { createHandoverAuditor } from "./handover-auditor.js";
import { createBiddingModel } from "./model-bidding.js";
import { modelCalendar } from "./model-calendar.js";
import { createExchangeModel } from "./model-exchange.js";
import { createMoneyAuditor } from "./money-auditor.js";
import { createPaymentAuditor, type PaymentAuditor } from "./payment-auditor.js";
import { createReplyAuditor } from "./reply-auditor.js";
import { checkRetained } from "./retained-check.js";
import { createSupplyAuditor, type SupplyAuditor } from "./supply-auditor.js";

export interface AuditorOptions {
  readonly setting: Setting;
  readonly nowMs: () => number;
  readonly broker: Broker;
}

export type Journals = ReadonlyMap<JournalledRole, MemoryJournal>;

export type DeskCounts = ReturnType<PaymentAuditor["counts"]> &
  ReturnType<SupplyAuditor["counts"]> & { readonly entries: number };

export interface Auditor {
  /** A participant has sent a command for the first time. */
  sent(sender: string, drawn: Drawn): void;
  /** A reply has reached its participant. */
  replied(receiver: string, payload: string): void;
  /** The operator has been answered. */
  answered(act: OperatorAct, outcome: Outcome): void;
  /** So much is durable now. */
  appended(role: JournalledRole, entries: readonly JournalEntry[]): void;
  /** The market ended for a reason that is no fault of the world's. */
  died(reason: string, error: unknown): void;
  /** Nothing is under way: what is retained has to be what the journals vouch for. */
  calm(journals: Journals): void;
  /** Whether all is billed, paid and taken. */
  isComplete(): boolean;
  finish(journals: Journals, clients: readonly SimulatedClient[], unanswered: readonly OperatorAct[]): void;
  /** The first thing that was found wrong. */
  failure(): string | undefined;
  commands(): number;
  /** What came of the operator's acts and of gateways' batches. */
  counts(): DeskCounts;
}

export function createAuditor({ setting, nowMs, broker }: AuditorOptions): Auditor {
  const { terms } = setting;
  const periods = modelCalendar(terms.calendar).periods.map(({ periodMs }) => periodMs);
  const bidding = createBiddingModel(setting);
  const exchange = createExchangeModel(setting);
  const idsOf = (isProsumer: boolean): string[] =>
    terms.members.filter(({ role }) => (role === "prosumer") === isProsumer).map(({ id }) => id);
  const payments = createPaymentAuditor(idsOf(true), idsOf(false));
  const supply = createSupplyAuditor(setting);
  const money = createMoneyAuditor({
    participants: new Map(terms.members.map((member) => [member.id, member])),
    ...{ periods, digest: sha256, paidMicro: payments.paidMicro },
  });
  const handovers = createHandoverAuditor();
  const replies = createReplyAuditor();
  let failure: string | undefined;
  const report = (what: string | undefined): void => {
    failure ??= what;
  };
  const entryOf: Partial<Record<JournalledRole, (entry: JournalEntry) => string | undefined>> = {
    bidding: bidding.entry,
    exchange: exchange.entry,
    settlement: money.entry,
  };

  function appended(role: JournalledRole, entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      replies.appended(entry);
      const wrong =
        [handovers, payments, supply].map((part) => part.entry(role, entry)).find(isSaid) ?? entryOf[role]?.(entry);
      if (wrong !== undefined) report(`${role}, input ${entry.n} ${inputOf(entry)}: ${wrong}`);
    }
  }

  return {
    appended,
    sent: replies.sent,
    answered(act, outcome) {
      report(act.kind === "pay" ? payments.told(act.payment, outcome) : undefined);
    },
    replied: (receiver, payload) => report(replies.heard(receiver, payload)),
    died(reason, error) {
      const text = String(error);
      // A connection may break while the market starts; all else that ends it is a fault of its own.
      if (!text.includes("the connection broke") && !text.includes("is full")) report(`${reason}: ${text}`);
    },
    calm(journals) {
      report(checkRetained({ journals, broker, market: terms.market }));
      // What a gate closes leaves its owner's list a moment later.
      const leastListIntervalMs = 500 * setting.rate;
      if (bidding.hasGateBetween(nowMs() - 2 * leastListIntervalMs, nowMs())) return;
      for (const id of bidding.participants()) report(checkOwnOrders(id));
    },
    isComplete: () =>
      money.billedPeriods() === periods.length && handovers.left() === undefined && payments.left() === undefined,
    finish(journals, clients, unanswered) {
      if (money.billedPeriods() < periods.length)
        report(`${money.billedPeriods()} of ${periods.length} periods are billed`);
      report(handovers.left());
      report(payments.left());
      report(money.atEnd());
      for (const { view, pending } of clients) {
        for (const { payload } of pending()) report(`${view.id} has no reply to ${payload}`);
      }
      for (const act of unanswered) report(`the operator has no answer to ${JSON.stringify(act)}`);
      // Some runs are replayed once more as a whole: their restarts have done most of it already.
      if (setting.seed % (replies.commands() < 1000 ? 2 : 4) === 0) report(replayed(setting, journals));
    },
    failure: () => failure,
    commands: replies.commands,
    counts: () => ({ ...payments.counts(), ...supply.counts(), entries: replies.entries() }),
  };

  function checkOwnOrders(id: string): string | undefined {
    const text = broker.retained.get(`elecbay/${terms.market}/private/${id}/orders`);
    const told = text === undefined ? [] : ownIn(text);
    const held = bidding.openOf(id, nowMs());
    return told.join() === held.join() ? undefined : `${id} is told to have ${told.join()}, it has ${held.join()}`;
  }
}

const isSaid = (what: string | undefined): what is string => what !== undefined;

function ownIn(text: string): string[] {
  const { items, orders } = JSON.parse(text) as Record<string, { version: number; energyKwh: number }[]>;
  return [...(items ?? []), ...(orders ?? [])]
    .map((own) => {
      const { itemId, orderId, version, energyKwh } = own as typeof own & { itemId?: string; orderId?: string };
      return `${orderId ?? itemId} ${version} ${Math.round(energyKwh * 1000)}`;
    })
    .sort();
}

function inputOf({ event, atMs }: JournalEntry): string {
  const packet = (event as { packet?: { sender: string; topic: string; payload: string } } | null)?.packet;
  const what =
    packet === undefined ? (event?.type ?? "an alarm") : `${packet.sender} ${packet.topic} ${packet.payload}`;
  return `(${what} at ${new Date(atMs).toISOString()})`;
}

/** Every journal, folded from its beginning, comes to the same decisions. */
function replayed(setting: Setting, journals: Journals): string | undefined {
  const makers = createActorMakers(actorsGivenBy(setting));
  for (const [role, journal] of journals) {
    const { market, calendar } = setting.terms;
    const run = createActorRun({ market, startMs: calendar.startMs, make: makers.make[role], digest: sha256 });
    try {
      foldJournal({ role, journal, run, from: { n: 0, digest: firstDigest } });
    } catch (error) {
      return String(error);
    } finally {
      run.stop();
    }
  }
  return undefined;
}
