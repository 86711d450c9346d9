/** Measurements of the market and of its bare limit in turn, since a busy machine changes by the minute. */
import { median } from "./median.js";

export interface Pair<F> {
  readonly market: F;
  readonly bare: F;
}

export async function inPairs<F>(
  pairs: number,
  market: () => Promise<F>,
  bare: () => Promise<F>,
  note: (pair: Pair<F>) => void,
): Promise<readonly Pair<F>[]> {
  const found: Pair<F>[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    found.push({ market: await market(), bare: await bare() });
    note(found[pair] as Pair<F>);
  }
  return found;
}

/** Medians of the pairs, and of their ratios. */
export function rowOf<F>(pairs: readonly Pair<F>[], figure: (figures: F) => number) {
  return {
    market: median(pairs.map(({ market }) => figure(market))),
    bare: median(pairs.map(({ bare }) => figure(bare))),
    ratio: median(pairs.map(({ market, bare }) => figure(market) / figure(bare))),
  };
}
