/**
 * How evenly something is shared out: Gini's coefficient and Jain's index.
 *
 * Gini: sum of |x_i - x_j| over all pairs / (2 n² mean): 0 all alike, towards 1 one has all. It needs x >= 0: where one is below, all are
 * raised by as much first (elecbay.md 2.4). Jain: (sum x)² / (n sum x²): 1 all alike, 1/n one has all; of the same raised values.
 * Both are null where all are 0 or nobody is there. Source: elecbay.md 5; Jain, Chiu, Hawe 1984.
 */
export interface Fairness {
  readonly gini: number | null;
  readonly jain: number | null;
}

export function fairness(values: readonly number[]): Fairness {
  const sorted = Float64Array.from(levelled(values)).sort(); // by value, several times as fast as with a function
  const count = sorted.length;
  let sum = 0;
  let squares = 0;
  let differences = 0;
  for (let rank = 0; rank < count; rank += 1) {
    const value = sorted[rank] as number;
    sum += value;
    squares += value * value;
    // Sum of |a - b| over pairs, from the sorted values in one pass.
    differences += value * (2 * rank + 1 - count);
  }
  if (sum === 0) return { gini: null, jain: null };
  return { gini: differences / (count * sum), jain: (sum * sum) / (count * squares) };
}

/** Raised until the least is 0; as they are where none is below. */
export function levelled(values: readonly number[]): number[] {
  const least = values.reduce((low, value) => Math.min(low, value), 0);
  return values.map((value) => value - least);
}
