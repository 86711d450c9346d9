/**
 * A period's facts as they hold after the DSO's cuts: fates and contracts as they stand, trades as they were made and as they stand.
 *
 * The cuts are applied once more by the rule (market/rules/operating-cuts.ts) to the trades that were made: orders have arrived in the
 * order of their fates.
 */
import type { CutOrder, OrderFate, Trade } from "../../market/facts.js";
import { fatesAfterCuts } from "../../market/rules/fate-after-cut.js";
import { applyCuts, askedBy, type TradesAfterCuts } from "../../market/rules/operating-cuts.js";
import type { PeriodFact } from "./books.js";

export interface PeriodAfterCuts {
  /** All that counts, in the order in which it was told. */
  readonly facts: readonly PeriodFact[];
  /** Trades as they were made at the gate. */
  readonly made: readonly Trade[];
  readonly after: TradesAfterCuts;
}

export function afterCuts(facts: readonly PeriodFact[]): PeriodAfterCuts {
  const made = facts.flatMap((fact) => (fact.type === "trade" ? [fact.trade] : []));
  const at = facts.findIndex(({ type }) => type === "cut");
  const cut = facts[at];
  if (cut?.type !== "cut") return { facts, made, after: { trades: made, cuts: [], ownLosses: [] } };
  const told = facts.flatMap((fact) => (fact.type === "fate" ? [fact.fate] : []));
  const after = cutAgain(told, made, cut.orders);
  const fates = fatesAfterCuts(told, after.trades, after.cuts);
  const fateOf = new Map(fates.map((fate) => [fate.orderId, fate]));
  const standing = facts.flatMap((fact, place): PeriodFact[] => {
    if (place < at && toldAnew.has(fact.type)) return [];
    if (fact.type !== "fate") return [fact];
    return [{ ...fact, fate: fateOf.get(fact.fate.orderId) ?? fact.fate }];
  });
  return { facts: standing, made, after };
}

/** What is told once more behind the cuts. */
const toldAnew: ReadonlySet<PeriodFact["type"]> = new Set(["cleared", "contract", "notified"] as const);

/** @param fates of all orders, in order of arrival @param cuts as they are recorded */
export function cutAgain(
  fates: readonly Pick<OrderFate, "orderId">[],
  trades: readonly Trade[],
  cuts: readonly CutOrder[],
): TradesAfterCuts {
  return applyCuts(trades, new Map(fates.map(({ orderId }, place) => [orderId, place])), askedBy(cuts));
}
