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
  const product = energyWh * priceMicroPerKwh;
  if (!Number.isSafeInteger(product)) return micro(Number(thousandthOf(BigInt(energyWh) * BigInt(priceMicroPerKwh))));
  const remainder = product % 1000;
  const truncated = (product - remainder) / 1000;
  return micro(truncated + carry(Math.abs(remainder), truncated % 2 !== 0) * Math.sign(product));
}

function thousandthOf(product: bigint): bigint {
  const truncated = product / 1000n;
  const remainder = Number(product % 1000n);
  return truncated + BigInt(carry(Math.abs(remainder), truncated % 2n !== 0n) * Math.sign(remainder));
}

function carry(remainder: number, odd: boolean): 0 | 1 {
  return remainder > 500 || (remainder === 500 && odd) ? 1 : 0;
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

/** Sum of energy x price, exact: thousandths of a millionth. */
export function turnoverOf(parts: readonly Priced[]): bigint {
  return parts.reduce((sum, part) => sum + BigInt(part.energyWh) * BigInt(part.priceMicroPerKwh), 0n);
}

/** Volume-weighted price of a turnover as of `turnoverOf`, rounded down; null where no energy was traded. */
export function averagePrice(turnover: bigint, energyWh: number): MicroPerKwh | null {
  if (energyWh === 0) return null;
  const volume = BigInt(energyWh);
  const truncated = turnover / volume;
  const down = turnover % volume !== 0n && turnover < 0n ? truncated - 1n : truncated;
  return microPerKwh(Number(down));
}
