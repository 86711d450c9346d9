/**
 * A period's quality as bidding hands it to settlement with the contracts, and read back there: the same, but for squares' last digits.
 *
 * Money in major units with ten decimals, which hold it as it is; prices in major units. What is traded is known from the contracts' own
 * trades. See market-quality.ts.
 */
import { majorFromMicro, microPerKwhFromMajor } from "../../shared/decimal.js";
import type { ManageContracts } from "../../shared/messages/manage.js";
import type { Trade } from "../facts.js";
import { energyOf } from "./cut-figures.js";
import type { PeriodQuality } from "./market-quality.js";

export type QualityMessage = NonNullable<ManageContracts["quality"]>;

/** Wh times (millionths per kWh)², of which one kWh at one off makes so many. */
const squaresPerUnit = 1e15;

export function qualityMessage(quality: PeriodQuality): QualityMessage {
  const { lowMicroPerKwh: low, highMicroPerKwh: high, profitGapsMicro } = quality;
  return {
    surplus: unrounded(quality.surplusMicro),
    mostSurplus: unrounded(quality.mostSurplusMicro),
    priceLow: low === null ? null : majorFromMicro(low),
    priceHigh: high === null ? null : majorFromMicro(high),
    squaredDeviation: quality.squaresSum / squaresPerUnit,
    profitGaps: [...profitGapsMicro].map(([participant, gapMicro]) => {
      return { participant, gap: unrounded(gapMicro) };
    }),
  };
}

/** @param trades that it was made of */
export function qualityFrom(message: QualityMessage, trades: readonly Trade[]): PeriodQuality {
  const { priceLow, priceHigh, profitGaps } = message;
  return {
    surplusMicro: microFrom(message.surplus),
    mostSurplusMicro: microFrom(message.mostSurplus),
    lowMicroPerKwh: priceLow === null ? null : microPerKwhFromMajor(priceLow),
    highMicroPerKwh: priceHigh === null ? null : microPerKwhFromMajor(priceHigh),
    tradedWh: priceLow === null ? 0 : energyOf(trades),
    squaresSum: message.squaredDeviation * squaresPerUnit,
    profitGapsMicro: new Map(profitGaps.map(({ participant, gap }) => [participant, microFrom(gap)])),
  };
}

function unrounded(amountMicro: number): number {
  return Math.round(amountMicro * 10_000) / 10_000_000_000 + 0;
}

function microFrom(amount: number): number {
  return Math.round(amount * 10_000_000_000) / 10_000;
}
