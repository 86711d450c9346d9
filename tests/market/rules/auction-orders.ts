/** Auction orders for tests, and the auction as its definition says it: one unit order per Wh, sorted, counted. */
import fc from "fast-check";
import type { Side } from "../../../market/facts.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../shared/units.js";

/** `[price, energyWh]` in order of arrival; ids are the side's letter and the number. */
export function side(of: Side, quotes: readonly (readonly [number, number])[], firstArrival = 1): AuctionOrder[] {
  return quotes.map(([price, energyWh], index) => ({
    orderId: `${of === "buy" ? "b" : "s"}${index + 1}`,
    participant: `${of === "buy" ? "buyer" : "seller"}${index + 1}`,
    side: of,
    energyWh: wh(energyWh),
    priceMicroPerKwh: microPerKwh(price),
    arrival: firstArrival + index,
  }));
}

const quote = fc.record({
  side: fc.constantFrom<Side>("buy", "sell"),
  price: fc.integer({ min: -3, max: 12 }),
  energyWh: fc.integer({ min: 1, max: 6 }),
});

/** Few prices and energies, so that ties and exact meetings are common. */
export const auctionOrders = fc.array(quote, { maxLength: 14 }).map((quotes) =>
  quotes.map(
    (each, index): AuctionOrder => ({
      orderId: `o${index + 1}`,
      participant: `p${index % 4}`,
      side: each.side,
      energyWh: wh(each.energyWh),
      priceMicroPerKwh: microPerKwh(each.price),
      arrival: index + 1,
    }),
  ),
);

export interface NaiveClearing {
  readonly volumeWh: number;
  readonly welfare: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The definition of elecbay.md 3.1, word for word, in unit orders. */
export function naiveClearing(orders: readonly AuctionOrder[]): NaiveClearing {
  const units = (of: Side): number[] =>
    orders
      .filter((order) => order.side === of)
      .flatMap((order) => Array.from({ length: order.energyWh }, () => order.priceMicroPerKwh as number))
      .sort((one, other) => (of === "buy" ? other - one : one - other));
  const bids = units("buy");
  const asks = units("sell");
  let count = 0;
  let welfare = 0;
  while ((bids[count] ?? -Infinity) >= (asks[count] ?? Infinity)) {
    welfare += (bids[count] ?? 0) - (asks[count] ?? 0);
    count += 1;
  }
  if (count === 0) return { volumeWh: 0, welfare: 0, low: null, high: null };
  const low = Math.max(asks[count - 1] ?? Number.NaN, bids[count] ?? -Infinity);
  const high = Math.min(bids[count - 1] ?? Number.NaN, asks[count] ?? Infinity);
  return { volumeWh: count, welfare, low, high };
}

/** Best total of bids less asks over every feasible set of traded units, by trying every volume. */
export function bestWelfare(orders: readonly AuctionOrder[]): number {
  const sorted = (of: Side): number[] =>
    orders
      .filter((order) => order.side === of)
      .flatMap((order) => Array.from({ length: order.energyWh }, () => order.priceMicroPerKwh as number))
      .sort((one, other) => (of === "buy" ? other - one : one - other));
  const asks = sorted("sell");
  let best = 0;
  let total = 0;
  for (const [index, bid] of sorted("buy").entries()) {
    const ask = asks[index];
    if (ask === undefined) break;
    total += bid - ask;
    best = Math.max(best, total);
  }
  return best;
}
