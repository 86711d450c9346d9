/**
 * The prices at which an order of one side could begin to trade more, rising with the wish to trade, with what stands there.
 *
 * Rungs: an ask's price, a bid's, or a millionth above a bid (asks: mirrored). The lowest is the best price of the side that is not
 * filled whole: nobody asks about less. They are made as they are asked for, since the answer nearly always lies on the first few.
 */
import type { AuctionOrder } from "./merit-order.js";

export interface Rung {
  readonly price: number;
  /** Energy of the other side that this price reaches. */
  readonly reachedWh: number;
  /** Energy of the own side at better prices; and at this price itself, from the order `first` to before `end`. */
  readonly aboveWh: number;
  readonly stepWh: number;
  readonly first: number;
  readonly end: number;
}

export interface PriceLadder {
  readonly own: readonly AuctionOrder[];
  readonly opposite: readonly AuctionOrder[];
  /** Prices times this rise with the wish to trade: 1 for bids, -1 for asks. */
  readonly sign: 1 | -1;
  /** `ownWh[n]`: energy of the best `n` of the own side. */
  readonly ownWh: Float64Array;
  readonly rungs: Rung[];
  /** What is not on a rung yet: own orders before `ownEnd`, the other side's from `reached` on, what these reach, and a price above one's own. */
  ownEnd: number;
  reached: number;
  reachedWh: number;
  aboveOwn: number | undefined;
}

/** @param ownFilledWh what each of `own` traded */
export function createPriceLadder(
  own: readonly AuctionOrder[],
  opposite: readonly AuctionOrder[],
  ownFilledWh: readonly number[],
  sign: 1 | -1,
): PriceLadder {
  const ownWh = new Float64Array(own.length + 1);
  let best = own.length;
  for (let at = own.length - 1; at >= 0; at -= 1) {
    if ((ownFilledWh[at] ?? 0) < (own[at] as AuctionOrder).energyWh) best = at;
  }
  for (let at = 0; at < own.length; at += 1) {
    ownWh[at + 1] = (ownWh[at] as number) + (own[at] as AuctionOrder).energyWh;
  }
  const price = own[best]?.priceMicroPerKwh;
  let ownEnd = best;
  while (price !== undefined && own[ownEnd]?.priceMicroPerKwh === price) ownEnd += 1;
  const ladder: PriceLadder = {
    ...{ own, opposite, sign, ownWh, rungs: [], ownEnd },
    ...{ reached: 0, reachedWh: 0, aboveOwn: undefined },
  };
  if (price !== undefined) reachBelow(ladder, sign * price);
  return ladder;
}

/** The rung number `at` from below; undefined above the last. */
export function rungAt(ladder: PriceLadder, at: number): Rung | undefined {
  while (ladder.rungs.length <= at) if (!addRung(ladder)) return undefined;
  return ladder.rungs[at];
}

function addRung(ladder: PriceLadder): boolean {
  const { own, opposite, sign, ownWh } = ladder;
  const nextOwn = own[ladder.ownEnd - 1]?.priceMicroPerKwh;
  const nextOpposite = opposite[ladder.reached]?.priceMicroPerKwh;
  const price = Math.min(
    nextOwn === undefined ? Number.POSITIVE_INFINITY : sign * nextOwn,
    nextOpposite === undefined ? Number.POSITIVE_INFINITY : sign * nextOpposite,
    ladder.aboveOwn ?? Number.POSITIVE_INFINITY,
  );
  if (price === Number.POSITIVE_INFINITY) return false;
  while (priceAt(opposite, ladder.reached, sign) === price) {
    ladder.reachedWh += (opposite[ladder.reached] as AuctionOrder).energyWh;
    ladder.reached += 1;
  }
  const end = ladder.ownEnd;
  let first = end;
  while (priceAt(own, first - 1, sign) === price) first -= 1;
  ladder.ownEnd = first;
  ladder.aboveOwn = first < end ? price + 1 : undefined;
  const aboveWh = ownWh[first] as number;
  const stepWh = (ownWh[end] as number) - aboveWh;
  ladder.rungs.push({ price, reachedWh: ladder.reachedWh, aboveWh, stepWh, first, end });
  return true;
}

/** Counts what the other side offers below `price`, which is the lowest rung. */
function reachBelow(ladder: PriceLadder, price: number): void {
  for (;;) {
    const order = ladder.opposite[ladder.reached];
    if (order === undefined || ladder.sign * order.priceMicroPerKwh >= price) return;
    ladder.reachedWh += order.energyWh;
    ladder.reached += 1;
  }
}

function priceAt(orders: readonly AuctionOrder[], at: number, sign: 1 | -1): number | undefined {
  const price = orders[at]?.priceMicroPerKwh;
  return price === undefined ? undefined : sign * price;
}
