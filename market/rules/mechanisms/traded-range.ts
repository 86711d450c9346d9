/** The range of prices of a mechanism that has no one price. */
import type { MicroPerKwh } from "../../../shared/units.js";
import type { AuctionTrade } from "./mechanism.js";

/** The lowest and the highest price that a buyer pays or a seller gets; null without trades. */
export function tradedRange(trades: readonly AuctionTrade[]): {
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
} {
  let low: MicroPerKwh | null = null;
  let high: MicroPerKwh | null = null;
  for (const { priceMicroPerKwh: paid, sellerPriceMicroPerKwh: got = paid } of trades) {
    const [less, more] = paid < got ? [paid, got] : [got, paid];
    if (low === null || less < low) low = less;
    if (high === null || more > high) high = more;
  }
  return { lowMicroPerKwh: low, highMicroPerKwh: high };
}
