/**
 * Zero intelligence, constrained (Gode and Sunder 1993, elecbay.md 3.7): any price within its limit is as good as another.
 *
 * A buyer draws evenly from [band low, own limit], a seller from [own limit, band high]. The limit is the own tariff; the band is the
 * bot's own one, narrowed to the tariff's spread, for a quote outside of that could trade with nobody. New draw each re-quote.
 */
import type { RandomStream } from "../../shared/random-stream.js";
import type { Side, View } from "./intent.js";

/** @returns its quote in whole millionths per kWh */
export function zeroIntelligenceQuote(view: View, side: Side, random: RandomStream): number {
  if (side === "buy") {
    const limit = view.buyLimitMicroPerKwh;
    return random.integer(Math.min(limit, Math.max(view.bandLowMicroPerKwh, view.sellLimitMicroPerKwh)), limit);
  }
  const limit = view.sellLimitMicroPerKwh;
  return random.integer(limit, Math.max(limit, Math.min(view.bandHighMicroPerKwh, view.buyLimitMicroPerKwh)));
}
