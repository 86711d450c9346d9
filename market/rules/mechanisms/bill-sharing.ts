/**
 * Bill sharing: one price pair for a whole horizon, so that the community's bill with its supplier is shared by energy.
 *
 * buy = sum of retail x the community's net demand over the periods that have one / all energy taken; sell = sum of export x its net surplus
 * over the periods that have one / all energy fed in. What neighbours give each other within a period costs nothing: buyers gain by it, and
 * sellers get less than the export price for it. Where nobody takes energy, buy is 0, and likewise sell: nobody pays or gets it.
 * Retail and export may differ from period to period and be 0 or negative.
 * Buy price rounded up, sell price down to a millionth: see pool-prices.ts. Source: elecbay.md 2.3, 0 (rule 6).
 */
import type { Pool } from "./mechanism.js";
import { exactPeriod, pricePair } from "./pool-prices.js";

export const billSharing: Pool = {
  kind: "pool",
  name: "bill-sharing",
  horizon: "month",
  prices: (periods) => {
    if (periods.length === 0) throw new RangeError("bill sharing needs a period");
    let bought = 0n;
    let demandInAll = 0n;
    let sold = 0n;
    let supplyInAll = 0n;
    for (const period of periods) {
      const { demand, supply, retail, feedIn } = exactPeriod(period);
      if (demand > supply) bought += retail * (demand - supply);
      else sold += feedIn * (supply - demand);
      demandInAll += demand;
      supplyInAll += supply;
    }
    return pricePair([bought, demandInAll || 1n], [sold, supplyInAll || 1n]);
  },
};
