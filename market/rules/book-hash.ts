/**
 * The state of a period's book as one text, and its hash: two books with the same state have the same hash, whatever their history.
 *
 * Items and orders by arrival, then id; fills in the order in which they came about; what rests for matching, best first. The order in
 * which maps were filled is no state. Whole numbers only, so that the text is the same everywhere.
 * Not to be taken for infra/journal/state-text.ts, which is of all that a manager holds, the order of its maps included.
 * Source: docs/architecture.md ("Can yesterday's journal still replay to the same hash?" is asked of every change).
 */
import type { Trade } from "../facts.js";
import type { Digest } from "../ports.js";
import type { Item } from "./item.js";
import { restingOrders } from "./mechanisms/continuous-book.js";
import { byArrival } from "./merit-order.js";
import type { Order } from "./order.js";
import type { PeriodBook } from "./period-book.js";

/** All that a book's next answers depend on. */
export interface BookState {
  readonly items: readonly Item[];
  readonly orders: readonly Order[];
  readonly fills: readonly Trade[];
  /** Ids of the orders that are matched as they come, with what is open of them: bids, then asks, best first. */
  readonly resting: readonly (readonly [orderId: string, openWh: number])[];
  /** What each participant has open: counted against the limit. Those with nothing open may be left out. */
  readonly openCounts: ReadonlyMap<string, number>;
}

export function bookStateOf(book: PeriodBook): BookState {
  const { matching } = book;
  const resting = matching === undefined ? [] : [...restingOrders(matching, "buy"), ...restingOrders(matching, "sell")];
  return {
    items: [...book.items.values()],
    orders: [...book.orders.values()],
    fills: book.fills,
    resting: resting.map(({ orderId, energyWh }) => [orderId, energyWh] as const),
    openCounts: new Map([...book.liveOf].map(([participant, ids]) => [participant, ids.size])),
  };
}

/** One line per object, fixed fields in a fixed order. */
export function bookText({ items, orders, fills, resting, openCounts }: BookState): string {
  const counts = [...openCounts].filter(([, count]) => count > 0).sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = [
    ...sorted(items).map(itemLine),
    ...sorted(orders).map(orderLine),
    ...fills.map(tradeLine),
    ...resting.map((entry) => ["rests", ...entry]),
    ...counts.map((entry) => ["open", ...entry]),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** @param digest SHA-256 in the market; any digest of a text serves to compare */
export function bookHash(book: PeriodBook, digest: Digest): string {
  return digest(bookText(bookStateOf(book)));
}

function sorted<T extends Item | Order>(objects: readonly T[]): T[] {
  const key = ({ arrival, id: orderId }: T) => ({ arrival, orderId });
  return [...objects].sort((one, other) => byArrival(key(one), key(other)));
}

type Line = readonly (string | number | boolean | null)[];

function itemLine(item: Item): Line {
  const { listedWh, energyWh, reservedWh, minEnergyWh, sale, withdrawn } = item;
  return ["item", ...common(item), energyWh, reservedWh, listedWh, minEnergyWh, sale, withdrawn];
}

function orderLine(order: Order): Line {
  const { energyWh, reservedWh, filledWh, itemId } = order;
  return ["order", ...common(order), energyWh, reservedWh, filledWh, itemId ?? null];
}

function common(object: Item | Order): Line {
  const { id, participant, side, priceMicroPerKwh, auction, arrival, acceptedAtMs, biddingCycle, version, live } =
    object;
  return [id, participant, side, priceMicroPerKwh, auction, arrival, acceptedAtMs, biddingCycle, version, live];
}

function tradeLine(trade: Trade): Line {
  const { buyOrder, sellOrder, buyer, seller, energyWh, priceMicroPerKwh, mechanism } = trade;
  return ["fill", buyOrder, sellOrder, buyer, seller, energyWh, priceMicroPerKwh, mechanism];
}
