/**
 * Netting of deviations inside the community and the price of what is left (elecbay.md 0, rule 3).
 *
 * The smaller of all shorts and all longs is matched: its own side wholly, the longer side's part shared in proportion to
 * the deviations by largest remainder, ties to the earlier. Only the rest, all of it on one side, goes to the supplier:
 * shorts pay SBP, longs get SSP.
 * - dual: the matched part is priced at the middle of SBP and SSP, rounded down to a millionth.
 * - single: the whole deviation has one price, SBP when the community is short, SSP when long, the middle when balanced;
 *   so who deviates helpfully is paid SBP (or pays only SSP). The matched part still stays inside the community.
 * Energy in Wh, positive = fed in beyond promise. The rest's price is the same under both.
 */
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { SettlementTerms } from "../terms.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";
import { share } from "./largest-remainder.js";

export interface Netting {
  /** Of each deviation, in their order: what is netted inside the community. The rest is the supplier's. */
  readonly balancedWh: readonly number[];
  /** Sum of all shorts and longs. */
  readonly deviationWh: Wh;
  readonly matchedWh: Wh;
  readonly balancingPriceMicroPerKwh: MicroPerKwh;
  readonly imbalancePriceMicroPerKwh: MicroPerKwh;
}

export interface SystemPrices {
  readonly systemBuyMicroPerKwh: MicroPerKwh;
  readonly systemSellMicroPerKwh: MicroPerKwh;
}

/** Nets the deviations of a period, in Wh, one per participant: negative = short, positive = long. */
export function netDeviations(
  deviationsWh: readonly number[],
  prices: SystemPrices,
  imbalancePrice: SettlementTerms["imbalancePrice"],
): Netting {
  const shorts = deviationsWh.map((deviationWh) => Math.max(0, -deviationWh));
  const longs = deviationsWh.map((deviationWh) => Math.max(0, deviationWh));
  const shortWh = sumOf(shorts);
  const longWh = sumOf(longs);
  const matchedWh = Math.min(shortWh, longWh);
  const matchedShorts = matchedOf(shorts, shortWh, matchedWh);
  const matchedLongs = matchedOf(longs, longWh, matchedWh);
  const balancedWh = deviationsWh.map((_, index) => (matchedLongs[index] ?? 0) - (matchedShorts[index] ?? 0));
  assertNetted(deviationsWh, balancedWh);
  const ofTheRest = shortWh > longWh ? prices.systemBuyMicroPerKwh : prices.systemSellMicroPerKwh;
  return {
    balancedWh,
    deviationWh: wh(shortWh + longWh),
    matchedWh: wh(matchedWh),
    balancingPriceMicroPerKwh: imbalancePrice === "dual" || shortWh === longWh ? middleOf(prices) : ofTheRest,
    imbalancePriceMicroPerKwh: ofTheRest,
  };
}

/** The middle of the system buy and sell price, rounded down to a millionth. */
function middleOf(prices: SystemPrices): MicroPerKwh {
  return microPerKwh(Math.floor((prices.systemBuyMicroPerKwh + prices.systemSellMicroPerKwh) / 2));
}

function sumOf(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** What is matched of each amount of one side, `sumWh` in all. */
function matchedOf(amountsWh: readonly number[], sumWh: number, matchedWh: number): readonly number[] {
  if (matchedWh === sumWh) return amountsWh;
  return matchedWh === 0 ? [] : share(matchedWh, amountsWh);
}

function assertNetted(deviationsWh: readonly number[], balancedWh: readonly number[]): void {
  let sumWh = 0;
  for (let index = 0; index < balancedWh.length; index += 1) {
    const partWh = balancedWh[index] ?? 0;
    const restWh = (deviationsWh[index] ?? 0) - partWh;
    sumWh += partWh;
    if (partWh * restWh < 0) {
      brokenInvariant(`a deviation is matched beyond itself: ${partWh} Wh, rest ${restWh} Wh`);
    }
  }
  assertInvariant(sumWh === 0, `netting inside the community must sum to 0 Wh, got ${sumWh}`);
}
