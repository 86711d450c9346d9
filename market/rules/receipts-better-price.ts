/**
 * The price at which an order would have traded more in an efficient matching, everybody else's order being what it was.
 *
 * At limit p a bid stands behind the bids above p and, at p itself, behind earlier arrivals (`time`) or beside them (`pro-rata`),
 * and reaches the asks up to p: it gets what these hold beyond those before it, up to its energy. That only grows with p, and
 * only at an ask's price, at a bid's, or a millionth above a bid: the least such price is found by leaps, then by halving. Beside
 * others the share is rounded down, so that in a tie over the last Wh the answer may be a millionth too good, never too bad.
 * Asks are the mirror image: their prices are taken with the opposite sign. Source: elecbay.md 3.1.
 */
import type { MicroPerKwh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import type { EfficientMatching } from "./efficient-matching.js";
import { proportion } from "./largest-remainder.js";
import { type AuctionOrder, byArrival } from "./merit-order.js";
import { createPriceLadder, type PriceLadder, type Rung, rungAt } from "./receipts-price-ladder.js";

/** Answers for orders of one matching: the price, or null where no price within the band trades more than `tradedWh`. */
export type BetterPrice = (order: AuctionOrder, tradedWh: number) => MicroPerKwh | null;

type Matched = Pick<EfficientMatching, "bids" | "asks" | "bidWh" | "askWh">;
type Band = Pick<BiddingTerms, "tie" | "priceCapMicroPerKwh" | "priceFloorMicroPerKwh">;

/** Prepares both sides once; all answers together take n log n. */
export function betterPrices({ bids, asks, bidWh, askWh }: Matched, terms: Band): BetterPrice {
  const buyers = createPriceLadder(bids, asks, bidWh, 1);
  const sellers = createPriceLadder(asks, bids, askWh, -1);
  return (order, tradedWh) => {
    const ladder = order.side === "buy" ? buyers : sellers;
    const bound = order.side === "buy" ? terms.priceCapMicroPerKwh : -terms.priceFloorMicroPerKwh;
    const present = ladder.sign * order.priceMicroPerKwh;
    const enough = (rung: Rung): boolean => rung.price > present && gets(ladder, rung, order, terms.tie) > tradedWh;
    const price = firstRung(ladder, enough)?.price;
    return price === undefined || price > bound ? null : ((ladder.sign * price + 0) as MicroPerKwh);
  };
}

/** The lowest rung where `holds`, which stays true above it. */
function firstRung(ladder: PriceLadder, holds: (rung: Rung) => boolean): Rung | undefined {
  let high = 0;
  let low = 0;
  for (let leap = 1; ; leap *= 2) {
    const rung = rungAt(ladder, high);
    if (rung === undefined) {
      high = ladder.rungs.length;
      break;
    }
    if (holds(rung)) break;
    low = high + 1;
    high += leap;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    const rung = rungAt(ladder, middle);
    if (rung === undefined || holds(rung)) high = middle;
    else low = middle + 1;
  }
  return rungAt(ladder, low);
}

/** What `order` would get with its limit at the price of `rung`, which is better than its own. */
function gets(ladder: PriceLadder, rung: Rung, order: AuctionOrder, tie: BiddingTerms["tie"]): number {
  const { energyWh } = order;
  const beyondWh = rung.reachedWh - rung.aboveWh;
  if (tie === "time") return Math.min(Math.max(beyondWh - earlierWh(ladder, rung, order), 0), energyWh);
  const stepWh = rung.stepWh + energyWh;
  const sharedWh = Math.min(Math.max(beyondWh, 0), stepWh);
  return rung.stepWh === 0 ? sharedWh : proportion(sharedWh, energyWh, stepWh).quotient;
}

/** Energy at the price of `rung` that came before `order`. */
function earlierWh({ own, ownWh }: PriceLadder, { first, end }: Rung, order: AuctionOrder): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = own[middle];
    if (other !== undefined && byArrival(other, order) < 0) low = middle + 1;
    else high = middle;
  }
  return (ownWh[low] ?? 0) - (ownWh[first] ?? 0);
}
