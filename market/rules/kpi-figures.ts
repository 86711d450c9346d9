/**
 * The key figures as they are told, on `public/kpi` and in the summary (elecbay.md 5 and 2.4).
 *
 * Energy in kWh, power in kW, money in major units. Shares and indexes have 6 decimals and are null where their
 * denominator is 0 or, for consumption and reference cost, below.
 */
import { kwFromWatt, kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { Kpi } from "../../shared/messages/public.js";
import { isoUtc } from "../../shared/time.js";
import { micro } from "../../shared/units.js";
import { type CutSums, cutFigures } from "./cut-figures.js";
import { fairness } from "./fairness.js";
import type { Income, Kpis } from "./kpi.js";
import { qualityFigures } from "./market-quality.js";
import { deviationOf } from "./price-statistics.js";
import { averagePrice } from "./value.js";

export type KpiFigures = Omit<Kpi, "v" | "ts">;

/** The retained message `public/kpi`. */
export function kpiMessage(kpis: Kpis, tsMs: number): Kpi {
  return { v: 1, ts: isoUtc(tsMs), ...kpiSummary(kpis) };
}

/** The figures that are sums, shares and peaks of energy and money. */
export function kpiFigures(kpis: Kpis): KpiFigures {
  const { totalMicro, referenceMicro } = sumOf(kpis.incomes.values());
  const savingsMicro = micro(totalMicro - referenceMicro);
  const meanPrice = averagePrice(kpis.turnover, kpis.tradedWh);
  return {
    selfSufficiency: complement(ratio(kpis.boundaryImportWh, kpis.consumptionWh)),
    selfConsumption: complement(ratio(kpis.boundaryExportWh, kpis.generationWh)),
    localShare: rounded(ratio(kpis.localWh, kpis.participantImportWh)),
    savings: majorFromMicro(savingsMicro),
    savingsShare: rounded(ratio(savingsMicro, -referenceMicro)),
    importKwh: kwhFromWh(kpis.boundaryImportWh),
    exportKwh: kwhFromWh(kpis.boundaryExportWh),
    peakImportKw: kwFromWatt(powerW(kpis, kpis.peakImportWh)),
    peakExportKw: kwFromWatt(powerW(kpis, kpis.peakExportWh)),
    imbalanceKwh: kwhFromWh(kpis.deviationWh),
    imbalanceShare: rounded(ratio(kpis.deviationWh, kpis.contractedWh)),
    localShareOfSurplus: rounded(ratio(kpis.localWh, kpis.participantExportWh)),
    autarky: complement(ratio(kpis.participantImportWh, kpis.consumptionWh)),
    valueTapping: rounded(ratio(kpis.energySavingsMicro, kpis.mostSavingsMicro)),
    ...cutFigures(cutSumsOf(kpis)),
    ...(kpis.carbonMilligram === undefined ? {} : { carbonKg: Math.round(kpis.carbonMilligram / 1000) / 1000 }),
    meanPricePerKwh: meanPrice === null ? null : majorFromMicro(meanPrice),
  };
}

/** At the gates there was traded what still is, and what was cut of it. */
function cutSumsOf({ cut = { orders: 0, cutWh: 0 }, tradedWh }: Kpis): CutSums {
  return { ...cut, tradedWh: tradedWh + cut.cutWh };
}

export interface KpiSummary extends KpiFigures {
  readonly periods: number;
  readonly generationKwh: number;
  readonly consumptionKwh: number;
  readonly tradedKwh: number;
  /** Taken by buyers against their contracts, or in a pool of what neighbours fed in. */
  readonly localKwh: number;
  /** 1 - self-sufficiency. */
  readonly gridDependence: number | null;
  /** Sum of |N|. */
  readonly energyExchangedWithGridKwh: number;
  /** Mean of N where it is an import (0 else) over its maximum. */
  readonly loadFactor: number | null;
  /** Largest |N| over mean |N|. */
  readonly peakToAverageRatio: number | null;
  /** Standard deviation (of the population) of the prices of periods with trades, each period counting alike. */
  readonly priceVolatility: number | null;
  /** The same over the mean price; null where that is not above 0. */
  readonly priceVariation: number | null;
  /** Standard deviation of the logarithm of each price over the one before. */
  readonly priceLogReturnDeviation: number | null;
  /** Mean of the difference between each price and the one before. */
  readonly meanPriceChange: number | null;
  /** Herfindahl-Hirschman index, the sum of squared shares, of energy sold and bought: 1 where one alone does. */
  readonly sellerConcentration: number | null;
  readonly buyerConcentration: number | null;
  /** Of savings against the supplier alone, raised until the least is 0 (rules/fairness.ts). */
  readonly savingsGini: number | null;
  readonly savingsJain: number | null;
  /** What all participants paid together, and would have paid with the supplier alone; negative = received. */
  readonly cost: number;
  readonly referenceCost: number;
  /** Share of participants who are not worse off than with the supplier alone; equal counts as not worse. */
  readonly participationIndex: number | null;
  /** 1 - Gini of incomes, raised until the lowest is not negative (equations 19 to 21 of elecbay.md 2.4, with 0 for epsilon). */
  readonly equalityIndex: number | null;
  /** 1 - sum of |N| over consumption and generation together. */
  readonly energyBalanceIndex: number | null;
}

/** All figures: the fields of `public/kpi`, without `v` and `ts`. n log n in the participants. */
export function kpiSummary(kpis: Kpis): KpiSummary {
  const { totalMicro, referenceMicro } = sumOf(kpis.incomes.values());
  const exchangedWh = kpis.boundaryImportWh + kpis.boundaryExportWh;
  const peakWh = Math.max(kpis.peakImportWh, kpis.peakExportWh);
  const { level, logReturns, changes, absoluteChange } = kpis.prices;
  const volatility = deviationOf(level);
  const incomes = [...kpis.incomes.values()];
  const savings = fairness(incomes.map((income) => income.totalMicro - income.referenceMicro));
  const selfSufficiency = complement(ratio(kpis.boundaryImportWh, kpis.consumptionWh));
  return {
    ...kpiFigures(kpis),
    periods: kpis.periods,
    generationKwh: kwhFromWh(kpis.generationWh),
    consumptionKwh: kwhFromWh(kpis.consumptionWh),
    tradedKwh: kwhFromWh(kpis.tradedWh + kpis.pooledWh),
    localKwh: kwhFromWh(kpis.localWh),
    gridDependence: complement(selfSufficiency),
    energyExchangedWithGridKwh: kwhFromWh(exchangedWh),
    loadFactor: rounded(ratio(kpis.boundaryImportWh, kpis.peakImportWh * kpis.periods)),
    peakToAverageRatio: rounded(ratio(peakWh * kpis.periods, exchangedWh)),
    priceVolatility: majorOrNull(volatility),
    priceVariation: volatility === null ? null : rounded(ratio(volatility, level.mean)),
    priceLogReturnDeviation: rounded(deviationOf(logReturns)),
    meanPriceChange: majorOrNull(ratio(absoluteChange, changes)),
    sellerConcentration: concentration(kpis.soldWh, kpis.tradedWh + kpis.pooledWh),
    buyerConcentration: concentration(kpis.boughtWh, kpis.tradedWh + kpis.pooledWh),
    savingsGini: rounded(savings.gini),
    savingsJain: rounded(savings.jain),
    cost: majorFromMicro(-totalMicro),
    referenceCost: majorFromMicro(-referenceMicro),
    participationIndex: participationIndex(incomes),
    equalityIndex: complement(fairness(incomes.map((income) => income.totalMicro)).gini),
    energyBalanceIndex: complement(ratio(exchangedWh, kpis.consumptionWh + kpis.generationWh)),
    ...(kpis.quality === undefined ? {} : qualityFigures(kpis.quality)),
  };
}

function sumOf(incomes: Iterable<Income>): Income {
  const sum = { totalMicro: 0, referenceMicro: 0 };
  for (const income of incomes) {
    sum.totalMicro += income.totalMicro;
    sum.referenceMicro += income.referenceMicro;
  }
  return sum;
}

function powerW(kpis: Kpis, energyWh: number): number {
  return Math.round((energyWh * 60) / kpis.periodMinutes);
}

function participationIndex(incomes: readonly Income[]): number | null {
  const willing = incomes.filter(({ totalMicro, referenceMicro }) => totalMicro >= referenceMicro).length;
  return rounded(ratio(willing, incomes.length));
}

function concentration(energyOf: ReadonlyMap<string, number>, tradedWh: number): number | null {
  if (tradedWh === 0) return null;
  let sum = 0;
  for (const energyWh of energyOf.values()) sum += (energyWh / tradedWh) ** 2;
  return rounded(sum);
}

function majorOrNull(micro: number | null): number | null {
  return micro === null ? null : majorFromMicro(Math.round(micro));
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function complement(share: number | null): number | null {
  return rounded(share === null ? null : 1 - share);
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6 + 0;
}
