/** Prices in falling order, over the share of periods or of energy that had at least that price: pure. */

export interface PricedPeriod {
  readonly pricePerKwh: number | null;
  readonly volumeKwh: number | null;
}

export interface CurveStep {
  /** Shares of 1. */
  readonly from: number;
  readonly to: number;
  readonly pricePerKwh: number;
}

/** @param by whether each period counts alike, or by the energy traded in it; periods without a price are left out */
export function durationCurve(periods: readonly PricedPeriod[], by: "period" | "energy"): readonly CurveStep[] {
  const priced = periods.flatMap(({ pricePerKwh, volumeKwh }) => {
    const weight = by === "period" ? 1 : (volumeKwh ?? 0);
    return pricePerKwh === null || weight <= 0 ? [] : [{ pricePerKwh, weight }];
  });
  priced.sort((one, other) => other.pricePerKwh - one.pricePerKwh);
  const whole = priced.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  return priced.map(({ pricePerKwh, weight }) => {
    const from = passed / whole;
    passed += weight;
    return { from, to: passed / whole, pricePerKwh };
  });
}
