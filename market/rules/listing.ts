/**
 * The list of one period: what an order reserves on an item, and what the items give at the gate.
 *
 * `fixed`: first come first served at the item's price. An order for more than is left takes what is left, unless that is less
 * than the item's smallest part; its rest waits for the auction and is not served from energy that comes back later: that
 * returns to the list, for whoever asks next. An order for no more than is left may always have it.
 * `best-offer`: at the gate the best price first, then the earlier arrival, each at its own offered price; the last may be filled
 * in part, down to the smallest part. Source: elecbay.md 0, rule 1.
 */
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import { type Item, leftWh } from "./item.js";
import type { Order } from "./order.js";
import { type BookChange, type PeriodBook, retire } from "./period-book.js";

/** Reserves for `order` what `item` can give it now. Nothing on a best-offer item. */
export function reserve(item: Item, order: Order): BookChange[] {
  if (item.sale === "best-offer") return [];
  const wantedWh = order.energyWh - order.reservedWh;
  const energyWh = Math.min(wantedWh, leftWh(item));
  const served = energyWh === wantedWh || order.reservedWh + energyWh >= item.minEnergyWh;
  if (energyWh <= 0 || !served) return [];
  item.reservedWh = wh(item.reservedWh + energyWh);
  order.reservedWh = wh(order.reservedWh + energyWh);
  return [moved("reserved", item, order, energyWh), { kind: "item", itemId: item.id }];
}

/** Returns what `order` holds beyond `keepWh` to the list, or to the owner of an item that was withdrawn meanwhile. */
export function release(book: PeriodBook, item: Item, order: Order, keepWh: number): BookChange[] {
  const energyWh = order.reservedWh - keepWh;
  if (energyWh <= 0) return [];
  item.reservedWh = wh(item.reservedWh - energyWh);
  order.reservedWh = wh(keepWh);
  const change = moved("released", item, order, energyWh);
  if (!item.withdrawn) return [change, { kind: "item", itemId: item.id }];
  item.energyWh = wh(item.energyWh - energyWh);
  if (item.energyWh === 0) retire(book, item);
  return [change];
}

function moved(kind: "reserved" | "released", item: Item, order: Order, energyWh: number): BookChange {
  return {
    kind,
    orderId: order.id,
    itemId: item.id,
    orderParticipant: order.participant,
    itemParticipant: item.participant,
    energyWh: wh(energyWh),
    priceMicroPerKwh: item.priceMicroPerKwh,
  };
}

/** What an order gets of an item. */
export interface Allocation {
  readonly item: Item;
  readonly order: Order;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
}

/** The list as it would close now; nothing is changed. Items in order of arrival, their orders in order of right. */
export function allocations(book: PeriodBook): Allocation[] {
  const ordersOn = new Map<string, Order[]>();
  for (const order of book.orders.values()) {
    if (!order.live || order.itemId === undefined) continue;
    const others = ordersOn.get(order.itemId);
    if (others === undefined) ordersOn.set(order.itemId, [order]);
    else others.push(order);
  }
  const result: Allocation[] = [];
  for (const item of [...book.items.values()].sort((one, other) => one.arrival - other.arrival)) {
    const orders = ordersOn.get(item.id);
    if (item.live && orders !== undefined) {
      result.push(...(item.sale === "fixed" ? reservations(item, orders) : bestOffers(item, orders)));
    }
  }
  return result;
}

function reservations(item: Item, orders: readonly Order[]): Allocation[] {
  return orders
    .filter((order) => order.reservedWh > 0)
    .sort((one, other) => one.arrival - other.arrival)
    .map((order) => ({ item, order, energyWh: order.reservedWh, priceMicroPerKwh: item.priceMicroPerKwh }));
}

function bestOffers(item: Item, offers: readonly Order[]): Allocation[] {
  const direction = item.side === "sell" ? -1 : 1;
  const sorted = [...offers].sort(
    (one, other) => direction * (one.priceMicroPerKwh - other.priceMicroPerKwh) || one.arrival - other.arrival,
  );
  const result: Allocation[] = [];
  let left: number = item.energyWh;
  for (const order of sorted) {
    const energyWh = Math.min(order.energyWh, left);
    if (energyWh === 0) break;
    // Whoever comes next may be smaller and fit: it is the better offer of those that can be served.
    if (energyWh < order.energyWh && energyWh < item.minEnergyWh) continue;
    result.push({ item, order, energyWh: wh(energyWh), priceMicroPerKwh: order.priceMicroPerKwh });
    left -= energyWh;
  }
  return result;
}

/** An item or order whose remainder bids in the auction, or why it does not. */
export interface Remainder {
  readonly object: Item | Order;
  readonly energyWh: Wh;
  readonly destination: "auction" | "kept-out" | "no-auction" | "lapsed";
}

/** What the list leaves of each live item and order, where it leaves something, in no particular order. */
export function remainders(book: PeriodBook, given: readonly Allocation[]): Remainder[] {
  const givenWh = new Map<string, number>();
  for (const { item, order, energyWh } of given) {
    givenWh.set(item.id, (givenWh.get(item.id) ?? 0) + energyWh);
    givenWh.set(order.id, (givenWh.get(order.id) ?? 0) + energyWh);
  }
  const result: Remainder[] = [];
  for (const objects of [book.items.values(), book.orders.values()]) {
    for (const object of objects) {
      const filledWh = object.kind === "order" ? object.filledWh : 0;
      const energyWh = object.live ? object.energyWh - filledWh - (givenWh.get(object.id) ?? 0) : 0;
      if (energyWh > 0)
        result.push({ object, energyWh: wh(energyWh), destination: destination(book, object, energyWh) });
    }
  }
  return result;
}

function destination(book: PeriodBook, object: Item | Order, energyWh: number): Remainder["destination"] {
  if (book.terms.mechanism === "listing") return "no-auction";
  if (!object.auction) return "kept-out";
  // What rests among the orders matched as they come may trade to its last Wh.
  if (book.matching !== undefined && object.kind === "order" && object.itemId === undefined) return "auction";
  const minimumWh = object.kind === "item" ? object.minEnergyWh : book.terms.minEnergyWh;
  return energyWh < minimumWh ? "lapsed" : "auction";
}
