/**
 * What a participant has to pay, or gets, for a month: its exact total in millionths, rounded to what the currency can pay.
 *
 * Money positive = received. Exact total and what the month before carried over are rounded together to whole minor units (pence, yen,
 * fils), half to even; the remainder is carried to the next month: carried in + exact = payable + carried out. So all that was ever paid
 * differs from the exact total by at most half a minor unit, however many months. Nothing is lost and no account takes a rounding.
 */
import { type Micro, micro } from "../../shared/units.js";

export interface MonthlyTotal {
  readonly carriedInMicro: Micro;
  readonly exactMicro: Micro;
  /** Whole minor units; positive = the participant receives it. */
  readonly payableMicro: Micro;
  /** At most half a minor unit, of either sign. */
  readonly carriedOutMicro: Micro;
}

/**
 * Rounds one month.
 * @param minorUnitMicro millionths in the smallest amount that can be paid: 10,000 for pounds, 1,000,000 for yen, 1,000 for dinars
 * @throws RangeError where it is no whole number above 0.
 */
export function monthlyTotal(exactMicro: number, carriedInMicro: number, minorUnitMicro: number): MonthlyTotal {
  if (!Number.isSafeInteger(minorUnitMicro) || minorUnitMicro <= 0) {
    throw new RangeError(`a minor unit is a whole number of millionths above 0, not ${minorUnitMicro}`);
  }
  const sumMicro = micro(exactMicro + carriedInMicro);
  const payableMicro = micro(wholeUnits(sumMicro, minorUnitMicro) * minorUnitMicro);
  return {
    carriedInMicro: micro(carriedInMicro),
    exactMicro: micro(exactMicro),
    payableMicro,
    carriedOutMicro: micro(sumMicro - payableMicro),
  };
}

/** The number of units nearest to an amount, half to even. */
function wholeUnits(amountMicro: number, unitMicro: number): number {
  const below = Math.floor(amountMicro / unitMicro);
  const twice = 2 * (amountMicro - below * unitMicro);
  if (twice === unitMicro) return below % 2 === 0 ? below : below + 1;
  return twice > unitMicro ? below + 1 : below;
}
