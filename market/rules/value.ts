/**
 * Money for energy: the only place where an amount or an average price is rounded.
 *
 * Unit: Wh x millionths per kWh / 1000 = millionths of the currency (Micro). An amount is rounded half to even, which is
 * symmetric, so that what a buyer pays is what the seller gets. An average price is rounded down (towards minus
 * infinity) as told on receipts; it is for reading, amounts are never computed from it.
 */
import { type Micro, type MicroPerKwh, micro, microPerKwh } from "../../shared/units.js";

/**
 * Value of `energyWh` at a price, of the sign of their product.
 * @throws RangeError when the value is no safe integer of millionths.
 */
export function valueOfEnergy(energyWh: number, priceMicroPerKwh: number): Micro {
  return quotientHalfEven(energyWh, priceMicroPerKwh, 1000);
}

/** So many `millionths` of an amount, rounded half to even: charges in percent and taxes. */
export function shareOfAmount(amountMicro: number, millionths: number): Micro {
  return quotientHalfEven(amountMicro, millionths, 1_000_000);
}

function quotientHalfEven(factor: number, other: number, divisor: number): Micro {
  const product = factor * other;
  if (!Number.isSafeInteger(product)) return micro(Number(exactHalfEven(BigInt(factor) * BigInt(other), divisor)));
  const sign = product < 0 ? -1 : 1;
  const size = product * sign;
  // Not with the operator %: that of floats takes longer than all the rest. The quotient of safe integers is never off by more than one.
  let quotient = Math.floor(size / divisor);
  if (quotient * divisor > size) quotient -= 1;
  const remainder = size - quotient * divisor;
  const half = divisor / 2;
  if (remainder > half || (remainder === half && isOdd(quotient))) quotient += 1;
  return micro(quotient * sign);
}

function isOdd(whole: number): boolean {
  return Math.floor(whole / 2) * 2 !== whole;
}

function exactHalfEven(product: bigint, divisor: number): bigint {
  const truncated = product / BigInt(divisor);
  const remainder = Number(product % BigInt(divisor));
  return truncated + BigInt(carry(Math.abs(remainder), divisor, truncated % 2n !== 0n) * Math.sign(remainder));
}

function carry(remainder: number, divisor: number, odd: boolean): 0 | 1 {
  const half = divisor / 2;
  return remainder > half || (remainder === half && odd) ? 1 : 0;
}

/** The same rounded up: the least amount that covers it. Neither factor is negative. For holds: see credit.ts. */
export function valueRoundedUp(energyWh: number, priceMicroPerKwh: number): Micro {
  return quotientRoundedUp(energyWh, priceMicroPerKwh, 1000);
}

/** So many `millionths` of an amount, rounded up; neither is negative. For holds: see credit.ts. */
export function shareRoundedUp(amountMicro: number, millionths: number): Micro {
  return quotientRoundedUp(amountMicro, millionths, 1_000_000);
}

function quotientRoundedUp(factor: number, other: number, divisor: number): Micro {
  const product = factor * other;
  if (Number.isSafeInteger(product)) {
    const remainder = product % divisor;
    return micro((product - remainder) / divisor + (remainder > 0 ? 1 : 0));
  }
  const exact = BigInt(factor) * BigInt(other);
  const whole = BigInt(divisor);
  return micro(Number((exact + whole - 1n) / whole));
}

/** One quantity at its price. */
export interface Priced {
  readonly energyWh: number;
  readonly priceMicroPerKwh: number;
}

/** Sum of energy x price, exact: thousandths of a millionth. A number as long as that holds it exactly. */
export type Turnover = number | bigint;

export function addTurnover(turnover: Turnover, energyWh: number, priceMicroPerKwh: number): Turnover {
  if (typeof turnover === "number") {
    const product = energyWh * priceMicroPerKwh;
    const sum = turnover + product;
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(turnover) + BigInt(energyWh) * BigInt(priceMicroPerKwh);
}

export function turnoverOf(parts: readonly Priced[]): bigint {
  let turnover: Turnover = 0;
  for (const { energyWh, priceMicroPerKwh } of parts) turnover = addTurnover(turnover, energyWh, priceMicroPerKwh);
  return BigInt(turnover);
}

/** Volume-weighted price of a turnover, rounded down; null where no energy was traded. */
export function averagePrice(turnover: Turnover, energyWh: number): MicroPerKwh | null {
  if (energyWh === 0) return null;
  if (typeof turnover === "number") {
    const down = Math.floor(turnover / energyWh);
    return microPerKwh(down * energyWh > turnover ? down - 1 : down);
  }
  const volume = BigInt(energyWh);
  const truncated = turnover / volume;
  const down = turnover % volume !== 0n && turnover < 0n ? truncated - 1n : truncated;
  return microPerKwh(Number(down));
}

/** The same rounded to the nearest millionth, halves up: the price that a period is told to have had. */
export function nearestAveragePrice(turnover: bigint, energyWh: number): MicroPerKwh | null {
  // Half of the energy on top, and rounding down is rounding to the nearest.
  return energyWh === 0 ? null : averagePrice(2n * turnover + BigInt(energyWh), 2 * energyWh);
}
