/**
 * Decimals on the wire, integers inside: energy and power have 3 decimals, prices and money 6.
 *
 * A value within 1e-9 of the grid is taken as on it, so that 0.1 + 0.2 is 0.3; others are off the grid and refused.
 * Source: contract.md, "Rules for every message".
 */
import type { Micro, MicroPerKwh, Watt, Wh } from "./units.js";

const tolerance = 1e-9;

/** The integer number of `10^-decimals` in `value`, or undefined where it is off that grid or too large to be exact. */
export function onGrid(value: number, decimals: 3 | 6): number | undefined {
  const scale = decimals === 3 ? 1000 : 1_000_000;
  const nearest = Math.round(value * scale);
  if (!Number.isSafeInteger(nearest)) return undefined;
  // Beyond 2^53 / scale a double cannot hold the decimals: compare in the value's own size.
  return Math.abs(value - nearest / scale) <= tolerance ? nearest + 0 : undefined;
}

function fromWire(value: number, decimals: 3 | 6): number {
  const whole = onGrid(value, decimals);
  if (whole === undefined) throw new RangeError(`${value} has more than ${decimals} decimals or is too large`);
  return whole;
}

/** kWh to Wh. @throws RangeError when off the grid of 3 decimals. */
export const whFromKwh = (kwh: number): Wh => fromWire(kwh, 3) as Wh;
/** kW to W. @throws RangeError when off the grid of 3 decimals. */
export const wattFromKw = (kw: number): Watt => fromWire(kw, 3) as Watt;
/** Major units per kWh to millionths. @throws RangeError when off the grid of 6 decimals. */
export const microPerKwhFromMajor = (price: number): MicroPerKwh => fromWire(price, 6) as MicroPerKwh;
/** Major units to millionths. @throws RangeError when off the grid of 6 decimals. */
export const microFromMajor = (money: number): Micro => fromWire(money, 6) as Micro;

/** Wh to kWh, the nearest double of the decimal with 3 digits. */
export const kwhFromWh = (energyWh: number): number => energyWh / 1000 + 0;
/** W to kW. */
export const kwFromWatt = (powerW: number): number => powerW / 1000 + 0;
/** Millionths to major units, of money or of price per kWh. */
export const majorFromMicro = (amountMicro: number): number => amountMicro / 1_000_000 + 0;
