/**
 * What the pools share: checked input, and a price pair made of exact fractions.
 *
 * The buy price is rounded up and the sell price down to a millionth, so that a pool never lacks money. What it keeps by that is less
 * than a millionth for each kWh bought or sold: it goes to the account of roundings.
 */
import { type MicroPerKwh, microPerKwh } from "../../../shared/units.js";
import type { PoolPeriod, PoolPrices } from "./mechanism.js";

/** A period in whole numbers without a limit to their size. */
export interface ExactPeriod {
  readonly demand: bigint;
  readonly supply: bigint;
  readonly retail: bigint;
  readonly feedIn: bigint;
}

/** Numerator and denominator, the latter above 0. */
export type Fraction = readonly [numerator: bigint, denominator: bigint];

/** The one period of a pool that prices each by itself. @throws RangeError where there is none, or more. */
export function onePeriod(periods: readonly PoolPeriod[]): ExactPeriod {
  const [period] = periods;
  if (period === undefined || periods.length > 1) {
    throw new RangeError(`this pool prices one period at a time, got ${periods.length}`);
  }
  return exactPeriod(period);
}

/** @throws RangeError where an energy is negative, or a number is not whole. */
export function exactPeriod(period: PoolPeriod): ExactPeriod {
  return {
    demand: energyOf(period.demandWh),
    supply: energyOf(period.supplyWh),
    retail: whole(period.retailMicroPerKwh),
    feedIn: whole(period.exportMicroPerKwh),
  };
}

/** The pair, rounded in the pool's favour. */
export function pricePair(buy: Fraction, sell: Fraction): PoolPrices {
  return { buyMicroPerKwh: priceUp(buy), sellMicroPerKwh: priceDown(sell) };
}

/** Rounded down to a millionth, towards minus infinity. */
export function priceDown([numerator, denominator]: Fraction): MicroPerKwh {
  const truncated = numerator / denominator;
  return microPerKwh(Number(numerator % denominator < 0n ? truncated - 1n : truncated));
}

/** Rounded up to a millionth, towards plus infinity. */
export function priceUp([numerator, denominator]: Fraction): MicroPerKwh {
  return microPerKwh(-priceDown([-numerator, denominator]));
}

function energyOf(energyWh: number): bigint {
  if (energyWh < 0) throw new RangeError(`a pool needs energies from 0, got ${energyWh} Wh`);
  return whole(energyWh);
}

function whole(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError(`a pool needs whole numbers, got ${value}`);
  return BigInt(value);
}
