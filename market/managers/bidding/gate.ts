/**
 * The gate of one period: the book is cleared, everyone is told his fate, the contracts are handed on.
 *
 * There is no DSO yet: contracts stand unchecked, and say so (`checked: false`).
 */
import { kwFromWatt, kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import { isoUtc } from "../../../shared/time.js";
import type { NotifiedPosition, OrderFate, Side, Trade } from "../../facts.js";
import { bookAtGate } from "../../rules/book-at-gate.js";
import { type Closing, closeBook } from "../../rules/period-book-closing.js";
import { valueOfEnergy } from "../../rules/value.js";
import { captureHolds } from "./credit-desk.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { notifiedPositions } from "./positions.js";
import { majorOrNull, publishFill, publishTrade, tellTrade } from "./publish.js";
import { promiseContracts } from "./ratings.js";

export function closeGate(desk: BiddingDesk, period: PeriodDesk): void {
  const { periodMs } = period.times;
  const { outbox } = desk.ports;
  desk.ports.journal.record({ type: "book", periodMs, orders: bookAtGate(period.book) });
  const closing = closeBook(period.book, desk.ports.mechanism);
  period.closed = true;
  captureHolds(desk, periodMs, closing.trades);
  promiseContracts(desk, periodMs, closing.trades);
  for (const fate of closing.fates) desk.ports.journal.record({ type: "fate", periodMs, fate });
  tellTrades(desk, period, closing);
  const { priceMicroPerKwh, volumeWh } = closing;
  desk.ports.journal.record({ type: "cleared", price: { periodMs, priceMicroPerKwh, volumeWh } });
  publishResults(desk, periodMs, closing);
  publishContracts(desk, period, closing);
  outbox.publish(desk.topics.publicPeriod("items", periodMs), null, true);
  outbox.publish(desk.topics.publicPeriod("book", periodMs), null, true);
  handOver(desk, period, closing.trades);
}

/**
 * Trades of the list are public one by one; those of an auction show in the results alone. In a continuous market each is told as it
 * was made, so that only the gate's own are left to tell.
 */
function tellTrades(desk: BiddingDesk, period: PeriodDesk, { trades, matchedAtGate }: Closing): void {
  const isContinuous = period.book.matching !== undefined;
  for (const trade of trades) {
    const ofList = trade.mechanism === "listing";
    if (isContinuous && ofList) tellTrade(desk, period, { trade, taker: takerOnList(trade) });
    else if (!isContinuous) {
      desk.ports.journal.record({ type: "trade", periodMs: period.times.periodMs, trade });
      if (ofList) publishTrade(desk, period, trade, takerOnList(trade));
    }
  }
  for (const matched of matchedAtGate) tellTrade(desk, period, matched);
}

/** An item rests; whoever orders it takes. */
function takerOnList({ buyOrder }: Trade): Side {
  return buyOrder.startsWith("o") ? "buy" : "sell";
}

function publishResults(desk: BiddingDesk, periodMs: number, closing: Closing): void {
  const { auction } = closing;
  const ts = isoUtc(desk.ports.clock.now());
  const steps = (side: readonly (readonly [number, number])[]) =>
    side.map(([price, energyWh]) => [majorFromMicro(price), kwhFromWh(energyWh)]);
  const sums = {
    pricePerKwh: majorOrNull(closing.priceMicroPerKwh),
    volumeKwh: kwhFromWh(closing.volumeWh),
    offeredKwh: kwhFromWh(closing.offeredWh),
    wantedKwh: kwhFromWh(closing.wantedWh),
    tradeCount: closing.trades.length,
  };
  desk.ports.outbox.publish(
    desk.topics.publicPeriod("results", periodMs),
    {
      v: 1,
      ts,
      period: isoUtc(periodMs),
      mechanism: desk.ports.mechanism.name,
      ...sums,
      priceLow: majorOrNull(auction.lowMicroPerKwh),
      priceHigh: majorOrNull(auction.highMicroPerKwh),
      cutKwh: 0,
      bids: steps(auction.bids),
      asks: steps(auction.asks),
    },
    true,
  );
  desk.ports.outbox.publish(desk.topics.public("price"), { v: 1, ts, ...sums }, true);
}

function publishContracts(desk: BiddingDesk, period: PeriodDesk, closing: Closing): void {
  const { periodMs } = period.times;
  const position = new Map<string, { energyWh: number; valueMicro: number }>();
  for (const { buyer, seller, energyWh, priceMicroPerKwh: paid, sellerPriceMicroPerKwh: received } of closing.trades) {
    add(position, buyer, -energyWh, -valueOfEnergy(energyWh, paid));
    add(position, seller, energyWh, valueOfEnergy(energyWh, received ?? paid));
  }
  const fatesOf = new Map<string, OrderFate[]>();
  for (const fate of closing.fates) {
    const fates = fatesOf.get(fate.participant);
    if (fates === undefined) fatesOf.set(fate.participant, [fate]);
    else fates.push(fate);
  }
  for (const participant of [...fatesOf.keys()].sort()) {
    const fates = fatesOf.get(participant) ?? [];
    const { energyWh, valueMicro } = position.get(participant) ?? { energyWh: 0, valueMicro: 0 };
    publishContract(desk, period, participant, energyWh, valueMicro, fates);
    if (period.book.matching === undefined) for (const fate of fates) tellFilled(desk, periodMs, fate);
    desk.ownersChanged.add(participant);
  }
  for (const [participant, { energyWh, valueMicro }] of [...position].sort(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    desk.ports.journal.record({
      type: "contract",
      periodMs,
      participant,
      energyWh: energyWh as OrderFate["energyWh"],
      valueMicro: valueMicro as ReturnType<typeof valueOfEnergy>,
    });
  }
  period.contractCount = position.size;
}

function add(
  position: Map<string, { energyWh: number; valueMicro: number }>,
  id: string,
  energyWh: number,
  valueMicro: number,
): void {
  const held = position.get(id) ?? { energyWh: 0, valueMicro: 0 };
  position.set(id, { energyWh: held.energyWh + energyWh, valueMicro: held.valueMicro + valueMicro });
}

function publishContract(
  desk: BiddingDesk,
  period: PeriodDesk,
  participant: string,
  energyWh: number,
  valueMicro: number,
  fates: readonly OrderFate[],
): void {
  const { periodMs } = period.times;
  const capacityKw = kwFromWatt(desk.reception.members.get(participant)?.capacityW ?? 0);
  period.contractHolders.push(participant);
  desk.ports.outbox.publish(
    desk.topics.privatePeriod(participant, "contracts", periodMs),
    {
      v: 1,
      ts: isoUtc(desk.ports.clock.now()),
      period: isoUtc(periodMs),
      energyKwh: kwhFromWh(energyWh),
      value: majorFromMicro(valueMicro),
      maxImportKw: capacityKw,
      maxExportKw: capacityKw,
      checked: false,
      orders: fates.map((fate) => ({
        orderId: fate.orderId,
        outcome: fate.outcome,
        energyKwh: kwhFromWh(fate.tradedWh),
        pricePerKwh: majorOrNull(fate.tradedPriceMicroPerKwh),
        why: fate.why,
        wouldTradeAtPerKwh: majorOrNull(fate.wouldTradeAtMicroPerKwh),
        rank: fate.rank,
      })),
    },
    true,
  );
}

function tellFilled(desk: BiddingDesk, periodMs: number, fate: OrderFate): void {
  if (fate.tradedWh === 0 || fate.tradedPriceMicroPerKwh === null) return;
  const isItem = fate.orderId.startsWith("i");
  publishFill(desk, fate.participant, {
    period: isoUtc(periodMs),
    orderId: isItem ? null : fate.orderId,
    itemId: isItem ? fate.orderId : null,
    kind: "filled",
    energyKwh: kwhFromWh(fate.tradedWh),
    pricePerKwh: majorFromMicro(fate.tradedPriceMicroPerKwh),
  });
}

function handOver(desk: BiddingDesk, period: PeriodDesk, trades: readonly Trade[]): void {
  const { periodMs } = period.times;
  const positions = notifiedPositions(period);
  if (positions.length > 0) desk.ports.journal.record({ type: "notified", periodMs, positions });
  desk.ports.link.hand({
    kind: "contracts",
    periodMs,
    body: {
      period: isoUtc(periodMs),
      checked: false,
      trades: trades.map(wireTrade),
      ...(positions.length === 0 ? {} : { positions: positions.map(wirePosition) }),
      limits: [],
    },
  });
}

function wirePosition({ participant, energyWh }: NotifiedPosition) {
  return { participant, energyKwh: kwhFromWh(energyWh) };
}

/** The seller's price is told only where it is not the buyer's. */
function wireTrade({ energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: received, ...names }: Trade) {
  return {
    ...names,
    energyKwh: kwhFromWh(energyWh),
    pricePerKwh: majorFromMicro(priceMicroPerKwh),
    ...(received === undefined || received === priceMicroPerKwh ? {} : { sellerPricePerKwh: majorFromMicro(received) }),
  };
}
