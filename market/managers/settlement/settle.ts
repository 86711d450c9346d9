/** Settles a metered period, books corrections, and sends the bills: the rules decide, this moves their results on. */
import { microPerKwhFromMajor, whFromKwh } from "../../../shared/decimal.js";
import type { ManageContracts, ManageMetered } from "../../../shared/messages/manage.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import { type Wh, wh } from "../../../shared/units.js";
import type { BillLine, Reading, Trade } from "../../facts.js";
import { billMessage, makeBill } from "../../rules/bill.js";
import { correctPeriod } from "../../rules/estimate.js";
import { assertInvariant } from "../../rules/invariants.js";
import { addCorrection, addPeriod, closePeriod } from "../../rules/kpi.js";
import {
  accounts,
  assertBalanced,
  balanceOf,
  type EntryDraft,
  type Posted,
  post,
  postPeriod,
  tellEntries,
} from "../../rules/ledger.js";
import { qualityFrom } from "../../rules/quality-message.js";
import { type SettlementInput, settledPrices, settlePeriod } from "../../rules/settlement.js";
import { lastPeriod, type PeriodTimes } from "../calendar.js";
import type { PendingBill, SettledDesk, SettlementDesk } from "./desk.js";
import { correctWaiting, noteBillsDue, type PricedPeriod, takeIntoPool, waitingPeriod } from "./pool-desk.js";
import { publishLastHead } from "./statements.js";
import { carbonOf, hasTariff, tariffsOf } from "./tariffs.js";

/** A newer message takes the place of an older one until the period is settled; one that came late, sent again, does not. */
export function learnContracts(desk: SettlementDesk, message: ManageContracts): void {
  const periodMs = instantFromIso(message.period);
  if (periodMs === undefined) return;
  if (message.n < (desk.contractsTold.get(periodMs) ?? 0)) return;
  if (desk.settled.has(periodMs) || waitingPeriod(desk, periodMs) !== undefined) {
    desk.ports.log.warn(`contracts of ${message.period} come after its metering: they change nothing`);
    return;
  }
  desk.contractsTold.set(periodMs, message.n);
  const trades: Trade[] = message.trades.map(({ energyKwh, pricePerKwh, sellerPricePerKwh, ...names }) => ({
    ...names,
    energyWh: whFromKwh(energyKwh),
    priceMicroPerKwh: microPerKwhFromMajor(pricePerKwh),
    ...(sellerPricePerKwh === undefined ? {} : { sellerPriceMicroPerKwh: microPerKwhFromMajor(sellerPricePerKwh) }),
  }));
  desk.trades.set(periodMs, trades);
  const positions = message.positions ?? [];
  desk.positions.set(
    periodMs,
    new Map(positions.map(({ participant, energyKwh }) => [participant, whFromKwh(energyKwh)])),
  );
  const { cut, quality } = message;
  if (quality === undefined) desk.qualities.delete(periodMs);
  else desk.qualities.set(periodMs, qualityFrom(quality, trades));
  if (cut === undefined) desk.cuts.delete(periodMs);
  else desk.cuts.set(periodMs, { orders: cut.orders, cutWh: whFromKwh(cut.energyKwh) });
  const lost = message.lost ?? [];
  desk.lost.set(periodMs, new Map(lost.map(({ participant, energyKwh }) => [participant, whFromKwh(energyKwh)])));
}

/** @returns the periods that are settled by it: the one that is metered; in a pool that prices a month, all of it or none. */
export function settle(desk: SettlementDesk, times: PeriodTimes, message: ManageMetered): readonly number[] {
  const { mechanism } = desk.ports;
  const input = inputOf(desk, times, message);
  const metered = { times, input, carbonMilligramPerKwh: carbonOf(desk, times.periodMs) };
  const settled =
    mechanism.kind === "pool"
      ? takeIntoPool(desk, mechanism, metered)
      : { periods: [{ ...metered, settlement: settlePeriod(input) }], remainder: [], billsDue: [] };
  for (const period of settled.periods) enter(desk, period);
  const last = settled.periods.at(-1);
  if (last !== undefined) book(desk, last.times.periodMs, settled.remainder);
  assertInvariant(last === undefined || balanceOf(desk.ledger, accounts.pool) === 0, "a pool ends its horizon at 0");
  desk.periodsChanged = true;
  for (const periodMs of settled.billsDue) sendBills(desk, periodMs);
  return settled.periods.map((period) => period.times.periodMs);
}

function inputOf(desk: SettlementDesk, { periodMs }: PeriodTimes, message: ManageMetered): SettlementInput {
  const trades = desk.trades.get(periodMs);
  assertInvariant(trades !== undefined, `${isoUtc(periodMs)} is settled only when its contracts are known`);
  const positions = desk.positions.get(periodMs) ?? new Map<string, Wh>();
  const lost = desk.lost.get(periodMs) ?? new Map<string, Wh>();
  desk.lost.delete(periodMs);
  desk.trades.delete(periodMs);
  desk.positions.delete(periodMs);
  desk.contractsTold.delete(periodMs);
  // A guest may be known to the exchange before its tariff is known here: until then it has done nothing.
  const readings = readingsFrom(message).filter(
    ({ participant, importWh, exportWh }) => importWh + exportWh > 0 || hasTariff(desk, participant),
  );
  return {
    periodMs,
    periodMinutes: desk.terms.calendar.periodMinutes,
    trades,
    readings,
    positions,
    lost,
    ...tariffsOf(
      desk,
      periodMs,
      readings.map(({ participant }) => participant),
    ),
    terms: desk.terms.settlement,
  };
}

/** Books a settled period and keeps it for its bills. */
function enter(desk: SettlementDesk, { times, input, settlement, carbonMilligramPerKwh }: PricedPeriod): void {
  const { periodMs } = times;
  const { readings, tariffs, trades, terms } = input;
  desk.ports.journal.record({ type: "settled", prices: settledPrices(input, carbonMilligramPerKwh) });
  record(desk, postPeriod(desk.ledger, settlement));
  const cut = desk.cuts.get(periodMs);
  desk.cuts.delete(periodMs);
  const quality = desk.qualities.get(periodMs);
  desk.qualities.delete(periodMs);
  addPeriod(desk.kpis, { readings, settlement, tariffs, trades, terms, carbonMilligramPerKwh, cut, quality });
  const bills = new Map<string, PendingBill>();
  for (const { participant, contractedWh, meteredWh, lines } of settlement.participants) {
    bills.set(participant, { contractedWh, meteredWh, lines: [...lines] });
  }
  const tradedOrders = new Set(trades.flatMap(({ buyOrder, sellOrder }) => [buyOrder, sellOrder])).size;
  desk.settled.set(periodMs, {
    ...{ times, input, settlement, bills, billed: false, tradedOrders, carbonMilligramPerKwh, cut, quality },
  });
  desk.kpisChanged = true;
}

/** Books what a late reading changes; a period already billed gets a bill of the correction alone. */
export function correct(desk: SettlementDesk, message: ManageMetered): void {
  const periodMs = instantFromIso(message.period);
  const period = periodMs === undefined ? undefined : desk.settled.get(periodMs);
  if (periodMs === undefined || period === undefined) {
    if (periodMs !== undefined && correctWaiting(desk, periodMs, readingsFrom(message))) return;
    desk.ports.log.warn(`no settlement to correct for ${message.period}`);
    return;
  }
  let { settlement } = period;
  for (const reading of readingsFrom(message)) {
    const readings = period.input.readings;
    const corrected = correctPeriod(period.input, reading, settlement);
    book(desk, periodMs, corrected.correction.entries);
    const { tariffs, trades, terms } = period.input;
    const { carbonMilligramPerKwh } = period;
    const known = { tariffs, trades, terms, carbonMilligramPerKwh };
    const before = { ...known, readings, settlement: corrected.before };
    const after = { ...known, readings: corrected.input.readings, settlement: corrected.after };
    addCorrection(desk.kpis, before, after);
    if (period.billed) addCorrection(desk.billedKpis, before, after);
    settlement = corrected.after;
    period.input = corrected.input;
    for (const [participant, line] of corrected.correction.lines) addLine(desk, period, participant, line);
  }
  if (!period.billed) period.settlement = settlement;
  desk.kpisChanged = true;
  desk.grantsChanged = true;
}

function addLine(desk: SettlementDesk, period: SettledDesk, participant: string, line: BillLine): void {
  const bill = period.bills.get(participant);
  assertInvariant(bill !== undefined, `what is booked is billed: ${participant} has no bill to correct`);
  bill.meteredWh += line.energyWh;
  if (period.billed) sendBill(desk, period, participant, { ...bill, lines: [line] });
  else bill.lines.push(line);
}

export function sendBills(desk: SettlementDesk, periodMs: number): void {
  if (noteBillsDue(desk, periodMs)) return;
  const period = settledDesk(desk, periodMs);
  for (const [participant, bill] of period.bills) sendBill(desk, period, participant, bill);
  period.billed = true;
  const { readings, tariffs, trades, terms } = period.input;
  const { settlement = settlePeriod(period.input), carbonMilligramPerKwh, cut, quality } = period;
  addPeriod(desk.billedKpis, { readings, settlement, tariffs, trades, terms, carbonMilligramPerKwh, cut, quality });
  period.quality = undefined;
  desk.periodsChanged = true;
  desk.ports.journal.record({ type: "billed", periodMs });
  if (periodMs === lastPeriod(desk.terms.calendar)) publishLastHead(desk);
  if (mayBeCorrected(desk, period)) keepForCorrections(period);
  else period.bills.clear();
}

function mayBeCorrected({ ports, members }: SettlementDesk, { input }: SettledDesk): boolean {
  if (ports.hasOperator || input.readings.some((reading) => reading.quality !== "actual")) return true;
  return members.some(({ role }) => role === "meter");
}

/** For a season or longer: what can be worked out again is not kept. */
function keepForCorrections(period: SettledDesk): void {
  period.settlement = undefined;
  for (const [participant, { contractedWh, meteredWh }] of period.bills)
    period.bills.set(participant, { contractedWh, meteredWh, lines: [] });
}

function sendBill(desk: SettlementDesk, period: SettledDesk, participant: string, pending: PendingBill): void {
  const { periodMs } = period.times;
  desk.billNumber += 1;
  const bill = makeBill({
    billId: `b${desk.billNumber}`,
    periodMs,
    participant,
    contractedWh: wh(pending.contractedWh),
    meteredWh: wh(pending.meteredWh),
    lines: pending.lines,
    previous: desk.lastBillHash.get(participant) ?? "",
    digest: desk.ports.digest,
  });
  desk.lastBillHash.set(participant, bill.hash);
  desk.ports.journal.record({ type: "bill", bill });
  const message = billMessage(bill, desk.ports.clock.now());
  desk.ports.outbox.publish(desk.topics.privatePeriod(participant, "bills", periodMs), message, true);
  const { billAtMs, clearAtMs } = period.times;
  const nowMs = desk.ports.clock.now();
  if (nowMs >= clearAtMs) desk.lateBills.push({ participant, periodMs, clearAtMs: nowMs + clearAtMs - billAtMs });
}

/** A corrected bill that came after its period's bills had left their topics stays there as long as they did. */
export function clearLateBills(desk: SettlementDesk): void {
  const nowMs = desk.ports.clock.now();
  for (let [oldest] = desk.lateBills; oldest !== undefined && oldest.clearAtMs <= nowMs; [oldest] = desk.lateBills) {
    desk.lateBills.shift();
    const { participant, periodMs } = oldest;
    const hasNewer = desk.lateBills.some((late) => late.participant === participant && late.periodMs === periodMs);
    if (!hasNewer) desk.ports.outbox.publish(desk.topics.privatePeriod(participant, "bills", periodMs), null, true);
  }
}

/** After 7 days the bills leave their topics; what may still be corrected is kept. */
export function clearBills(desk: SettlementDesk, periodMs: number): void {
  const { input, bills } = settledDesk(desk, periodMs);
  for (const { participant } of input.readings) {
    desk.ports.outbox.publish(desk.topics.privatePeriod(participant, "bills", periodMs), null, true);
  }
  if (bills.size === 0) dropPeriod(desk, periodMs);
}

/** Drops what no reading may correct any more, once its bills have left their topics. */
export function dropUncorrectable(desk: SettlementDesk, limitMs: number): void {
  const nowMs = desk.ports.clock.now();
  for (const [periodMs, { billed, times }] of desk.settled) {
    if (times.endMs >= limitMs) break;
    if (billed && times.clearAtMs <= nowMs) dropPeriod(desk, periodMs);
  }
}

function dropPeriod(desk: SettlementDesk, periodMs: number): void {
  desk.settled.delete(periodMs);
  closePeriod(desk.kpis, periodMs);
  closePeriod(desk.billedKpis, periodMs);
}

function settledDesk(desk: SettlementDesk, periodMs: number): SettledDesk {
  const period = desk.settled.get(periodMs);
  if (period === undefined) throw new Error(`the settlement manager holds no settlement of ${isoUtc(periodMs)}`);
  return period;
}

/** Posts entries as of a period and records them. */
export function book(desk: SettlementDesk, periodMs: number, drafts: readonly EntryDraft[]): void {
  record(desk, post(desk.ledger, periodMs, drafts));
}

function record(desk: SettlementDesk, posted: Posted): void {
  assertBalanced(desk.ledger);
  tellEntries(posted, (entry) => desk.ports.journal.record({ type: "entry", entry }));
}

function readingsFrom(message: ManageMetered): Reading[] {
  return message.readings.map(({ participant, importKwh, exportKwh, generationKwh, quality }) => ({
    participant,
    importWh: whFromKwh(importKwh),
    exportWh: whFromKwh(exportKwh),
    generationWh: whFromKwh(generationKwh),
    quality,
  }));
}
