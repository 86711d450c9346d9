/** The book of a period as it came to its gate, from orders.csv: the same as market/rules/book-at-gate.ts made it. */
import type { OrderFate } from "../../market/facts.js";
import type { AuctionOrder } from "../../market/rules/merit-order.js";
import { wh } from "../../shared/units.js";

/** @param fates in the file's order, which is that of arrival */
export function bookFrom(fates: readonly OrderFate[]): AuctionOrder[] {
  return fates.flatMap((fate, place) => {
    const { orderId, participant, side, limitPriceMicroPerKwh: priceMicroPerKwh } = fate;
    const gone = fate.outcome === "cancelled" || fate.outcome === "withdrawn";
    // What was taken back before the gate brought only what it had traded by then.
    const energyWh = gone ? wh(fate.tradedWh + (fate.cutWh ?? 0)) : fate.energyWh;
    return energyWh === 0 ? [] : [{ orderId, participant, side, energyWh, priceMicroPerKwh, arrival: place + 1 }];
  });
}
