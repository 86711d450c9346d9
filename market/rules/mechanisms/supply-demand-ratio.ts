/**
 * Supply-demand ratio: the scarcer the neighbours' own energy, the nearer its price comes to retail.
 *
 * With s = supply / demand up to 1: sell = export x retail / ((retail - export) s + export), the harmonic mean of export, weighted s, and
 * retail; buy = sell x s + retail (1 - s). Beyond 1, and without demand: both are the export price. Without supply: both are retail.
 * The mean has no meaning where one price is not positive: its limit stands in, the price between the two that is nearest 0. So export 0 or
 * below gives sellers 0 below s = 1, and a negative export price comes in with a jump at 1. No price is ever outside the two.
 * Buy price rounded up, sell price down to a millionth: see pool-prices.ts. Source: elecbay.md 2.1.
 */
import type { Pool } from "./mechanism.js";
import { type ExactPeriod, type Fraction, onePeriod, pricePair } from "./pool-prices.js";

export const supplyDemandRatio: Pool = {
  kind: "pool",
  name: "supply-demand-ratio",
  horizon: "period",
  prices: (periods) => {
    const period = onePeriod(periods);
    const { demand, supply, retail, feedIn } = period;
    if (demand === 0n || supply > demand) return pricePair([feedIn, 1n], [feedIn, 1n]);
    if (supply === 0n) return pricePair([retail, 1n], [retail, 1n]);
    const sell = harmonicMean(period);
    const [price, per] = sell;
    return pricePair([price * supply + retail * (demand - supply) * per, per * demand], sell);
  },
};

function harmonicMean({ demand, supply, retail, feedIn }: ExactPeriod): Fraction {
  if (feedIn > 0n && retail > 0n) return [feedIn * retail * demand, (retail - feedIn) * supply + feedIn * demand];
  if (supply === demand) return [feedIn, 1n];
  if (feedIn < 0n && retail < 0n) return [feedIn > retail ? feedIn : retail, 1n];
  return [0n, 1n];
}
