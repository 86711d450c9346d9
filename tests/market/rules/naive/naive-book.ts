/**
 * The book of a period once more, slow and obvious: the specification of the fast one.
 *
 * Arrays only, searched from end to end; nothing is kept that can be counted again. Written from elecbay.md 0 (rule 1), 3.7 and the
 * contract's list of codes, not from the rules it is compared with. Closing: naive-book-closing.ts.
 */
import type { Side, Trade } from "../../../../market/facts.js";
import type { BookState } from "../../../../market/rules/book-hash.js";
import type { Item, Sale } from "../../../../market/rules/item.js";
import type { Order } from "../../../../market/rules/order.js";
import type { BiddingTerms } from "../../../../market/terms.js";
import { microPerKwh, wh } from "../../../../shared/units.js";

export interface NaiveBook {
  readonly terms: BiddingTerms;
  readonly items: Item[];
  readonly orders: Order[];
  readonly fills: Trade[];
}

export const naiveBook = (terms: BiddingTerms): NaiveBook => ({ terms, items: [], orders: [], fills: [] });

/** What every new object brings, in plain numbers. */
export interface Brought {
  readonly id: string;
  readonly participant: string;
  readonly side: Side;
  readonly energy: number;
  readonly price: number;
  readonly auction: boolean;
  readonly arrival: number;
  readonly acceptedAtMs: number;
  readonly capacity: number;
}

export const openOf = (order: Order): number => order.energyWh - order.filledWh;
const reservedOn = (book: NaiveBook, item: Item): number =>
  book.orders.filter((order) => order.itemId === item.id).reduce((sum, order) => sum + order.reservedWh, 0);
const leftOf = (book: NaiveBook, item: Item): number => item.energyWh - reservedOn(book, item);
/** Above 0 where `one` is better for whoever takes the other side of `side`. */
export const betterBy = (side: Side, one: number, other: number): number =>
  side === "buy" ? one - other : other - one;

export function naiveList(
  book: NaiveBook,
  how: Brought & { readonly min: number | undefined; readonly sale: Sale },
): string {
  const { id, participant, side, arrival, acceptedAtMs, sale, auction } = how;
  const least = Math.max(book.terms.minEnergyWh, how.min ?? 0);
  const refusal =
    outsideLimits(book, how, how) ?? (how.energy < least ? "below-minimum" : undefined) ?? tooMany(book, participant);
  if (refusal !== undefined) return refusal;
  book.items.push({
    ...{ kind: "item", id, participant, side, sale, auction, arrival, acceptedAtMs, biddingCycle: 1, version: 1 },
    ...{ listedWh: wh(how.energy), energyWh: wh(how.energy), reservedWh: wh(0), minEnergyWh: wh(least) },
    ...{ priceMicroPerKwh: microPerKwh(how.price), withdrawn: false, live: true },
  });
  return "ok";
}

export function naiveWithdraw(book: NaiveBook, itemId: string, participant: string): string {
  const item = book.items.find(({ id, live }) => id === itemId && live);
  if (item === undefined) return "unknown-item";
  if (item.participant !== participant) return "not-owner";
  if (leftOf(book, item) === 0) return "item-taken";
  item.version += 1;
  item.withdrawn = true;
  item.energyWh = wh(reservedOn(book, item));
  if (item.energyWh === 0) item.live = false;
  return "ok";
}

export function naivePlace(book: NaiveBook, how: Brought & { readonly on: string | undefined }): string {
  const item = book.items.find(({ id, live }) => id === how.on && live);
  if (how.on !== undefined && item === undefined) return "unknown-item";
  if (item !== undefined) {
    if (leftOf(book, item) === 0) return "item-taken";
    if (item.participant === how.participant) return "own-item";
    if (item.side === how.side) return "wrong-side";
    if (misses(item, how.price)) return "below-item-price";
  }
  const refusal =
    outsideLimits(book, how, how) ?? tooSmall(book, how.energy, item, 0) ?? tooMany(book, how.participant);
  if (refusal !== undefined) return refusal;
  const { id, participant, side, auction, arrival, acceptedAtMs } = how;
  const order: Order = {
    ...{
      kind: "order",
      id,
      participant,
      side,
      auction,
      arrival,
      acceptedAtMs,
      biddingCycle: 1,
      version: 1,
      live: true,
    },
    ...{ energyWh: wh(how.energy), reservedWh: wh(0), filledWh: wh(0), itemId: how.on },
    priceMicroPerKwh: microPerKwh(how.price),
  };
  book.orders.push(order);
  serve(book, order, item);
  trade(book, order);
  return "ok";
}

interface Change {
  readonly energy: number;
  readonly price: number;
  readonly version: number;
  readonly arrival: number;
  readonly capacity: number;
}

export function naiveModify(book: NaiveBook, orderId: string, participant: string, how: Change): string {
  const order = book.orders.find((own) => own.id === orderId && own.live && openOf(own) > 0);
  if (order === undefined) return "unknown-order";
  if (order.participant !== participant) return "not-owner";
  if (order.version !== how.version) return "version-conflict";
  const item = book.items.find(({ id, live }) => id === order.itemId && live);
  if (item !== undefined && misses(item, how.price)) return "below-item-price";
  if (how.energy > 0 && how.energy <= how.capacity && how.energy <= order.filledWh) return "energy-out-of-range";
  const held = item === undefined ? 0 : order.reservedWh;
  const small = how.energy === order.energyWh ? undefined : tooSmall(book, how.energy - order.filledWh, item, held);
  const refusal = outsideLimits(book, how, order, order) ?? small;
  if (refusal !== undefined) return refusal;
  const keeps = how.price === order.priceMicroPerKwh && how.energy <= order.energyWh;
  order.version += 1;
  order.energyWh = wh(how.energy);
  order.priceMicroPerKwh = microPerKwh(how.price);
  if (!keeps) order.arrival = how.arrival;
  if (item !== undefined && how.energy < order.reservedWh) giveBack(order, item, how.energy);
  else serve(book, order, item);
  if (!keeps) trade(book, order);
  return "ok";
}

export function naiveCancel(book: NaiveBook, orderId: string, participant: string): string {
  const order = book.orders.find((own) => own.id === orderId && own.live && openOf(own) > 0);
  if (order === undefined) return "unknown-order";
  if (order.participant !== participant) return "not-owner";
  order.version += 1;
  const item = book.items.find(({ id, live }) => id === order.itemId && live);
  if (item !== undefined) giveBack(order, item, 0);
  order.live = false;
  return "ok";
}

export function naiveState(book: NaiveBook): BookState {
  const people = new Set([...book.items, ...book.orders].map(({ participant }) => participant));
  return {
    items: book.items.map((item) => ({ ...item, reservedWh: wh(item.live ? reservedOn(book, item) : 0) })),
    orders: book.orders,
    fills: book.fills,
    resting: (["buy", "sell"] as const).flatMap((side) =>
      resting(book, side).map((own) => [own.id, openOf(own)] as const),
    ),
    openCounts: new Map([...people].map((id) => [id, openCount(book, id)])),
  };
}

/** Orders that whoever comes may trade with, best first. */
export function resting(book: NaiveBook, side: Side): Order[] {
  if (book.terms.mechanism !== "continuous") return [];
  return book.orders
    .filter((own) => own.side === side && own.live && own.auction && own.itemId === undefined && openOf(own) > 0)
    .sort((one, other) => betterBy(side, other.priceMicroPerKwh, one.priceMicroPerKwh) || one.arrival - other.arrival);
}

/** As long as the best of the other side meets it, an order that comes trades at the other's price. */
function trade(book: NaiveBook, order: Order): void {
  if (!resting(book, order.side).includes(order)) return;
  for (;;) {
    const [best] = resting(book, order.side === "buy" ? "sell" : "buy");
    const [bid, ask] = order.side === "buy" ? [order, best] : [best, order];
    if (bid === undefined || ask === undefined || best === undefined) return;
    if (openOf(order) === 0 || bid.priceMicroPerKwh < ask.priceMicroPerKwh) return;
    const energyWh = wh(Math.min(openOf(bid), openOf(ask)));
    for (const side of [bid, ask]) side.filledWh = wh(side.filledWh + energyWh);
    const { priceMicroPerKwh } = best;
    const sides = { buyer: bid.participant, seller: ask.participant, buyOrder: bid.id, sellOrder: ask.id };
    book.fills.push({ ...sides, energyWh, priceMicroPerKwh, mechanism: "continuous" });
  }
}

/** A fixed item gives what it has left, unless that is a part smaller than its smallest. */
function serve(book: NaiveBook, order: Order, item: Item | undefined): void {
  if (item === undefined || item.sale === "best-offer") return;
  const wants = order.energyWh - order.reservedWh;
  const gets = Math.min(wants, leftOf(book, item));
  if (gets <= 0) return;
  if (gets === wants || order.reservedWh + gets >= item.minEnergyWh) order.reservedWh = wh(order.reservedWh + gets);
}

/** What is given back returns to the list, or to an owner who took the rest back meanwhile. */
function giveBack(order: Order, item: Item, keeps: number): void {
  const back = order.reservedWh - keeps;
  if (back <= 0) return;
  order.reservedWh = wh(keeps);
  if (!item.withdrawn) return;
  item.energyWh = wh(item.energyWh - back);
  if (item.energyWh === 0) item.live = false;
}

function misses(item: Item, price: number): boolean {
  return item.side === "sell" ? price < item.priceMicroPerKwh : price > item.priceMicroPerKwh;
}

function outsideLimits(
  book: NaiveBook,
  { energy, price, capacity }: Pick<Brought, "energy" | "price" | "capacity">,
  { participant, side }: Pick<Brought, "participant" | "side">,
  changed?: Order,
) {
  if (energy <= 0 || energy > capacity) return "energy-out-of-range";
  const soldOf = (fills: readonly { buyer: string; seller: string; energyWh: number }[]): number =>
    fills.reduce((sum, fill) => {
      const sign = Number(fill.seller === participant) - Number(fill.buyer === participant);
      return sum + sign * fill.energyWh;
    }, 0);
  const own = [...book.items, ...book.orders].filter(
    (object) => object.live && object !== changed && object.participant === participant && object.side === side,
  );
  const open = own.reduce((sum, object) => sum + object.energyWh - (object.kind === "order" ? object.filledWh : 0), 0);
  const traded = side === "sell" ? soldOf(book.fills) : -soldOf(book.fills);
  if (energy - (changed?.filledWh ?? 0) + open + traded > capacity) return "energy-out-of-range";
  const { priceFloorMicroPerKwh: floor, priceCapMicroPerKwh: cap } = book.terms;
  return price < floor || price > cap ? "price-out-of-range" : undefined;
}

function tooSmall(book: NaiveBook, energy: number, item: Item | undefined, held: number): string | undefined {
  if (item !== undefined && energy === leftOf(book, item) + held) return undefined;
  const least = Math.max(book.terms.minEnergyWh, item?.minEnergyWh ?? 0);
  return energy < least ? "below-minimum" : undefined;
}

function openCount(book: NaiveBook, participant: string): number {
  const items = book.items.filter((item) => item.live && item.participant === participant);
  const orders = book.orders.filter((own) => own.live && openOf(own) > 0 && own.participant === participant);
  return items.length + orders.length;
}

function tooMany(book: NaiveBook, participant: string): string | undefined {
  return openCount(book, participant) >= book.terms.maxOrdersPerPeriod ? "too-many-orders" : undefined;
}
