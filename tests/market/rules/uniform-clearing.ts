/** A uniform clearing with each order's energy and rank by its id, as tests ask for them. */
import { clearUniform } from "../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { type Wh, wh } from "../../../shared/units.js";

export function uniformClearing(orders: readonly AuctionOrder[], terms: Parameters<typeof clearUniform>[1]) {
  const { matching, ...cleared } = clearUniform(orders, terms);
  const { bids, asks, bidWh, askWh } = matching;
  const tradedWh = new Map<string, Wh>();
  const ranks = new Map<string, number>();
  for (const [side, filled] of [[bids, bidWh] as const, [asks, askWh] as const]) {
    for (const [index, { orderId }] of side.entries()) {
      tradedWh.set(orderId, wh(filled[index] ?? 0));
      ranks.set(orderId, index + 1);
    }
  }
  return { ...cleared, tradedWh, ranks, bids, asks };
}
