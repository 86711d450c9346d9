/**
 * Mid-market rate: neighbours meet in the middle of the retail and the export price, the rest of the energy is the supplier's.
 *
 * The scarce side gets the middle for all of its energy; the long side gets the average of the middle, for what the neighbours took, and of
 * the supplier's price for the rest. Supply and demand are the sums of each participant's metered net energy. Both sides equal, or both 0:
 * both get the middle. Any retail and export price will do, 0 and negative ones too: both prices lie between the two.
 * Buy price rounded up, sell price down to a millionth: see pool-prices.ts. Source: elecbay.md 2.2.
 */
import type { Pool } from "./mechanism.js";
import { type Fraction, onePeriod, pricePair } from "./pool-prices.js";

export const midMarketRate: Pool = {
  kind: "pool",
  name: "mid-market-rate",
  horizon: "period",
  prices: (periods) => {
    const { demand, supply, retail, feedIn } = onePeriod(periods);
    const twiceMiddle = retail + feedIn;
    const middle: Fraction = [twiceMiddle, 2n];
    if (supply < demand)
      return pricePair([supply * twiceMiddle + 2n * (demand - supply) * retail, 2n * demand], middle);
    if (supply > demand)
      return pricePair(middle, [demand * twiceMiddle + 2n * (supply - demand) * feedIn, 2n * supply]);
    return pricePair(middle, middle);
  },
};
