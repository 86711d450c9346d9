/**
 * Orders cut by the DSO (elecbay.md 5, "orders rejected by DSO"): count, energy, share.
 *
 * The count is of orders that the DSO named and that lost energy. Energy is what no longer is traded, counted once, not once for each
 * side. The share is of all that was traded at the gates, null where nothing was, else rounded to
 * six decimals. Energies in Wh.
 */
import { kwhFromWh } from "../../shared/decimal.js";
import { wh } from "../../shared/units.js";
import type { Trade } from "../facts.js";
import type { TradesAfterCuts } from "./operating-cuts.js";

export interface CutSums {
  orders: number;
  cutWh: number;
  /** At the gates. */
  tradedWh: number;
}

export type PeriodCut = Readonly<Pick<CutSums, "orders" | "cutWh">>;

export function createCutSums(): CutSums {
  return { orders: 0, cutWh: 0, tradedWh: 0 };
}

/** Adds a period. @param trades as they were made at the gate */
export function addCuts(sums: CutSums, trades: readonly Trade[], after: TradesAfterCuts): void {
  const tradedWh = energyOf(trades);
  sums.tradedWh += tradedWh;
  sums.cutWh += tradedWh - energyOf(after.trades);
  for (const { askedWh } of after.cuts) if (askedWh > 0) sums.orders += 1;
}

/** As in summary.json. */
export function cutFigures({ orders, cutWh, tradedWh }: CutSums) {
  const cutShare = tradedWh === 0 ? null : Math.round((cutWh / tradedWh) * 1e6) / 1e6;
  return { cutOrders: orders, cutKwh: kwhFromWh(wh(cutWh)), cutShare };
}

/** What the DSO took of one period; undefined where it took nothing. @param trades as they were made at the gate */
export function cutOf(trades: readonly Trade[], after: TradesAfterCuts): PeriodCut | undefined {
  if (after.cuts.length === 0) return undefined;
  const sums = createCutSums();
  addCuts(sums, trades, after);
  return { orders: sums.orders, cutWh: sums.cutWh };
}

export function energyOf(trades: readonly Trade[]): number {
  return trades.reduce((sum, { energyWh }) => sum + energyWh, 0);
}
