/** What several mechanisms ask of their orders and tell of their trades. */
import type { MicroPerKwh } from "../../../shared/units.js";
import type { AuctionOrder } from "../merit-order.js";
import type { AuctionTrade } from "./mechanism.js";

/** @throws RangeError where two orders have one id. */
export function refuseRepeatedIds(orders: readonly AuctionOrder[]): void {
  const ids = new Set<string>();
  for (const { orderId } of orders) ids.add(orderId);
  if (ids.size !== orders.length) throw new RangeError("two orders of an auction have the same id");
}

/** The lowest and the highest price that a buyer pays; null without trades. */
export function tradedRange(trades: readonly AuctionTrade[]): {
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
} {
  let low: MicroPerKwh | null = null;
  let high: MicroPerKwh | null = null;
  for (const { priceMicroPerKwh: price } of trades) {
    if (low === null || price < low) low = price;
    if (high === null || price > high) high = price;
  }
  return { lowMicroPerKwh: low, highMicroPerKwh: high };
}
