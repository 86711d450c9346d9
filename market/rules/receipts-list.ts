/**
 * What the list did for each item and order, in words and in numbers: the first half of a receipt.
 *
 * `value` is energy times price in Wh x millionths per kWh, in BigInt, so that averages are exact.
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import { type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import type { Item } from "./item.js";
import type { Allocation } from "./listing.js";
import type { Order } from "./order.js";
import type { PeriodBook } from "./period-book.js";

export interface ListPart {
  readonly energyWh: number;
  readonly value: bigint;
  readonly why: readonly string[];
}

export interface ListStory {
  readonly of: (object: Item | Order) => ListPart;
  /** Where better offers took what an offer wanted of a best-offer item: the price that would have won some of it, or more. */
  readonly wouldWinAt: (object: Item | Order) => MicroPerKwh | null;
}

export function listStory(book: PeriodBook, given: readonly Allocation[]): ListStory {
  const partsOf = new Map<string, Allocation[]>();
  for (const allocation of given) {
    for (const { id } of [allocation.item, allocation.order]) {
      const parts = partsOf.get(id);
      if (parts === undefined) partsOf.set(id, [allocation]);
      else parts.push(allocation);
    }
  }
  const lastOn = (itemId: string | undefined): Allocation | undefined => partsOf.get(itemId ?? "")?.at(-1);
  const beforeOn = (offer: Order): Allocation | undefined => {
    const parts = partsOf.get(offer.itemId ?? "") ?? [];
    return parts[parts.findIndex(({ order }) => order === offer) - 1];
  };
  return {
    of: (object) => {
      const parts = partsOf.get(object.id) ?? [];
      const energyWh = parts.reduce((sum, part) => sum + part.energyWh, 0);
      const value = parts.reduce((sum, part) => sum + BigInt(part.energyWh) * BigInt(part.priceMicroPerKwh), 0n);
      const why = object.kind === "item" ? itemWhy(object, energyWh, parts) : orderWhy(book, object, parts[0], lastOn);
      return { energyWh, value, why };
    },
    wouldWinAt: (object) => {
      if (object.kind === "item") return null;
      const ahead = partsOf.has(object.id) ? beforeOn(object) : lastOn(object.itemId);
      return ahead?.item.sale === "best-offer" ? priceToBeat(book, object, ahead.order) : null;
    },
  };
}

function itemWhy(item: Item, energyWh: number, parts: readonly Allocation[]): string[] {
  const why: string[] = [];
  if (energyWh > 0) {
    const prices: number[] = parts.map((part) => part.priceMicroPerKwh);
    const low = majorFromMicro(prices.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY));
    const high = majorFromMicro(prices.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY));
    why.push(`${kwhFromWh(energyWh)} kWh ordered at ${low === high ? low : `${low} to ${high}`}`);
  } else {
    why.push("nobody ordered it");
  }
  if (item.withdrawn) why.push("the rest was withdrawn by its owner");
  return why;
}

function orderWhy(
  book: PeriodBook,
  order: Order,
  part: Allocation | undefined,
  lastOn: (itemId: string | undefined) => Allocation | undefined,
): string[] {
  const item = order.itemId === undefined ? undefined : book.items.get(order.itemId);
  if (item === undefined) return [];
  if (part !== undefined) {
    const price = majorFromMicro(part.priceMicroPerKwh);
    if (item.sale === "best-offer") return [`best offer on item ${item.id} at ${price}${ofAll(part)}`];
    return [`reserved on item ${item.id} at ${price}${ofAll(part)}`];
  }
  if (!item.live) return [`item ${item.id} was withdrawn`];
  if (item.sale === "fixed") return [`nothing was left for it on item ${item.id}`];
  const last = lastOn(item.id);
  if (last === undefined) return [];
  return [`outbid on item ${item.id}: the last offer it took was ${majorFromMicro(last.priceMicroPerKwh)}`];
}

function ofAll({ energyWh, order }: Allocation): string {
  return energyWh === order.energyWh ? "" : `, ${kwhFromWh(energyWh)} of ${kwhFromWh(order.energyWh)} kWh`;
}

/** The last winner's price suffices where the loser came first; else a millionth better. Null outside the band. */
function priceToBeat(book: PeriodBook, loser: Order, last: Order): MicroPerKwh | null {
  const better = loser.side === "buy" ? 1 : -1;
  const price = last.priceMicroPerKwh + (loser.arrival < last.arrival ? 0 : better);
  const { priceFloorMicroPerKwh: floor, priceCapMicroPerKwh: cap } = book.terms;
  return price < floor || price > cap ? null : microPerKwh(price);
}
