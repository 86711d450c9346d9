/**
 * A column of a CSV file as the market takes it: whole Wh, whole millionths, or plain means per delivery period.
 *
 * The unit decides what a column can be: energy (kWh, Wh; kW, W as the mean power of a step; percent of a device's peak), irradiance
 * (W/m2; percent of 1000 W/m2), temperature (C), a price (major units per kWh), or power of a typical day (kW, W).
 */
import { isoUtc } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import { microPerKwh } from "../../shared/units.js";
import { InputError } from "./input-error.js";
import { type ColumnSource, readColumn } from "./read-column.js";
import { energyPerPeriod, meanPerPeriod, periodsWithin, type Stepped } from "./resample.js";
import type { SeriesUnit } from "./series-reference.js";

/** Values per delivery period. A typical day (`day` true) starts at local midnight and `fromMs` is 0. */
export interface PeriodSeries<T> {
  readonly fromMs: number;
  readonly values: T;
  readonly day: boolean;
  /** The data's own step. */
  readonly trueStepMinutes: number;
}

/** Millionths of a Wh in one unit of a step of `stepMinutes`. */
function microWhPer(unit: SeriesUnit, stepMinutes: number, peakW: number | undefined): number | undefined {
  if (unit === "kWh") return 1_000_000_000;
  if (unit === "Wh") return 1_000_000;
  if (unit === "kW") return (1_000_000_000 * stepMinutes) / 60;
  if (unit === "W") return (1_000_000 * stepMinutes) / 60;
  if (unit === "percent" && peakW !== undefined) return (peakW * 10_000 * stepMinutes) / 60;
  return undefined;
}

/**
 * Energy per period in whole Wh, its sum kept.
 *
 * @param peakW what `percent` is a share of; undefined where that unit makes no sense
 * @throws InputError for the file's faults, a unit that is no energy, a negative value, or data shorter than one period
 */
export function readEnergy(
  source: ColumnSource,
  periodMinutes: number,
  peakW: number | undefined,
): PeriodSeries<Int32Array> {
  const { unit, stepMinutes } = source.reference;
  const factor = microWhPer(unit, stepMinutes, peakW);
  if (factor === undefined)
    throw wrongUnit(source, peakW === undefined ? "kWh, Wh, kW or W" : "kWh, Wh, kW, W or percent");
  const column = readColumn(source, "never-negative");
  const series = { ...column, values: column.values.map((value) => Math.round(value * factor)) };
  return perPeriod(source, series, periodMinutes, energyPerPeriod);
}

/** Mean of a quantity per period. @throws InputError likewise. */
export function readMean(source: ColumnSource, periodMinutes: number, quantity: Quantity): PeriodSeries<number[]> {
  const factor = meanFactors[quantity][source.reference.unit];
  if (factor === undefined) throw wrongUnit(source, Object.keys(meanFactors[quantity]).join(" or "));
  const column = readColumn(source, quantity === "temperature" ? "any" : "never-negative");
  const series = { ...column, values: column.values.map((value) => value * factor) };
  return perPeriod(source, series, periodMinutes, meanPerPeriod);
}

export type Quantity = "irradiance" | "temperature" | "power" | "carbon";

/** To W/m2, degrees Celsius, kW, and grams of CO2 per kWh. */
const meanFactors: Record<Quantity, Partial<Record<SeriesUnit, number>>> = {
  irradiance: { "W/m2": 1, percent: 10 },
  temperature: { C: 1 },
  power: { kW: 1, W: 0.001 },
  carbon: { "gCO2/kWh": 1, "kgCO2/kWh": 1000 },
};

/** Price per period in whole millionths per kWh, rounded to the nearest. @throws InputError likewise. */
export function readPrice(source: ColumnSource, periodMinutes: number): PeriodSeries<MicroPerKwh[]> {
  if (source.reference.unit !== "price") throw wrongUnit(source, "price");
  const toMicro = (series: Stepped): MicroPerKwh[] =>
    meanPerPeriod(series, periodMinutes).map((price) => microPerKwh(Math.round(price * 1_000_000)));
  return perPeriod(source, readColumn(source, "any"), periodMinutes, toMicro);
}

function perPeriod<T extends { readonly length: number }>(
  source: ColumnSource,
  series: Stepped,
  periodMinutes: number,
  resample: (series: Stepped, periodMinutes: number) => T,
): PeriodSeries<T> {
  const values = resample(series, periodMinutes);
  if (values.length === 0) {
    throw new InputError(
      { file: source.file, column: source.reference.column },
      `the data, from ${isoUtc(series.fromMs)}, does not hold one whole period of ${periodMinutes} minutes`,
    );
  }
  return {
    fromMs: periodsWithin(series, periodMinutes).fromMs,
    values,
    day: source.reference.repeats === "day",
    trueStepMinutes: source.reference.stepMinutes,
  };
}

function wrongUnit(source: ColumnSource, wanted: string): InputError {
  const { unit, column } = source.reference;
  return new InputError(source.place, `column ${column} is given in ${unit}, but here ${wanted} is needed`);
}
