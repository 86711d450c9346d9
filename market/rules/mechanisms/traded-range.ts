/** The range of prices of a mechanism that has no one price. */
import type { MicroPerKwh } from "../../../shared/units.js";
import type { AuctionTrade } from "./mechanism.js";

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
