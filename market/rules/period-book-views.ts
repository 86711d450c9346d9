/** What may be seen of a book before the gate: the public list, and to each participant what is its own. */
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import { type Item, leftWh, type Sale } from "./item.js";
import type { PeriodBook } from "./period-book.js";

export interface PublicItem {
  readonly itemId: string;
  readonly side: Side;
  /** What may still be ordered; 0: gone. */
  readonly leftWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  readonly minEnergyWh: Wh;
  readonly sale: Sale;
  /** The participant's id: whoever publishes makes a pseudonym of it. */
  readonly owner: string;
}

export interface OwnObjects {
  readonly items: readonly {
    readonly itemId: string;
    readonly version: number;
    readonly side: Side;
    readonly energyWh: Wh;
    readonly reservedWh: Wh;
    readonly priceMicroPerKwh: MicroPerKwh;
  }[];
  readonly orders: readonly {
    readonly orderId: string;
    readonly version: number;
    readonly side: Side;
    readonly energyWh: Wh;
    /** Part of `energyWh` that was traded already. */
    readonly filledWh: Wh;
    readonly priceMicroPerKwh: MicroPerKwh;
    readonly itemId: string | null;
  }[];
}

/** What can be ordered now, in order of arrival. */
export function publicItems(book: PeriodBook): PublicItem[] {
  return [...book.items.values()]
    .filter((item) => item.live && leftWh(item) > 0)
    .sort((one, other) => one.arrival - other.arrival)
    .map(publicView);
}

/** One item as the list shows it now, with 0 left where it is gone; undefined where the period never had it. */
export function publicItem(book: PeriodBook, itemId: string): PublicItem | undefined {
  const item = book.items.get(itemId);
  return item === undefined ? undefined : publicView(item);
}

function publicView(item: Item): PublicItem {
  const { id: itemId, side, priceMicroPerKwh, minEnergyWh, sale, participant: owner } = item;
  return { itemId, side, leftWh: leftWh(item), priceMicroPerKwh, minEnergyWh, sale, owner };
}

/** Live items and orders of `participant`, in order of arrival. */
export function ownObjects(book: PeriodBook, participant: string): OwnObjects {
  const items: Item[] = [];
  const orders = [];
  for (const id of book.liveOf.get(participant) ?? []) {
    const item = book.items.get(id);
    const order = book.orders.get(id);
    if (item !== undefined) items.push(item);
    if (order !== undefined) orders.push(order);
  }
  items.sort((one, other) => one.arrival - other.arrival);
  orders.sort((one, other) => one.arrival - other.arrival);
  return {
    items: items.map(({ id: itemId, version, side, energyWh, reservedWh, priceMicroPerKwh }) => {
      return { itemId, version, side, energyWh, reservedWh, priceMicroPerKwh };
    }),
    orders: orders.map(({ id: orderId, version, side, energyWh, filledWh, priceMicroPerKwh, itemId }) => {
      return { orderId, version, side, energyWh, filledWh, priceMicroPerKwh, itemId: itemId ?? null };
    }),
  };
}

/** Live orders. */
export function orderCount(book: PeriodBook): number {
  return book.liveOrders;
}

/** Live items, those reserved whole included. */
export function itemCount(book: PeriodBook): number {
  return book.liveItems;
}
