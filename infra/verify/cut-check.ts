/** The DSO's cuts of one period, applied once more to the trades of its gate, against cuts.csv and orders.csv. */
import type { CutOrder, OrderFate, Trade } from "../../market/facts.js";
import { whyCut } from "../../market/rules/fate-after-cut.js";
import type { TradesAfterCuts } from "../../market/rules/operating-cuts.js";
import { wh } from "../../shared/units.js";
import { cutAgain } from "../results/after-cuts.js";
import { kwhText } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import { cutRow } from "../results/rows.js";
import { compareRows } from "./expected-rows.js";
import type { ReadRow } from "./order-check.js";

export interface CutsOfPeriod {
  readonly folder: string;
  readonly periodMs: number;
  /** In order of arrival. */
  readonly orders: readonly ReadRow<OrderFate>[];
  readonly trades: readonly ReadRow<Trade>[];
  readonly cuts: readonly ReadRow<CutOrder>[];
}

/** @returns what stands of the trades @throws Difference where a cut, or what an order is told of it, is another one. */
export function checkCuts({ folder, periodMs, orders, trades, cuts }: CutsOfPeriod): TradesAfterCuts {
  const after = cutAgain(
    orders.map(({ fact }) => fact),
    trades.map(({ fact }) => fact),
    cuts.map(({ fact }) => fact),
  );
  const meaning = "the cuts that the DSO asked for, applied again, take something else";
  compareRows(
    { path: `${folder}/cuts.csv`, name: "cuts", meaning },
    cuts.map(({ row }) => row),
    after.cuts.map((cut) => cutRow(periodMs, cut)),
  );
  const cutOf = new Map(after.cuts.map((cut) => [cut.orderId, cut]));
  for (const { row, fact } of orders) {
    const { orderId, cutWh = 0, tradedWh, why } = fact;
    const cut = cutOf.get(orderId);
    const place = (column: string) => ({ file: `${folder}/orders.csv`, line: row.line, column });
    if (cutWh !== (cut?.cutWh ?? 0)) {
      const told = { expected: kwhText(cut?.cutWh ?? 0), found: kwhText(cutWh) };
      throw new Difference(place("cutKwh"), { ...told, meaning: `cuts.csv tells another cut of ${orderId}` });
    }
    const begins = cut === undefined ? "" : whyCut(wh(tradedWh + cutWh), cut);
    if (why.startsWith(begins)) continue;
    throw new Difference(place("why"), {
      expected: `${begins} …`,
      found: why,
      meaning: "cuts.csv tells another reason",
    });
  }
  return after;
}
