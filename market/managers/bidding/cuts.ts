/**
 * The DSO's word on one period, between its gate and its exchange: orders are cut, everybody's limits and contract are told anew.
 *
 * The rule is operating-cuts.ts. The DSO speaks once for each period; what comes at another time is refused and logged. What it names that
 * this market does not know is left out and logged. Trades and fates stay recorded as they were at the gate: the cuts are facts of their own.
 */
import { kwhFromWh, majorFromMicro, whFromKwh } from "../../../shared/decimal.js";
import type { ManageLimits } from "../../../shared/messages/manage.js";
import { isoUtc } from "../../../shared/time.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import type { CutOrder, LostEnergy, NotifiedPosition, OrderFate } from "../../facts.js";
import { auctionPrice } from "../../rules/auction-price.js";
import { bookAtGate } from "../../rules/book-at-gate.js";
import { cutOf, energyOf } from "../../rules/cut-figures.js";
import { fatesAfterCuts } from "../../rules/fate-after-cut.js";
import { lostAfterCuts } from "../../rules/lost-after-cuts.js";
import { qualityOf } from "../../rules/market-quality.js";
import { applyCuts, type TradesAfterCuts } from "../../rules/operating-cuts.js";
import type { PeriodBook } from "../../rules/period-book.js";
import type { Closing } from "../../rules/period-book-closing.js";
import { positionsAfterCuts } from "../../rules/positions-after-cuts.js";
import { handContracts, publishContracts, recordContracts } from "./contracts.js";
import { captureHolds } from "./credit-desk.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { publishResults } from "./period-results.js";
import { notifiedPositions } from "./positions.js";
import { publishFill } from "./publish.js";
import { promiseAnew } from "./ratings.js";

/** Applies what the DSO says of a period whose gate has closed. */
export function applyLimits(desk: BiddingDesk, period: PeriodDesk, message: ManageLimits): void {
  const { closing, book, times } = period;
  if (closing === undefined) throw new Error(`the gate of ${isoUtc(times.periodMs)} has left nothing to be cut`);
  const { cuts, limits } = knownOnly(desk, book, message);
  const asked = cuts.map(({ cutKwh, ...cut }) => ({ ...cut, cutWh: whFromKwh(cutKwh) }));
  const after = applyCuts(closing.trades, arrivalsOf(book), asked);
  // With full imbalance their positions protect the innocent.
  const lost = desk.terms.settlement.imbalance === "promised" ? lostAfterCuts(after) : [];
  const cut = cutOf(closing.trades, after);
  const fates = fatesAfterCuts(closing.fates, after.trades, after.cuts);
  const quality = qualityOf(bookAtGate(book), after.trades);
  const clearingPriceMicroPerKwh = auctionPrice(closing.trades);
  const contracted = { ...after, fates, limits, lost, cut, quality, clearingPriceMicroPerKwh };
  const positions = positionsLeft(desk, period, closing, after);
  if (after.cuts.length > 0) takeUpCuts(desk, period, closing, { ...after, lost }, positions);
  publishContracts(desk, period, contracted);
  const fateOf = new Map(closing.fates.map((fate) => [fate.orderId, fate]));
  for (const cut of after.cuts) tellReleased(desk, times.periodMs, cut, fateOf.get(cut.orderId));
  handContracts(desk, times.periodMs, contracted, positions);
}

/** The DSO's word at another time, or once more. */
export function refuseLimits({ ports }: BiddingDesk, { period, cuts }: ManageLimits): void {
  ports.log.warn(`the DSO's word on ${period} is refused: it is heard once, between gate and exchange`, {
    cuts: cuts.length,
  });
}

/** What the market knows of it. */
function knownOnly({ reception, ports }: BiddingDesk, { items, orders }: PeriodBook, message: ManageLimits) {
  const isOrder = ({ orderId }: { orderId: string }): boolean => items.has(orderId) || orders.has(orderId);
  const isMember = ({ participant }: { participant: string }): boolean => reception.members.has(participant);
  const cuts = message.cuts.filter(isOrder);
  const limits = tightest(message.limits.filter(isMember));
  const unknownOrders = message.cuts.filter((cut) => !isOrder(cut)).map(({ orderId }) => orderId);
  const unknownParticipants = message.limits.filter((limit) => !isMember(limit)).map((limit) => limit.participant);
  if (unknownOrders.length + unknownParticipants.length > 0) {
    const unknown = { orders: unknownOrders, participants: unknownParticipants };
    ports.log.warn(`the DSO names what nobody knows in ${message.period}: left out`, unknown);
  }
  return { cuts, limits };
}

/** Several elements may limit one participant: the least holds in each direction. */
function tightest(limits: ManageLimits["limits"]): ManageLimits["limits"] {
  const byParticipant = new Map<string, ManageLimits["limits"][number]>();
  for (const { participant, maxImportKw, maxExportKw } of limits) {
    const known = byParticipant.get(participant);
    byParticipant.set(participant, {
      participant,
      maxImportKw: Math.min(maxImportKw, known?.maxImportKw ?? maxImportKw),
      maxExportKw: Math.min(maxExportKw, known?.maxExportKw ?? maxExportKw),
    });
  }
  return [...byParticipant.values()];
}

function arrivalsOf({ items, orders }: PeriodBook): ReadonlyMap<string, number> {
  return new Map([...items.values(), ...orders.values()].map(({ id, arrival }) => [id, arrival]));
}

/** Without full imbalance nobody is held to a position. */
function positionsLeft(
  { terms }: BiddingDesk,
  period: PeriodDesk,
  { trades }: Closing,
  after: TradesAfterCuts,
): NotifiedPosition[] {
  const notified = notifiedPositions(period);
  return terms.settlement.imbalance === "full" ? positionsAfterCuts(notified, trades, after) : notified;
}

/** The cuts as facts, and all that hangs on what is contracted: funds held, promises, results. */
function takeUpCuts(
  desk: BiddingDesk,
  period: PeriodDesk,
  closing: Closing,
  after: TradesAfterCuts & { readonly lost: readonly LostEnergy[] },
  positions: readonly NotifiedPosition[],
): void {
  const { trades, cuts } = after;
  const { periodMs } = period.times;
  const { journal } = desk.ports;
  captureHolds(desk, periodMs, trades);
  promiseAnew(desk, periodMs, after);
  journal.record({ type: "cut", periodMs, orders: cuts });
  const { priceMicroPerKwh } = closing;
  journal.record({ type: "cleared", price: { periodMs, priceMicroPerKwh, volumeWh: wh(energyOf(trades)) } });
  recordContracts(desk, period, after);
  if (positions.length > 0) journal.record({ type: "notified", periodMs, positions });
  publishResults(desk, periodMs, closing, trades);
}

/** At the average price that it had traded at. */
function tellReleased(desk: BiddingDesk, periodMs: number, cut: CutOrder, fate: OrderFate | undefined): void {
  const { orderId, participant, cutWh } = cut;
  const priceMicroPerKwh = fate?.tradedPriceMicroPerKwh ?? 0;
  const isItem = orderId.startsWith("i");
  publishFill(desk, participant, {
    period: isoUtc(periodMs),
    orderId: isItem ? null : orderId,
    itemId: isItem ? orderId : null,
    kind: "released",
    energyKwh: kwhFromWh(cutWh),
    pricePerKwh: majorFromMicro(microPerKwh(priceMicroPerKwh)),
  });
}
