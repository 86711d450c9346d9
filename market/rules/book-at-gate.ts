/**
 * The book as it comes to the gate: what any other mechanism would have had to clear.
 *
 * Every live item and order at its own limit with all of its energy, also where an order on an item has taken of it, in order of
 * arrival. Energy in Wh. Source: elecbay.md 0 (rule 1); the shadow clearing.
 */
import { type AuctionOrder, byArrival } from "./merit-order.js";
import type { PeriodBook } from "./period-book.js";

export function bookAtGate(book: PeriodBook): AuctionOrder[] {
  return [...book.items.values(), ...book.orders.values()]
    .filter(({ live }) => live)
    .map(({ id: orderId, participant, side, energyWh, priceMicroPerKwh, arrival }) => {
      return { orderId, participant, side, energyWh, priceMicroPerKwh, arrival };
    })
    .sort(byArrival);
}
