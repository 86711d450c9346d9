/**
 * The merit order of one side: bids from the dearest, asks from the cheapest; ties: earlier arrival, then smaller id.
 *
 * Arrivals are unique in a market, so the id decides only where a caller makes up orders of its own. The order does not
 * depend on how the orders were put in. Source: elecbay.md 3.1.
 */
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import { sortedByWholeNumber } from "./whole-number-sort.js";

/** An order, or what is left of a listed item, as an auction sees it. It may be filled in part. */
export interface AuctionOrder {
  readonly orderId: string;
  readonly participant: string;
  readonly side: Side;
  /** More than 0. */
  readonly energyWh: Wh;
  /** The most a buyer pays, the least a seller takes. */
  readonly priceMicroPerKwh: MicroPerKwh;
  /** The later, the larger. */
  readonly arrival: number;
}

/** A horizontal part of a curve: all energy at one price. */
export type Step = readonly [priceMicroPerKwh: MicroPerKwh, energyWh: Wh];

/** The orders of `side`, best first. n log n. */
export function meritOrder(orders: readonly AuctionOrder[], side: Side): AuctionOrder[] {
  const own: AuctionOrder[] = [];
  for (const order of orders) if (order.side === side) own.push(order);
  const sign = side === "buy" ? -1 : 1;
  return sortedByWholeNumber(arrivalOrder(own), (order) => sign * order.priceMicroPerKwh) ?? own.sort(byMerit);
}

/** `orders` by arrival, then id; those that are so already, as a market's are, are given back as they are. */
export function arrivalOrder(orders: readonly AuctionOrder[]): readonly AuctionOrder[] {
  if (inArrivalOrder(orders)) return orders;
  const sorted = sortedByWholeNumber(orders, ({ arrival }) => arrival);
  return sorted !== undefined && inArrivalOrder(sorted) ? sorted : [...orders].sort(byArrival);
}

function inArrivalOrder(orders: readonly AuctionOrder[]): boolean {
  for (let at = 1; at < orders.length; at += 1) {
    const before = orders[at - 1] as AuctionOrder;
    const order = orders[at] as AuctionOrder;
    if (before.arrival > order.arrival) return false;
    if (before.arrival === order.arrival && byArrival(before, order) > 0) return false;
  }
  return true;
}

/** Negative where `one` comes before `other` of the same side. */
export function byMerit(one: AuctionOrder, other: AuctionOrder): number {
  const better = one.priceMicroPerKwh - other.priceMicroPerKwh;
  return (one.side === "buy" ? -better : better) || byArrival(one, other);
}

/** Earlier first; the same arrival: the smaller id, in code units, whatever the machine's language. */
export function byArrival(one: Pick<AuctionOrder, "arrival" | "orderId">, other: typeof one): number {
  return one.arrival - other.arrival || (one.orderId < other.orderId ? -1 : one.orderId > other.orderId ? 1 : 0);
}

/** Anonymous steps of a merit order: equal prices are one step. `sorted` as `meritOrder` gives it. */
export function steps(sorted: readonly AuctionOrder[]): Step[] {
  const result: [MicroPerKwh, Wh][] = [];
  for (const { priceMicroPerKwh, energyWh } of sorted) {
    const last = result.at(-1);
    if (last !== undefined && last[0] === priceMicroPerKwh) last[1] = (last[1] + energyWh) as Wh;
    else result.push([priceMicroPerKwh, energyWh]);
  }
  return result;
}
