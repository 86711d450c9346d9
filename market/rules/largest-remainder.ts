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

  const shares: number[] = [];
  const remainders: { readonly index: number; readonly remainder: number }[] = [];
  let leftOver = totalUnits;
  for (const [index, weight] of weights.entries()) {
    const { quotient, remainder } = proportion(totalUnits, weight, sum);
    shares.push(quotient);
    leftOver -= quotient;
    if (remainder > 0) remainders.push({ index, remainder });
  }
  remainders.sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (const { index } of remainders.slice(0, leftOver)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
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
