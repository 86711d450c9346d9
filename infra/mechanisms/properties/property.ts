/** What may be asked of a mechanism: a sentence about every book, and a way to see on one book that it is false. */
import type { AuctionTerms, Mechanism } from "../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";

export const propertyNames = [
  "energy",
  "balanced",
  "no-deficit",
  "no-surplus",
  "limits",
  "welfare",
  "rows",
  "arrivals",
  "splitting",
  "interval",
  "truth",
  "repeatable",
] as const;
export type PropertyName = (typeof propertyNames)[number];

/** A book, and a change of it where the property speaks of one. */
export interface Sample {
  readonly orders: readonly AuctionOrder[];
  readonly terms: AuctionTerms;
  /** Any number: which order is split or lies, how the book is shuffled. */
  readonly which: number;
  /** What the liar says, or the price of the order that is added. */
  readonly priceMicroPerKwh: number;
}

export interface Property {
  readonly name: PropertyName;
  /** As a row of the table says it. */
  readonly title: string;
  /** Which books it speaks of: all, or those in which each participant has one order. */
  readonly books: "any" | "one-order-each";
  /** Why it cannot be asked of this mechanism; undefined where it can. */
  doesNotApply(mechanism: Mechanism): string | undefined;
  /**
   * What is wrong on this book, as a sentence; undefined where the property holds.
   * @throws whatever the mechanism throws
   */
  violation(mechanism: Mechanism, sample: Sample): string | undefined;
}

/** The order that `which` points at. */
export function chosen({ orders, which }: Sample): AuctionOrder | undefined {
  return orders[which % orders.length];
}
