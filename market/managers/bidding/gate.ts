/**
 * The gate of one period: the book is cleared, everyone is told his fate, the contracts are handed on.
 *
 * Contracts go out at once, unchecked (`checked: false`). Where a DSO checks the period before its exchange, cuts.ts tells them anew.
 */
import { kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import { isoUtc } from "../../../shared/time.js";
import type { OrderFate, Side, Trade } from "../../facts.js";
import { auctionPrice } from "../../rules/auction-price.js";
import { bookAtGate } from "../../rules/book-at-gate.js";
import { qualityOf } from "../../rules/market-quality.js";
import { type Closing, closeBook } from "../../rules/period-book-closing.js";
import { handContracts, publishContracts, recordContracts } from "./contracts.js";
import { captureHolds } from "./credit-desk.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { publishPrice, publishResults } from "./period-results.js";
import { notifiedPositions } from "./positions.js";
import { publishFill, publishTrade, tellTrade } from "./publish.js";
import { promiseContracts } from "./ratings.js";

export function closeGate(desk: BiddingDesk, period: PeriodDesk): void {
  const { periodMs } = period.times;
  const { outbox } = desk.ports;
  const orders = bookAtGate(period.book);
  desk.ports.journal.record({ type: "book", periodMs, orders });
  const closing = closeBook(period.book, desk.ports.mechanism);
  period.closed = true;
  period.closing = closing;
  captureHolds(desk, periodMs, closing.trades);
  promiseContracts(desk, periodMs, closing.trades);
  for (const fate of closing.fates) desk.ports.journal.record({ type: "fate", periodMs, fate });
  tellTrades(desk, period, closing);
  const { priceMicroPerKwh, volumeWh } = closing;
  desk.ports.journal.record({ type: "cleared", price: { periodMs, priceMicroPerKwh, volumeWh } });
  publishResults(desk, periodMs, closing);
  publishPrice(desk, periodMs, closing);
  const quality = qualityOf(orders, closing.trades);
  const clearingPriceMicroPerKwh = auctionPrice(closing.trades);
  const contracted = { ...closing, limits: undefined, quality, clearingPriceMicroPerKwh };
  tellFills(desk, period, publishContracts(desk, period, contracted));
  recordContracts(desk, period, closing);
  outbox.publish(desk.topics.publicPeriod("items", periodMs), null, true);
  outbox.publish(desk.topics.publicPeriod("book", periodMs), null, true);
  const positions = notifiedPositions(period);
  if (positions.length > 0) desk.ports.journal.record({ type: "notified", periodMs, positions });
  handContracts(desk, periodMs, contracted, positions);
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

function tellFills(desk: BiddingDesk, period: PeriodDesk, told: ReadonlyMap<string, readonly OrderFate[]>): void {
  for (const [participant, fates] of told) {
    if (period.book.matching === undefined) for (const fate of fates) tellFilled(desk, period.times.periodMs, fate);
    desk.ownersChanged.add(participant);
  }
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
