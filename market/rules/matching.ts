/**
 * Continuous trading in a period's book: an order without an item is matched as it comes, and its fills are final.
 *
 * Price-time priority, each trade at the price of the order that rested (mechanisms/continuous-book.ts). Orders on items, and
 * orders with `auction: false`, stay out. At the gate the list closes; its leftovers come to what still rests one by one, in order of
 * their original arrival, and may trade as anybody who comes. Nothing is rounded. Source: elecbay.md 0, rule 1; 3.7.
 */
import { wh } from "../../shared/units.js";
import type { Side, Trade } from "../facts.js";
import type { Remainder } from "./listing.js";
import {
  addOrder,
  type ContinuousBook,
  createContinuousBook,
  openWhOf,
  removeOrder,
  restingOrders,
  shrinkOrder,
} from "./mechanisms/continuous-book.js";
import type { AuctionTrade } from "./mechanisms/mechanism.js";
import { type AuctionOrder, byArrival } from "./merit-order.js";
import { type Order, openWh } from "./order.js";
import { type BookChange, leaveOpen, type PeriodBook } from "./period-book.js";

/** A final trade, and who came to whom. */
export interface MatchedTrade {
  readonly trade: Trade;
  /** The side of the order that came; the other one rested. */
  readonly taker: Side;
}

/** Whether `order` is matched on arrival here. */
export function isMatched(book: PeriodBook, order: Order): boolean {
  return book.matching !== undefined && order.itemId === undefined && order.auction;
}

/** Matches what is open of `order` now; the rest of it rests. Nothing where orders wait for the gate. */
export function match(book: PeriodBook, order: Order): BookChange[] {
  const { matching } = book;
  if (matching === undefined || !isMatched(book, order)) return [];
  return addOrder(matching, toMatch(order, openWh(order))).map((found): BookChange => {
    const { trade, taker } = matchedTrade(found, order.side);
    book.fills.push(trade);
    book.soldWh.set(trade.seller, (book.soldWh.get(trade.seller) ?? 0) + trade.energyWh);
    book.soldWh.set(trade.buyer, (book.soldWh.get(trade.buyer) ?? 0) - trade.energyWh);
    for (const id of [trade.buyOrder, trade.sellOrder]) fill(book, id, trade.energyWh);
    return { kind: "traded", trade, taker };
  });
}

/** After a modification: an order that keeps its place shrinks in it, any other comes anew and may trade at once. */
export function matchAgain(book: PeriodBook, order: Order, keepsPlace: boolean): BookChange[] {
  if (book.matching === undefined || !isMatched(book, order)) return [];
  if (keepsPlace) {
    shrinkOrder(book.matching, order.id, openWh(order));
    return [];
  }
  removeOrder(book.matching, order.id);
  return match(book, order);
}

/** Takes what is open of an order away from those who come. */
export function withdrawMatching(book: PeriodBook, order: Order): void {
  if (book.matching !== undefined) removeOrder(book.matching, order.id);
}

/** What the leftovers of the list trade at the gate with what rests, and with each other; the book is left as it is. */
export function tradesAtGate(book: PeriodBook, leftovers: readonly Remainder[]): MatchedTrade[] {
  const { matching } = book;
  if (matching === undefined) return [];
  const atGate: ContinuousBook = createContinuousBook();
  for (const side of ["buy", "sell"] as const) {
    for (const order of restingOrders(matching, side)) addOrder(atGate, order);
  }
  const late = leftovers
    .filter(({ object }) => openWhOf(matching, object.id) === 0)
    .map(({ object, energyWh }) => toMatch(object, energyWh))
    .sort(byArrival);
  return late.flatMap((order) => addOrder(atGate, order).map((trade) => matchedTrade(trade, order.side)));
}

/** All that came to be matched, before the gate or at it, with the energy it came with; of a cancelled order what it had traded. */
export function cameToMatch(book: PeriodBook, leftovers: readonly Remainder[]): AuctionOrder[] {
  const orders = [...book.orders.values()].filter((order) => isMatched(book, order));
  const early = orders.map((order) => toMatch(order, order.live ? order.energyWh : order.filledWh));
  const late = leftovers.filter(({ object }) => object.kind === "item" || !isMatched(book, object));
  return [...early, ...late.map(({ object, energyWh }) => toMatch(object, energyWh))].filter(
    ({ energyWh }) => energyWh > 0,
  );
}

function matchedTrade(trade: AuctionTrade, taker: Side): MatchedTrade {
  return { trade: { ...trade, mechanism: "continuous" }, taker };
}

type Matchable = Pick<Order, "id" | "participant" | "side" | "priceMicroPerKwh" | "arrival">;

function toMatch(
  { id: orderId, participant, side, priceMicroPerKwh, arrival }: Matchable,
  energyWh: number,
): AuctionOrder {
  return { orderId, participant, side, energyWh: wh(energyWh), priceMicroPerKwh, arrival };
}

function fill(book: PeriodBook, orderId: string, energyWh: number): void {
  const order = book.orders.get(orderId);
  if (order === undefined) throw new Error(`order ${orderId} traded and is not in the book`);
  order.filledWh = wh(order.filledWh + energyWh);
  if (openWh(order) === 0) leaveOpen(book, order);
}
