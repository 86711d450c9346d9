/**
 * The price taker: its own tariff is its limit, and a share of the tariff's spread, drawn once per period, is its margin.
 *
 * A buyer bids retail less margin x spread, a seller asks export plus margin x spread, spread = retail - export (0 where that is
 * below 0). So no quote is worse for it than its supplier. Rounded in its own favour, to whole millionths.
 */
import type { RandomStream } from "../../shared/random-stream.js";
import type { Side, View } from "./intent.js";

/** @param margin largest share of the spread, in [0, 1] @returns its quote in millionths per kWh */
export function priceTakerQuote(view: View, side: Side, margin: number, random: RandomStream): number {
  const spread = Math.max(0, view.buyLimitMicroPerKwh - view.sellLimitMicroPerKwh);
  const share = Math.ceil(random.uniform() * margin * spread);
  return side === "buy" ? view.buyLimitMicroPerKwh - share : view.sellLimitMicroPerKwh + share;
}
