/**
 * The book as it comes to the gate: what any other mechanism would have had to clear.
 *
 * Every live item and order at its own last limit with all of its energy, also where an order on an item or a fill has taken of
 * it, and of a cancelled order what it had traded, in order of arrival. Energy in Wh. Source: elecbay.md 0, rule 1; shadows: shadow-settlement.ts.
 */
import type { Wh } from "../../shared/units.js";
import type { Item } from "./item.js";
import { type AuctionOrder, byArrival } from "./merit-order.js";
import type { Order } from "./order.js";
import type { PeriodBook } from "./period-book.js";

export function bookAtGate(book: PeriodBook): AuctionOrder[] {
  return [...book.items.values(), ...book.orders.values()]
    .map((object) => {
      const { id: orderId, participant, side, priceMicroPerKwh, arrival } = object;
      return { orderId, participant, side, energyWh: broughtWh(object), priceMicroPerKwh, arrival };
    })
    .filter(({ energyWh }) => energyWh > 0)
    .sort(byArrival);
}

function broughtWh(object: Item | Order): Wh {
  if (object.live) return object.energyWh;
  return object.kind === "order" ? object.filledWh : (0 as Wh);
}
