/** What mechanisms made, or would have made, of the same bids: as `GET /shadows` tells it. Amounts in kWh and in the market's currency. */

export interface ShadowFigures {
  readonly mechanism: string;
  /** True for the mechanism that counted. */
  readonly effective: boolean;
  /** The period in which it failed and what it said; it was given up then. Null: it ran to the end. */
  readonly failed: string | null;
  readonly meanPricePerKwh: number | null;
  readonly volumeKwh: number;
  readonly trades: number;
  readonly welfare: number;
  /** What all participants paid together, and saved against the supplier alone. */
  readonly cost: number;
  readonly savings: number;
  /** Of the participants' savings. */
  readonly gini: number | null;
  readonly jain: number | null;
}

/** Of one period. */
export interface ShadowRow {
  readonly period: string;
  readonly mechanism: string;
  readonly pricePerKwh: number | null;
  readonly volumeKwh: number;
  readonly tradeCount: number;
  readonly welfare: number;
  readonly cost: number;
  readonly savings: number;
}

export interface ShadowsTold {
  /** First period that is summed up; null: none yet. */
  readonly since: string | null;
  readonly periods: number;
  /** The one that counts first; nobody's bill is in it. */
  readonly mechanisms: readonly ShadowFigures[];
  /** The newest periods, oldest first, a row for each mechanism. */
  readonly rows: readonly ShadowRow[];
}
