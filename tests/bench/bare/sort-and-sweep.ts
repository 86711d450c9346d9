/**
 * The limit that auctions are measured against: prices and energies as whole numbers in typed arrays, sorted by the machine's own sort,
 * swept once for volume and price. No orders, ids, checks, ties by arrival, shares, trades or receipts.
 */
import type { AuctionOrder } from "../../../market/rules/merit-order.js";

export interface BareSide {
  readonly prices: Int32Array;
  readonly energies: Int32Array;
}

/** @param sign -1: from the dearest */
interface Sorted extends BareSide {
  readonly keys: Float64Array;
  readonly places: number;
}

export function bareSide(orders: readonly AuctionOrder[], side: "buy" | "sell"): BareSide {
  const own = orders.filter((order) => order.side === side);
  return {
    prices: Int32Array.from(own, ({ priceMicroPerKwh }) => priceMicroPerKwh),
    energies: Int32Array.from(own, ({ energyWh }) => energyWh),
  };
}

/** @returns volume, and the last bid and ask that met: what a caller would use, so that nothing can be left out as unused. */
export function sortAndSweep(bids: BareSide, asks: BareSide): readonly [number, number, number] {
  const buying = sorted(bids, -1);
  const selling = sorted(asks, 1);
  let [bidAt, askAt, volumeWh, lastBid, lastAsk] = [0, 0, 0, 0, 0];
  let bid = indexAt(buying, 0);
  let ask = indexAt(selling, 0);
  let bidLeft = at(bids.energies, bid);
  let askLeft = at(asks.energies, ask);
  while (bidLeft > 0 && askLeft > 0 && at(bids.prices, bid) >= at(asks.prices, ask)) {
    const energyWh = Math.min(bidLeft, askLeft);
    volumeWh += energyWh;
    lastBid = at(bids.prices, bid);
    lastAsk = at(asks.prices, ask);
    bidLeft -= energyWh;
    askLeft -= energyWh;
    if (bidLeft === 0) {
      bid = indexAt(buying, ++bidAt);
      bidLeft = at(bids.energies, bid);
    }
    if (askLeft === 0) {
      ask = indexAt(selling, ++askAt);
      askLeft = at(asks.energies, ask);
    }
  }
  return [volumeWh, lastBid, lastAsk];
}

/** Price and index packed into one number, so that no function need be asked which comes first. */
function sorted(side: BareSide, sign: 1 | -1): Sorted {
  const { prices } = side;
  const places = 2 ** Math.ceil(Math.log2(prices.length + 1));
  const keys = new Float64Array(prices.length);
  for (let index = 0; index < prices.length; index += 1) keys[index] = sign * at(prices, index) * places + index;
  keys.sort();
  return { ...side, keys, places };
}

function indexAt({ keys, places }: Sorted, rank: number): number {
  const key = keys[rank];
  return key === undefined ? keys.length : key - Math.floor(key / places) * places;
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0;
}
