/** The settlement manager put together: the machine says when, the desk holds ledger and bills, the ports reach the world. */

import type { ManageMetered } from "../../../shared/messages/manage.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { createKpis, type Kpis } from "../../rules/kpi.js";
import { kpiMessage } from "../../rules/kpi-figures.js";
import { createLedger } from "../../rules/ledger.js";
import type { MarketTerms } from "../../terms.js";
import { alarmOn } from "../alarm.js";
import { correctionLimitMs } from "../calendar.js";
import type { SettlementDesk, SettlementPorts, SettlementState } from "./desk.js";
import { bookDeposits, handGrants } from "./grants.js";
import { learnPayments, learnPayouts } from "./payments.js";
import { waitingPeriod } from "./pool-desk.js";
import { clearBills, clearLateBills, correct, dropUncorrectable, learnContracts, sendBills, settle } from "./settle.js";
import { settlementActorId, settlementMachine } from "./settlement.machine.js";
import { settlementPeriodMachine } from "./settlement-period.machine.js";
import { publishHead } from "./statements.js";
import { hasTariff, learnTariffs, tariffsCover, tellTariffs } from "./tariffs.js";

/**
 * Actor logic to be started with `input: {calendar: terms.calendar}`, the key figures of what is billed, and its state: all that later
 * answers depend on beside the actor's own persisted snapshot. `state` is no copy: write it down before the actor goes on.
 * @param saved a state to go on from, read back from what was written; it is taken over
 */
export function settlementManager(
  terms: MarketTerms,
  ports: SettlementPorts,
  saved: SettlementState = createState(terms),
) {
  // A state saved before a field was there lacks it: it begins as in a new manager.
  const desk: SettlementDesk = { ...createState(terms), ...saved, terms, topics: topicsOf(terms.market), ports };
  const alarm = alarmOn(ports.clock);
  const periodMachine = settlementPeriodMachine.provide({
    actors: { alarm },
    actions: {
      settle: ({ context, event }) => {
        if (event.type !== "METERED") return;
        const settled = settle(desk, { ...context }, event.message);
        if (settled.length > 0) tellFunds(desk, settled);
      },
      correct: ({ event }) => {
        if (event.type === "METERED") correct(desk, event.message);
      },
      sendBills: ({ context }) => sendBills(desk, context.periodMs),
      clearBills: ({ context }) => clearBills(desk, context.periodMs),
    },
  });
  const logic = settlementMachine.provide({
    actors: { alarm, period: periodMachine },
    actions: {
      learnMembers: ({ event }) => {
        if (event.type !== "MEMBERS") return;
        desk.members = event.message.members;
        bookDeposits(desk);
        tellFunds(desk, []);
        tellTariffs(desk);
      },
      learnTariffs: ({ event, self }) => {
        if (event.type !== "TARIFFS") return;
        learnTariffs(desk, event.message);
        for (const message of noLongerWaiting(desk)) self.send({ type: "METERED", message });
      },
      learnContracts: ({ event, self }) => {
        if (event.type !== "CONTRACTS") return;
        learnContracts(desk, event.message);
        for (const message of noLongerWaiting(desk)) self.send({ type: "METERED", message });
      },
      learnPayments: ({ event }) => {
        if (event.type === "PAYMENTS") tellFunds(desk, [], learnPayments(desk, event.message));
        if (event.type === "PAYOUTS") tellFunds(desk, [], learnPayouts(desk, event.message));
      },
      passOnMetered: ({ event, self }) => {
        if (event.type !== "METERED" || hasToWait(desk, event.message)) return;
        const periodMs = instantFromIso(event.message.period);
        const period = periodMs === undefined ? undefined : self.getSnapshot().children[settlementActorId(periodMs)];
        if (period !== undefined) period.send(event);
        else correct(desk, event.message); // cleared already: its actor is gone, what may be corrected is kept
      },
      publishFigures: () => publishFigures(desk),
      countUnknown: ({ event }) => {
        desk.unknownEvents += 1;
        ports.log.warn(`the settlement manager has no use for the event ${event.type}`, { count: desk.unknownEvents });
      },
    },
  });
  return { logic, state: () => stateOf(desk), billedKpis: (): Kpis => desk.billedKpis };
}

/** Readings, contracts and tariffs come from three processes: what is metered before the others are known waits for them. */
function hasToWait(desk: SettlementDesk, message: ManageMetered): boolean {
  const periodMs = instantFromIso(message.period);
  if (periodMs === undefined) return false;
  const waiting = desk.waitingMetered.get(periodMs);
  if (waiting !== undefined) {
    waiting.push(message);
    return true;
  }
  const missing = message.correction ? undefined : missingFor(desk, periodMs, message);
  if (missing === undefined) return false;
  desk.ports.log.warn(`${message.period} is metered, but its ${missing} have not come: it waits for them`);
  desk.waitingMetered.set(periodMs, [message]);
  return true;
}

function missingFor(
  desk: SettlementDesk,
  periodMs: number,
  message: ManageMetered,
): "contracts" | "tariffs" | undefined {
  if (desk.settled.has(periodMs) || waitingPeriod(desk, periodMs) !== undefined) return undefined;
  if (!desk.trades.has(periodMs)) return "contracts";
  const active = message.readings.filter(({ importKwh, exportKwh }) => importKwh + exportKwh > 0);
  const areKnown = active.every(
    ({ participant }) => desk.ports.mechanism.kind === "pool" || hasTariff(desk, participant),
  );
  return areKnown && tariffsCover(desk, periodMs) ? undefined : "tariffs";
}

/** The messages of the periods that have all they waited for, in their order. */
function noLongerWaiting(desk: SettlementDesk): readonly ManageMetered[] {
  const ready: ManageMetered[] = [];
  for (const [periodMs, messages] of desk.waitingMetered) {
    const [metered] = messages;
    if (metered === undefined || missingFor(desk, periodMs, metered) !== undefined) continue;
    desk.waitingMetered.delete(periodMs);
    ready.push(...messages);
  }
  return ready;
}

function stateOf({ terms: _terms, topics: _topics, ports: _ports, ...state }: SettlementDesk): SettlementState {
  return state;
}

/** What the manager starts with: nothing is settled yet. */
function createState(terms: MarketTerms): SettlementState {
  return {
    ledger: createLedger(),
    kpis: createKpis(terms.calendar.periodMinutes),
    billedKpis: createKpis(terms.calendar.periodMinutes),
    members: [],
    tariffs: [],
    trades: new Map(),
    contractsTold: new Map(),
    positions: new Map(),
    lost: new Map(),
    cuts: new Map(),
    qualities: new Map(),
    waitingMetered: new Map(),
    horizons: new Map(),
    settled: new Map(),
    lastBillHash: new Map(),
    lateBills: [],
    tariffsTold: new Map(),
    depositsBooked: new Set(),
    payouts: new Map(),
    grantsChanged: false,
    billNumber: 0,
    headDay: "",
    kpisChanged: false,
    periodsChanged: true,
    unknownEvents: 0,
  };
}

/** To bidding, and to the participants themselves; nothing where nobody has a limit. */
function tellFunds(desk: SettlementDesk, settled: readonly number[], payouts: readonly string[] = []): void {
  if (payouts.length === 0 && !desk.members.some(({ creditLimit }) => creditLimit !== undefined)) return;
  handGrants(desk, settled, payouts);
  tellTariffs(desk);
}

function publishFigures(desk: SettlementDesk): void {
  const nowMs = desk.ports.clock.now();
  publishHead(desk);
  clearLateBills(desk);
  dropUncorrectable(desk, nowMs - correctionLimitMs(desk.terms.calendar));
  if (desk.kpisChanged) desk.ports.outbox.publish(desk.topics.public("kpi"), kpiMessage(desk.kpis, nowMs), true);
  desk.kpisChanged = false;
  if (desk.grantsChanged) tellFunds(desk, []);
  if (desk.periodsChanged) report(desk);
  desk.periodsChanged = false;
}

function report(desk: SettlementDesk): void {
  const periods = [];
  for (const { times, billed, tradedOrders } of desk.settled.values()) {
    if (!billed) periods.push({ period: isoUtc(times.periodMs), phase: "settling" as const, orderCount: tradedOrders });
  }
  for (const { waiting } of desk.horizons.values()) {
    for (const periodMs of waiting.keys()) periods.push({ period: isoUtc(periodMs), phase: "settling" as const });
  }
  desk.ports.link.report({ role: "settlement", status: "online", periods });
}
