/**
 * Key figures of the run, summed period by period (elecbay.md 5).
 *
 * N = imports less exports of all participants in a period: what passes the community's boundary. Consumption = generation
 * + import - export, so charging a battery counts as consumption and discharging it takes from it; figures are made from
 * sums over the whole run, because with storage the gross identities fail period by period. A battery that ends emptier
 * than it started still shifts them: compare runs that end where they began. Half-hour nets hide what is exchanged within
 * the half hour. Sums are whole Wh and millionths; shares and other floats appear only in what is told, kpi-figures.ts.
 */
import type { BillLine, Trade } from "../facts.js";
import type { PeriodCut } from "./cut-figures.js";
import { assertInvariant } from "./invariants.js";
import { addQuality, createMarketQuality, type MarketQuality, type PeriodQuality } from "./market-quality.js";
import { addPrice, createPriceStatistics, type PriceStatistics } from "./price-statistics.js";
import type { PeriodSettlement, SettlementInput } from "./settlement.js";
import { feesOf } from "./settlement-fees.js";
import { mechanismLevyName } from "./settlement-mechanism.js";
import { supplierAlone } from "./supplier-alone.js";
import { turnoverOf, valueOfEnergy } from "./value.js";

/** What one participant got in all (negative = paid), and would have got with the supplier alone, charges and tax included. */
export interface Income {
  totalMicro: number;
  referenceMicro: number;
}

/** Sums since the run began. Energies in Wh. */
export interface Kpis {
  readonly periodMinutes: number;
  periods: number;
  generationWh: number;
  consumptionWh: number;
  /** Sums of N where the community imports and where it exports, each never negative. */
  boundaryImportWh: number;
  boundaryExportWh: number;
  /** N of each period that may still be corrected: that may take away the largest. */
  readonly netWh: Map<number, number>;
  /** The largest imports, and exports, of the periods that may not. */
  finalPeakImportWh: number;
  finalPeakExportWh: number;
  peakImportWh: number;
  peakExportWh: number;
  /** Sums over all participants' import, and export, registers. */
  participantImportWh: number;
  participantExportWh: number;
  /** Taken by buyers against their contracts, or in a pool of what neighbours fed in. */
  localWh: number;
  deviationWh: number;
  /** Sum of everybody's net contract, bought and sold alike. */
  contractedWh: number;
  /** Saved against the supplier alone by the price of energy: charges and tax left out on both sides. */
  energySavingsMicro: number;
  /** What of it would have been saved had all that was fed in met what was taken in the same period; floats of millionths. */
  mostSavingsMicro: number;
  /** Milligrams of CO2 in what passed the boundary inwards; undefined where the grid's emissions are not known. */
  carbonMilligram: number | undefined;
  tradedWh: number;
  /** Orders that the DSO named and cut, and energy that is no longer traded because of it; undefined: it has cut nothing. */
  cut: PeriodCut | undefined;
  /** How well the market did; undefined once that of one period is not known, or where the sums were begun without it. */
  quality: MarketQuality | undefined;
  /** In a pool, what neighbours took of what neighbours fed in: traded too, but at no price of its own. */
  pooledWh: number;
  /** Sum of energy x price of all trades (value.ts). */
  turnover: bigint;
  /** Volume-weighted prices of the periods that had trades: their number, mean, and sum of squares about it. */
  readonly prices: PriceStatistics;
  /** Energy sold, and bought, by participant. */
  readonly soldWh: Map<string, number>;
  readonly boughtWh: Map<string, number>;
  readonly incomes: Map<string, Income>;
}

export function createKpis(periodMinutes: number): Kpis {
  return {
    periodMinutes,
    ...{ periods: 0, generationWh: 0, consumptionWh: 0, boundaryImportWh: 0, boundaryExportWh: 0 },
    netWh: new Map(),
    ...{ finalPeakImportWh: 0, finalPeakExportWh: 0 },
    ...{ peakImportWh: 0, peakExportWh: 0, participantImportWh: 0, participantExportWh: 0, localWh: 0 },
    ...{ energySavingsMicro: 0, mostSavingsMicro: 0 },
    ...{ deviationWh: 0, contractedWh: 0, carbonMilligram: undefined, tradedWh: 0, cut: undefined, pooledWh: 0 },
    quality: createMarketQuality(),
    turnover: 0n,
    prices: createPriceStatistics(),
    soldWh: new Map(),
    boughtWh: new Map(),
    incomes: new Map(),
  };
}

/** One settled period: the readings, tariffs, trades and terms that its settlement was made from. */
export interface SettledPeriod extends Pick<SettlementInput, "readings" | "tariffs" | "trades" | "terms"> {
  readonly settlement: PeriodSettlement;
  /** What each kWh from the grid emitted; undefined where it is not known. */
  readonly carbonMilligramPerKwh?: number | undefined;
  /** What the DSO took of the trades; undefined: nothing. */
  readonly cut?: PeriodCut | undefined;
  /** How well its market did; undefined: not known. */
  readonly quality?: PeriodQuality | undefined;
}

/** Adds a settled period. */
export function addPeriod(kpis: Kpis, period: SettledPeriod): void {
  kpis.periods += 1;
  addEnergy(kpis, period, 1);
  addIncomes(kpis, period, 1);
  addTrades(kpis, period.trades);
  addCut(kpis, period.cut);
  if (period.quality === undefined) kpis.quality = undefined;
  else if (kpis.quality !== undefined) addQuality(kpis.quality, period.quality);
}

function addCut(kpis: Kpis, cut: PeriodCut | undefined): void {
  if (cut === undefined) return;
  const { orders, cutWh } = kpis.cut ?? { orders: 0, cutWh: 0 };
  kpis.cut = { orders: orders + cut.orders, cutWh: cutWh + cut.cutWh };
}

/**
 * Replaces a period added before by the same one settled with a corrected reading. Trades, cuts and quality are the same.
 */
export function addCorrection(kpis: Kpis, before: SettledPeriod, after: SettledPeriod): void {
  assertInvariant(before.settlement.periodMs === after.settlement.periodMs, "a correction stays within its period");
  addEnergy(kpis, before, -1);
  addIncomes(kpis, before, -1);
  addEnergy(kpis, after, 1);
  addIncomes(kpis, after, 1);
}

/** No reading corrects the period any more: only the peaks remember it, so that long runs take no more memory than short ones. */
export function closePeriod(kpis: Kpis, periodMs: number): void {
  const netWh = kpis.netWh.get(periodMs);
  if (netWh === undefined) return;
  kpis.finalPeakImportWh = Math.max(kpis.finalPeakImportWh, netWh);
  kpis.finalPeakExportWh = Math.max(kpis.finalPeakExportWh, -netWh);
  kpis.netWh.delete(periodMs);
}

function addEnergy(kpis: Kpis, period: SettledPeriod, sign: 1 | -1): void {
  const { readings, settlement, carbonMilligramPerKwh } = period;
  let importWh = 0;
  let exportWh = 0;
  let generationWh = 0;
  for (const reading of readings) {
    importWh += reading.importWh;
    exportWh += reading.exportWh;
    generationWh += reading.generationWh;
  }
  const netImportWh = Math.max(0, importWh - exportWh);
  const netExportWh = Math.max(0, exportWh - importWh);
  kpis.generationWh += sign * generationWh;
  kpis.consumptionWh += sign * (generationWh + importWh - exportWh);
  kpis.participantImportWh += sign * importWh;
  kpis.participantExportWh += sign * exportWh;
  kpis.mostSavingsMicro += sign * mostSavings(period, importWh, exportWh);
  if (carbonMilligramPerKwh !== undefined) {
    kpis.carbonMilligram = (kpis.carbonMilligram ?? 0) + (sign * netImportWh * carbonMilligramPerKwh) / 1000;
  }
  kpis.boundaryImportWh += sign * netImportWh;
  kpis.boundaryExportWh += sign * netExportWh;
  kpis.deviationWh += sign * settlement.deviationWh;
  if (sign > 0) addNet(kpis, settlement.periodMs, importWh - exportWh);
  for (const { contractedWh, deliveredWh } of settlement.participants) {
    kpis.contractedWh += sign * Math.abs(contractedWh);
    if (contractedWh < 0) kpis.localWh += sign * deliveredWh;
  }
  if (settlement.pooledWh !== undefined) addPooled(kpis, settlement, settlement.pooledWh, sign);
}

function addNet(kpis: Kpis, periodMs: number, netWh: number): void {
  const before = kpis.netWh.get(periodMs);
  kpis.netWh.set(periodMs, netWh);
  if (before !== undefined && (before === kpis.peakImportWh || -before === kpis.peakExportWh)) {
    kpis.peakImportWh = kpis.finalPeakImportWh;
    kpis.peakExportWh = kpis.finalPeakExportWh;
    for (const net of kpis.netWh.values()) raisePeaks(kpis, net);
  } else raisePeaks(kpis, netWh);
}

function raisePeaks(kpis: Kpis, netWh: number): void {
  kpis.peakImportWh = Math.max(kpis.peakImportWh, netWh);
  kpis.peakExportWh = Math.max(kpis.peakExportWh, -netWh);
}

function addPooled(kpis: Kpis, { participants }: PeriodSettlement, pooledWh: number, sign: 1 | -1): void {
  kpis.localWh += sign * pooledWh;
  kpis.pooledWh += sign * pooledWh;
  for (const { participant, meteredWh, deliveredWh } of participants) {
    const side = meteredWh < 0 ? kpis.boughtWh : kpis.soldWh;
    if (deliveredWh > 0) side.set(participant, (side.get(participant) ?? 0) + sign * deliveredWh);
  }
}

/** All that could be shared at once, times the gap between what it costs from the supplier and what it earns there, on average. */
function mostSavings({ readings, tariffs }: SettledPeriod, importWh: number, exportWh: number): number {
  const sharedWh = Math.min(importWh, exportWh);
  if (sharedWh === 0) return 0;
  let retail = 0;
  let feedIn = 0;
  for (const reading of readings) {
    const tariff = tariffs.get(reading.participant);
    retail += reading.importWh * (tariff?.importMicroPerKwh ?? 0);
    feedIn += reading.exportWh * (tariff?.exportMicroPerKwh ?? 0);
  }
  return (sharedWh * (retail / importWh - feedIn / exportWh)) / 1000;
}

function addIncomes(kpis: Kpis, { readings, settlement, tariffs, terms }: SettledPeriod, sign: 1 | -1): void {
  const incomeOf = (participant: string): Income => {
    const known = kpis.incomes.get(participant);
    if (known !== undefined) return known;
    const income = { totalMicro: 0, referenceMicro: 0 };
    kpis.incomes.set(participant, income);
    return income;
  };
  for (const { participant, totalMicro, lines } of settlement.participants) {
    incomeOf(participant).totalMicro += sign * totalMicro;
    kpis.energySavingsMicro += sign * ofEnergy(lines);
  }
  const fees = feesOf({ periodMs: settlement.periodMs, periodMinutes: kpis.periodMinutes, terms });
  for (const reading of readings) {
    const { participant, importWh, exportWh } = reading;
    const tariff = tariffs.get(participant);
    assertInvariant(tariff !== undefined, `who has a meter has a tariff, ${participant} has none`);
    incomeOf(participant).referenceMicro += sign * supplierAlone(reading, tariff, fees);
    const alone = valueOfEnergy(exportWh, tariff.exportMicroPerKwh) - valueOfEnergy(importWh, tariff.importMicroPerKwh);
    kpis.energySavingsMicro -= sign * alone;
  }
}

/** What lines bring without charges; a share of what a truthful auction leaves over is part of the price of energy. */
function ofEnergy(lines: readonly BillLine[]): number {
  let sumMicro = 0;
  for (const line of lines) if (!isCharge(line)) sumMicro += line.amountMicro;
  return sumMicro;
}

function isCharge({ kind, name }: BillLine): boolean {
  switch (kind) {
    case "service-charge":
    case "grid-fee":
    case "standing-charge":
    case "tax":
      return true;
    case "levy":
      return name !== mechanismLevyName;
    default:
      return false;
  }
}

function addTrades(kpis: Kpis, trades: readonly Trade[]): void {
  const tradedWh = trades.reduce((sum, trade) => sum + trade.energyWh, 0);
  if (tradedWh === 0) return;
  const turnover = turnoverOf(trades);
  kpis.tradedWh += tradedWh;
  kpis.turnover += turnover;
  addPrice(kpis.prices, Number(turnover) / tradedWh);
  for (const { buyer, seller, energyWh } of trades) {
    kpis.soldWh.set(seller, (kpis.soldWh.get(seller) ?? 0) + energyWh);
    kpis.boughtWh.set(buyer, (kpis.boughtWh.get(buyer) ?? 0) + energyWh);
  }
}
