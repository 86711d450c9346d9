/**
 * Whole units shared out in proportion to weights, to the last unit (Hamilton's method of largest remainders).
 *
 * Each gets its exact share rounded down; the units left over go one each to the largest remainders, ties to the earlier
 * index. Products beyond 2^53 are taken in BigInt, so that no share is off by a rounding of the machine.
 * Where no more is shared out than the weights' sum, nobody gets more than its weight. Source: elecbay.md 3.1.
 */

/**
 * Shares of `totalUnits` for `weights`, in their order; they sum to `totalUnits` exactly.
 *
 * @throws RangeError when a number is negative or no safe integer, or where there is something to share and no weight.
 */
export function share(totalUnits: number, weights: readonly number[]): number[] {
  let sum = 0;
  for (const weight of weights) sum += atLeastZero(weight);
  if (atLeastZero(totalUnits) > 0 && sum === 0) throw new RangeError(`${totalUnits} units and nobody to share them`);
  if (sum === 0) return weights.map(() => 0);
  if (!Number.isSafeInteger(sum)) throw new RangeError(`the weights' sum ${sum} is too large to be exact`);

  const shares: number[] = new Array(weights.length);
  const remainders = new Float64Array(weights.length);
  let leftOver = totalUnits;
  for (let index = 0; index < weights.length; index += 1) {
    const { quotient, remainder } = proportion(totalUnits, weights[index] as number, sum);
    shares[index] = quotient;
    remainders[index] = remainder;
    leftOver -= quotient;
  }
  giveLeftOver(shares, remainders, leftOver);
  return shares;
}

/** One more for each of the `leftOver` largest remainders: all above the smallest of them, and the first of those equal to it. */
function giveLeftOver(shares: number[], remainders: Float64Array, leftOver: number): void {
  if (leftOver === 0) return;
  const rising = remainders.slice().sort();
  const smallest = rising[rising.length - leftOver] ?? 0;
  let equals = leftOver;
  for (let at = rising.length - 1; at >= 0 && (rising[at] ?? 0) > smallest; at -= 1) equals -= 1;
  for (let index = 0; index < remainders.length; index += 1) {
    const remainder = remainders[index] as number;
    if (remainder < smallest || (remainder === smallest && equals === 0)) continue;
    if (remainder === smallest) equals -= 1;
    shares[index] = (shares[index] ?? 0) + 1;
  }
}

/** `units * weight / sum` rounded down, and the remainder over `sum`; exact for all safe integers, `sum` above 0. */
export function proportion(units: number, weight: number, sum: number): { quotient: number; remainder: number } {
  const product = units * weight;
  if (product <= Number.MAX_SAFE_INTEGER) return { quotient: Math.floor(product / sum), remainder: product % sum };
  const exact = BigInt(units) * BigInt(weight);
  return { quotient: Number(exact / BigInt(sum)), remainder: Number(exact % BigInt(sum)) };
}

function atLeastZero(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`a share needs whole units from 0, got ${value}`);
  return value;
}
