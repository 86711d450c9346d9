/**
 * A period's book in a form that can be written down and read back: what rests for matching as a list, best first, bids before asks.
 *
 * In the book itself those orders are chained to each other, thousands deep: no writer of nested data goes that deep. The terms are
 * left out; whoever goes on with the book has them. Maps and lists are the book's own: write them down before the book changes.
 */
import type { BiddingTerms } from "../terms.js";
import { continuousBookOf, restingOrders } from "./mechanisms/continuous-book.js";
import type { AuctionOrder } from "./merit-order.js";
import type { PeriodBook } from "./period-book.js";

export interface SavedBook extends Omit<PeriodBook, "terms" | "matching"> {
  /** Undefined where all orders wait for the gate. */
  readonly resting: readonly AuctionOrder[] | undefined;
}

export function savedBook({ terms: _terms, matching, ...book }: PeriodBook): SavedBook {
  const resting =
    matching === undefined ? undefined : [...restingOrders(matching, "buy"), ...restingOrders(matching, "sell")];
  return { ...book, resting };
}

/** A book that answers as the saved one would have. Takes over what it is given. */
export function bookFrom({ resting, ...book }: SavedBook, terms: BiddingTerms): PeriodBook {
  return { ...book, terms, matching: resting === undefined ? undefined : continuousBookOf(resting) };
}
