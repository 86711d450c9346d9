/**
 * One row per delivery period: its price, and the community's energy at its boundary, corrections included.
 *
 * Import is what the community as a whole takes from outside in the period (imports less exports of all, where positive),
 * export what it gives. Consumption = generation + import - export, so charging a battery counts as consumption.
 */
import type { PeriodPrice, Reading, SettledPrices } from "../../market/facts.js";

/** Energies in Wh. */
export interface PeriodRow {
  readonly periodMs: number;
  readonly priceMicroPerKwh: number | null;
  readonly volumeWh: number;
  readonly importWh: number;
  readonly exportWh: number;
  readonly generationWh: number;
  readonly consumptionWh: number;
  /** What it was settled at; undefined where nobody told. */
  readonly prices: BoundaryPrices | undefined;
}

export type BoundaryPrices = Omit<SettledPrices, "periodMs" | "tariffs">;

interface Sums {
  priceMicroPerKwh: number | null;
  volumeWh: number;
  /** Imports less exports of all participants. */
  netWh: number;
  generationWh: number;
  prices: BoundaryPrices | undefined;
}

export interface PeriodRows {
  priced(price: PeriodPrice): void;
  settled(prices: SettledPrices): void;
  /** `before` is the reading that this one replaces, undefined for the first. */
  metered(periodMs: number, reading: Reading, before: Reading | undefined): void;
  /** The row of a period; zeros where nothing is known of it. */
  rowOf(periodMs: number): PeriodRow;
}

export function createPeriodRows(): PeriodRows {
  const periods = new Map<number, Sums>();
  const sumsOf = (periodMs: number): Sums => {
    const known = periods.get(periodMs);
    if (known !== undefined) return known;
    const sums: Sums = { priceMicroPerKwh: null, volumeWh: 0, netWh: 0, generationWh: 0, prices: undefined };
    periods.set(periodMs, sums);
    return sums;
  };
  return {
    priced: ({ periodMs, priceMicroPerKwh, volumeWh }) => {
      Object.assign(sumsOf(periodMs), { priceMicroPerKwh, volumeWh });
    },
    settled: ({ periodMs, tariffs: _tariffs, ...prices }) => {
      sumsOf(periodMs).prices = prices;
    },
    metered: (periodMs, reading, before) => {
      const sums = sumsOf(periodMs);
      sums.netWh += netImportWh(reading) - netImportWh(before);
      sums.generationWh += reading.generationWh - (before?.generationWh ?? 0);
    },
    rowOf: (periodMs) => {
      const { priceMicroPerKwh, volumeWh, netWh, generationWh, prices } = sumsOf(periodMs);
      return {
        periodMs,
        priceMicroPerKwh,
        volumeWh,
        importWh: Math.max(0, netWh),
        exportWh: Math.max(0, -netWh),
        generationWh,
        consumptionWh: generationWh + netWh,
        prices,
      };
    },
  };
}

function netImportWh(reading: Reading | undefined): number {
  return reading === undefined ? 0 : reading.importWh - reading.exportWh;
}
