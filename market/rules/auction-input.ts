/** What every auction asks of the orders that it is to clear. */
import type { AuctionOrder } from "./merit-order.js";
import { haveRepeatedIds } from "./repeated-ids.js";

/** @throws RangeError where two orders have one id, one has no energy, or a number is no safe integer. */
export function checkOrders(orders: readonly AuctionOrder[]): void {
  for (const { orderId, energyWh, priceMicroPerKwh } of orders) {
    if (!Number.isSafeInteger(energyWh) || energyWh <= 0) {
      throw new RangeError(`order ${orderId} brings ${energyWh} Wh to an auction`);
    }
    if (!Number.isSafeInteger(priceMicroPerKwh)) {
      throw new RangeError(`order ${orderId} names a price of ${priceMicroPerKwh} millionths`);
    }
  }
  if (haveRepeatedIds(orders)) throw new RangeError("two orders of an auction have the same id");
}
