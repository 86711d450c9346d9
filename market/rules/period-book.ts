/**
 * The book of one delivery period: its items and orders, as plain data that its one writer mutates through the commands in
 * `item-commands.ts` and `order-commands.ts`. Read by `period-book-views.ts`, `indicative.ts` and `period-book-closing.ts`.
 *
 * Energy in Wh, prices in millionths per kWh, arrival = the market's running number of the command. What was cancelled or
 * withdrawn stays in the book, because at the gate everything gets a fate. Source: elecbay.md 0, rule 1; contract.md.
 */
import type { RejectCode } from "../../shared/reject-codes.js";
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side, Trade } from "../facts.js";
import type { BiddingTerms } from "../terms.js";
import type { Item } from "./item.js";
import { type ContinuousBook, createContinuousBook } from "./mechanisms/continuous-book.js";
import { type Order, openWh } from "./order.js";

export interface PeriodBook {
  readonly terms: BiddingTerms;
  readonly items: Map<string, Item>;
  readonly orders: Map<string, Order>;
  /** Ids of the live objects of each participant. */
  readonly liveOf: Map<string, Set<string>>;
  liveItems: number;
  liveOrders: number;
  /** What rests of orders that are matched as they come; undefined where all orders wait for the gate. */
  readonly matching: ContinuousBook | undefined;
  /** Trades made before the gate, in order: they are final. */
  readonly fills: Trade[];
  /** What each participant has sold in `fills`, less what it has bought. */
  readonly soldWh: Map<string, number>;
}

/** What others must hear of: an item's public view changed, energy of an item was reserved or released, two orders traded for good. */
export type BookChange =
  | { readonly kind: "item"; readonly itemId: string }
  | { readonly kind: "traded"; readonly trade: Trade; readonly taker: Side }
  | {
      readonly kind: "reserved" | "released";
      readonly orderId: string;
      readonly itemId: string;
      readonly orderParticipant: string;
      readonly itemParticipant: string;
      readonly energyWh: Wh;
      readonly priceMicroPerKwh: MicroPerKwh;
    };

export interface Rejection {
  readonly ok: false;
  readonly code: RejectCode;
  /** A sentence with the numbers in it. */
  readonly reason: string;
}

export interface Acceptance {
  readonly ok: true;
  readonly object: { readonly kind: "item" | "order"; readonly id: string; readonly version: number };
  readonly changes: readonly BookChange[];
}

export type Outcome = Acceptance | Rejection;

export function createPeriodBook(terms: BiddingTerms): PeriodBook {
  const matching = terms.mechanism === "continuous" ? createContinuousBook() : undefined;
  const counts = { liveItems: 0, liveOrders: 0 };
  return {
    terms,
    items: new Map(),
    orders: new Map(),
    liveOf: new Map(),
    ...counts,
    matching,
    fills: [],
    soldWh: new Map(),
  };
}

/** The item that may be ordered or withdrawn; undefined where there is none or it was withdrawn whole. */
export function liveItem(book: PeriodBook, itemId: string | undefined): Item | undefined {
  const item = itemId === undefined ? undefined : book.items.get(itemId);
  return item?.live ? item : undefined;
}

/** The order that may be modified or cancelled: neither cancelled nor filled whole. */
export function liveOrder(book: PeriodBook, orderId: string): Order | undefined {
  const order = book.orders.get(orderId);
  return order?.live && openWh(order) > 0 ? order : undefined;
}

/** Who owns the item or order, cancelled and withdrawn ones included; undefined where this period never had it. */
export function objectOwner(book: PeriodBook, id: string): string | undefined {
  return (book.items.get(id) ?? book.orders.get(id))?.participant;
}

/** Puts a new object into the book. @throws Error where its id was used before: ids are the market's own. */
export function enter(book: PeriodBook, object: Item | Order): void {
  if (book.items.has(object.id) || book.orders.has(object.id))
    throw new Error(`id ${object.id} is in the book already`);
  if (object.kind === "item") {
    book.items.set(object.id, object);
    book.liveItems += 1;
  } else {
    book.orders.set(object.id, object);
    book.liveOrders += 1;
  }
  const own = book.liveOf.get(object.participant);
  if (own === undefined) book.liveOf.set(object.participant, new Set([object.id]));
  else own.add(object.id);
}

/** Ends the life of a cancelled order or a withdrawn item. It stays for its fate. */
export function retire(book: PeriodBook, object: Item | Order): void {
  object.live = false;
  leaveOpen(book, object);
}

/** Nothing of it is open any more: it counts no longer among what its owner has open. */
export function leaveOpen(book: PeriodBook, object: Item | Order): void {
  book.liveOf.get(object.participant)?.delete(object.id);
  if (object.kind === "item") book.liveItems -= 1;
  else book.liveOrders -= 1;
}

export function accepted(object: Item | Order, changes: readonly BookChange[]): Acceptance {
  return { ok: true, object: { kind: object.kind, id: object.id, version: object.version }, changes };
}

export function rejected(code: RejectCode, reason: string): Rejection {
  return { ok: false, code, reason };
}
