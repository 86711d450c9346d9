/**
 * The book of a continuous double auction: every order is matched as it comes, fills are final, what is left of it rests.
 *
 * Priority: the better price, then the earlier arrival, then the smaller id. A trade is made at the price of the order that rested.
 * Energy in Wh, prices in millionths per kWh; nothing is rounded and nothing left over: a buyer pays what the seller gets.
 * Who bids on both sides may trade with itself, as in the uniform auction.
 * One writer mutates it. Adding, shrinking and removing take log(number of price levels), best prices are at hand.
 * Source: elecbay.md 3.7; 0, rule 1 ("fills of the continuous mechanism are final at once").
 */
import { type MicroPerKwh, type Wh, wh } from "../../../shared/units.js";
import type { Side } from "../../facts.js";
import type { AuctionOrder } from "../merit-order.js";
import { type LevelHeap, openLevel, type Resting, topLevel } from "./continuous-levels.js";
import type { AuctionTrade } from "./mechanism.js";

export interface ContinuousBook {
  readonly bids: LevelHeap;
  readonly asks: LevelHeap;
  /** What rests, by order id: made when somebody first asks by id. A book that is only added to does without, at half the time. */
  index: Map<string, Resting> | undefined;
}

export function createContinuousBook(): ContinuousBook {
  return {
    bids: { sign: -1, levels: new Map(), heap: [] },
    asks: { sign: 1, levels: new Map(), heap: [] },
    index: undefined,
  };
}

const noTrades: readonly AuctionTrade[] = [];

/**
 * Matches `order` with what rests on the other side; what is left of it rests. The trades are final, in the order in which they came about;
 * the taker is `order`.
 *
 * @throws RangeError where it has no energy. Two orders with one id are refused no later than somebody asks by id.
 */
export function addOrder(book: ContinuousBook, order: AuctionOrder): readonly AuctionTrade[] {
  if (!Number.isSafeInteger(order.energyWh) || order.energyWh <= 0) {
    throw new RangeError(`order ${order.orderId} brings ${order.energyWh} Wh`);
  }
  const opposite = order.side === "buy" ? book.asks : book.bids;
  let trades: AuctionTrade[] | undefined;
  let leftWh: number = order.energyWh;
  while (leftWh > 0) {
    const level = topLevel(opposite);
    const best = level?.first;
    if (level === undefined || best === undefined) break;
    if (opposite.sign * (order.priceMicroPerKwh - level.priceMicroPerKwh) < 0) break;
    const energyWh = Math.min(leftWh, best.leftWh);
    trades ??= [];
    trades.push(tradeOf(order, best.order, energyWh));
    leftWh -= energyWh;
    best.leftWh -= energyWh;
    if (best.leftWh === 0) takeOut(book, best);
  }
  if (leftWh > 0) rest(book, order, leftWh);
  return trades ?? noTrades;
}

/**
 * Sets what is open of a resting order to `openWh`, which is no more than before: it keeps its place.
 * More energy or another price is a new order: remove it and add it with its new arrival.
 *
 * @throws RangeError where it does not rest, or `openWh` is not in (0, what is open].
 */
export function shrinkOrder(book: ContinuousBook, orderId: string, openWh: Wh): void {
  const resting = indexOf(book).get(orderId);
  if (resting === undefined) throw new RangeError(`order ${orderId} does not rest in the book`);
  if (openWh <= 0 || openWh > resting.leftWh) {
    throw new RangeError(`order ${orderId} has ${resting.leftWh} Wh open and cannot shrink to ${openWh} Wh`);
  }
  resting.leftWh = openWh;
}

/** Takes what is left of an order out of the book. @returns what was open of it; 0 where it did not rest. */
export function removeOrder(book: ContinuousBook, orderId: string): Wh {
  const resting = indexOf(book).get(orderId);
  if (resting === undefined) return wh(0);
  takeOut(book, resting);
  return wh(resting.leftWh);
}

/** What is open of an order; 0 where it does not rest. */
export function openWhOf(book: ContinuousBook, orderId: string): Wh {
  return wh(indexOf(book).get(orderId)?.leftWh ?? 0);
}

/** Null where nobody of that side rests. */
export function bestPrice(book: ContinuousBook, side: Side): MicroPerKwh | null {
  return topLevel(side === "buy" ? book.bids : book.asks)?.priceMicroPerKwh ?? null;
}

/** What rests of one side with the energy that is open, best first. Sorts the price levels: n log n. */
export function restingOrders(book: ContinuousBook, side: Side): AuctionOrder[] {
  const { sign, levels } = side === "buy" ? book.bids : book.asks;
  const sorted = [...levels.values()].sort((one, other) => sign * (one.priceMicroPerKwh - other.priceMicroPerKwh));
  const result: AuctionOrder[] = [];
  for (const level of sorted) {
    for (let at = level.first; at !== undefined; at = at.next) result.push({ ...at.order, energyWh: wh(at.leftWh) });
  }
  return result;
}

/** A book in which `resting` rest, as restingOrders of both sides told them: it answers as the one that they were taken from. */
export function continuousBookOf(resting: readonly AuctionOrder[]): ContinuousBook {
  const book = createContinuousBook();
  for (const order of resting) rest(book, order, order.energyWh);
  return book;
}

function tradeOf(taker: AuctionOrder, rested: AuctionOrder, energyWh: number): AuctionTrade {
  const [bid, ask] = taker.side === "buy" ? [taker, rested] : [rested, taker];
  return {
    buyer: bid.participant,
    seller: ask.participant,
    energyWh: energyWh as Wh,
    priceMicroPerKwh: rested.priceMicroPerKwh,
    buyOrder: bid.orderId,
    sellOrder: ask.orderId,
  };
}

/** Behind everybody of its level who came earlier: whoever enters late with an early arrival goes before the later ones. */
function rest(book: ContinuousBook, order: AuctionOrder, leftWh: number): void {
  const level = openLevel(order.side === "buy" ? book.bids : book.asks, order.priceMicroPerKwh);
  let before = level.last;
  while (before !== undefined && comesBefore(order, before.order)) before = before.previous;
  const after: Resting | undefined = before === undefined ? level.first : before.next;
  const resting: Resting = { order, leftWh, level, previous: before, next: after };
  if (before === undefined) level.first = resting;
  else before.next = resting;
  if (after === undefined) level.last = resting;
  else after.previous = resting;
  if (book.index !== undefined) enterIndex(book.index, resting);
}

/** What rests, by order id. Linear the first time, kept up from then on. */
function indexOf(book: ContinuousBook): Map<string, Resting> {
  if (book.index === undefined) {
    book.index = new Map();
    for (const side of [book.bids, book.asks]) {
      for (const { first } of side.levels.values()) {
        for (let at = first; at !== undefined; at = at.next) enterIndex(book.index, at);
      }
    }
  }
  return book.index;
}

function enterIndex(index: Map<string, Resting>, resting: Resting): void {
  const { size } = index;
  index.set(resting.order.orderId, resting);
  if (index.size === size) throw new RangeError(`two orders with the id ${resting.order.orderId} rest in the book`);
}

function comesBefore(one: AuctionOrder, other: AuctionOrder): boolean {
  return one.arrival < other.arrival || (one.arrival === other.arrival && one.orderId < other.orderId);
}

function takeOut(book: ContinuousBook, resting: Resting): void {
  const { level, previous, next } = resting;
  if (previous === undefined) level.first = next;
  else previous.next = next;
  if (next === undefined) level.last = previous;
  else next.previous = previous;
  book.index?.delete(resting.order.orderId);
}
