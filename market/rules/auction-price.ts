/**
 * The price at which a period's auction cleared, as every receipt tells it, also that of an order that did not trade.
 *
 * The volume-weighted average of what buyers pay in the auction's trades, rounded to the nearest millionth, halves up (value.ts): where all
 * pay one price, it is that price. Trades of the list do not count: each has its item's price. Null where the auction has traded nothing,
 * and where there is none. A cut of the DSO does not change it: of trades as they were made. Source: elecbay.md 0, rules 1 and 4.
 */
import type { MicroPerKwh } from "../../shared/units.js";
import type { Trade } from "../facts.js";
import { energyOf } from "./cut-figures.js";
import { nearestAveragePrice, turnoverOf } from "./value.js";

/** @param trades of one period, as they were made */
export function auctionPrice(trades: readonly Trade[]): MicroPerKwh | null {
  const ofAuction = trades.filter(({ mechanism }) => mechanism !== "listing");
  return nearestAveragePrice(turnoverOf(ofAuction), energyOf(ofAuction));
}
