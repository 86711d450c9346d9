/**
 * How a price moves from one period with trades to the next, each period counting alike (elecbay.md 5: price volatility).
 *
 * Running sums only (Welford): stable however long the run. Prices in millionths per kWh, as floats: these are figures, not books.
 */
export interface PriceStatistics {
  readonly level: RunningVariance;
  /** Of ln(p_t / p_t-1), over pairs whose prices are both above 0. */
  readonly logReturns: RunningVariance;
  changes: number;
  absoluteChange: number;
  last: number | undefined;
}

export interface RunningVariance {
  count: number;
  mean: number;
  squares: number;
}

export function createPriceStatistics(): PriceStatistics {
  const none = (): RunningVariance => ({ count: 0, mean: 0, squares: 0 });
  return { level: none(), logReturns: none(), changes: 0, absoluteChange: 0, last: undefined };
}

export function addPrice(prices: PriceStatistics, price: number): void {
  add(prices.level, price);
  if (prices.last !== undefined) {
    prices.changes += 1;
    prices.absoluteChange += Math.abs(price - prices.last);
    if (price > 0 && prices.last > 0) add(prices.logReturns, Math.log(price / prices.last));
  }
  prices.last = price;
}

function add(variance: RunningVariance, value: number): void {
  const deviation = value - variance.mean;
  variance.count += 1;
  variance.mean += deviation / variance.count;
  variance.squares += deviation * (value - variance.mean);
}

/** Standard deviation of the population; null where there is nothing. */
export function deviationOf({ count, squares }: RunningVariance): number | null {
  return count === 0 ? null : Math.sqrt(squares / count);
}
