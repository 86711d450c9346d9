/**
 * The key figures as they are told: `public/kpi`, and more of them for the summary (elecbay.md 5 and 2.4).
 *
 * Energy in kWh, power in kW, money in major units. Shares and indexes have 6 decimals and are null where their
 * denominator is 0 or, for consumption and reference cost, below.
 */
import { kwFromWatt, kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { Kpi } from "../../shared/messages/public.js";
import { isoUtc } from "../../shared/time.js";
import { micro } from "../../shared/units.js";
import type { Income, Kpis } from "./kpi.js";
import { averagePrice } from "./value.js";

export type KpiFigures = Omit<Kpi, "v" | "ts">;

/** The retained message `public/kpi`. */
export function kpiMessage(kpis: Kpis, tsMs: number): Kpi {
  return { v: 1, ts: isoUtc(tsMs), ...kpiFigures(kpis) };
}

/** The fields of `public/kpi`, without `v` and `ts`. */
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
    meanPricePerKwh: meanPrice === null ? null : majorFromMicro(meanPrice),
  };
}

export interface KpiSummary extends KpiFigures {
  readonly periods: number;
  readonly generationKwh: number;
  readonly consumptionKwh: number;
  readonly tradedKwh: number;
  /** Taken by buyers against their contracts. */
  readonly localKwh: number;
  /** Sum of |N|. */
  readonly energyExchangedWithGridKwh: number;
  /** Mean of N where it is an import (0 else) over its maximum. */
  readonly loadFactor: number | null;
  /** Largest |N| over mean |N|. */
  readonly peakToAverageRatio: number | null;
  /** Standard deviation (of the population) of the prices of periods with trades, each period counting alike. */
  readonly priceVolatility: number | null;
  /** What all participants paid together, and would have paid with the supplier alone; negative = received. */
  readonly cost: number;
  readonly referenceCost: number;
  /** Share of participants who are not worse off than with the supplier alone; equal counts as not worse. */
  readonly participationIndex: number | null;
  /** 1 less half the mean difference of incomes over their mean, incomes raised until the lowest is not negative. */
  readonly equalityIndex: number | null;
  /** 1 - sum of |N| over consumption and generation together. */
  readonly energyBalanceIndex: number | null;
}

/** All figures, for the run's summary. */
export function kpiSummary(kpis: Kpis): KpiSummary {
  const { totalMicro, referenceMicro } = sumOf(kpis.incomes.values());
  const exchangedWh = kpis.boundaryImportWh + kpis.boundaryExportWh;
  const peakWh = Math.max(kpis.peakImportWh, kpis.peakExportWh);
  const { count, squares } = kpis.prices;
  return {
    ...kpiFigures(kpis),
    periods: kpis.periods,
    generationKwh: kwhFromWh(kpis.generationWh),
    consumptionKwh: kwhFromWh(kpis.consumptionWh),
    tradedKwh: kwhFromWh(kpis.tradedWh),
    localKwh: kwhFromWh(kpis.localWh),
    energyExchangedWithGridKwh: kwhFromWh(exchangedWh),
    loadFactor: rounded(ratio(kpis.boundaryImportWh, kpis.peakImportWh * kpis.periods)),
    peakToAverageRatio: rounded(ratio(peakWh * kpis.periods, exchangedWh)),
    priceVolatility: count === 0 ? null : majorFromMicro(Math.round(Math.sqrt(squares / count))),
    cost: majorFromMicro(-totalMicro),
    referenceCost: majorFromMicro(-referenceMicro),
    participationIndex: participationIndex([...kpis.incomes.values()]),
    equalityIndex: equalityIndex([...kpis.incomes.values()].map((income) => income.totalMicro)),
    energyBalanceIndex: complement(ratio(exchangedWh, kpis.consumptionWh + kpis.generationWh)),
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

/** Equations 19 to 21 of elecbay.md 2.4, with the smallest levelled income at 0 instead of epsilon. */
function equalityIndex(incomesMicro: readonly number[]): number | null {
  const sorted = [...incomesMicro].sort((a, b) => a - b);
  const lift = Math.max(0, -(sorted[0] ?? 0));
  const total = sorted.reduce((sum, income) => sum + income + lift, 0);
  // Sum of |a - b| over all pairs, from the sorted incomes in one pass.
  const differences = sorted.reduce((sum, income, rank) => sum + income * (2 * rank + 1 - sorted.length), 0) * 2;
  return complement(ratio(differences, 2 * sorted.length * total));
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
