/**
 * From the data's step to the market's period (elecbay.md 0, rule 11).
 *
 * Periods lie on the grid counted from midnight UTC; one that the data covers only in part is left out. Energy is split evenly where the
 * data is coarser and summed where it is finer: the running total is rounded to the Wh at each period's end and the remainder carried
 * forward, so that no sum is ever off by more than half a Wh. Other quantities are held, or averaged over time.
 */
import { minuteMs } from "../../shared/time.js";

/** Values of equal steps from `fromMs` on, without gaps. */
export interface Stepped {
  readonly fromMs: number;
  readonly stepMinutes: number;
  readonly values: readonly number[];
}

export interface PeriodGrid {
  readonly fromMs: number;
  readonly count: number;
}

/** The whole periods within a series. */
export function periodsWithin(series: Stepped, periodMinutes: number): PeriodGrid {
  const periodMs = periodMinutes * minuteMs;
  const endMs = series.fromMs + series.values.length * series.stepMinutes * minuteMs;
  const first = Math.ceil(series.fromMs / periodMs);
  const count = Math.floor(endMs / periodMs) - first;
  return { fromMs: first * periodMs, count: Math.max(0, count) };
}

/** @param series whole millionths of a Wh per step @returns whole Wh per period of the grid. */
export function energyPerPeriod(series: Stepped, periodMinutes: number): Int32Array {
  const grid = periodsWithin(series, periodMinutes);
  const total = runningTotal(series);
  const startMicro = total(grid.fromMs);
  const result = new Int32Array(grid.count);
  let toldWh = 0;
  for (let period = 0; period < grid.count; period += 1) {
    const micro = total(grid.fromMs + (period + 1) * periodMinutes * minuteMs) - startMicro;
    const nearestWh = Math.floor(micro / 1_000_000 + 0.5);
    result[period] = nearestWh - toldWh;
    toldWh = nearestWh;
  }
  return result;
}

/** Mean over time in each period of the grid: a held value where the data is coarser. */
export function meanPerPeriod(series: Stepped, periodMinutes: number): number[] {
  const grid = periodsWithin(series, periodMinutes);
  return Array.from({ length: grid.count }, (_, period) =>
    meanBetween(series, grid.fromMs + period * periodMinutes * minuteMs, periodMinutes),
  );
}

function meanBetween(series: Stepped, fromMs: number, minutes: number): number {
  const startMinute = (fromMs - series.fromMs) / minuteMs;
  const first = Math.floor(startMinute / series.stepMinutes);
  const last = Math.ceil((startMinute + minutes) / series.stepMinutes) - 1;
  if (first === last) return series.values[first] ?? 0; // exactly the data's value, no rounding
  let sum = 0;
  for (let step = first; step <= last; step += 1) {
    const from = Math.max(startMinute, step * series.stepMinutes);
    const to = Math.min(startMinute + minutes, (step + 1) * series.stepMinutes);
    sum += (series.values[step] ?? 0) * (to - from);
  }
  return sum / minutes;
}

/** Energy from the series' start to an instant, the energy of each step flowing evenly. */
function runningTotal(series: Stepped): (instantMs: number) => number {
  const before = [0];
  for (const value of series.values) before.push((before.at(-1) ?? 0) + value);
  return (instantMs) => {
    const minutes = (instantMs - series.fromMs) / minuteMs;
    const step = Math.floor(minutes / series.stepMinutes);
    const within = minutes - step * series.stepMinutes;
    return (before[step] ?? 0) + ((series.values[step] ?? 0) * within) / series.stepMinutes;
  };
}
