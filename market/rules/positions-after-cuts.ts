/**
 * Notified positions after the DSO's cuts (elecbay.md 0, rules 2 and 4; imbalance `full`). Positive = feeds in. Unit: Wh.
 *
 * Who lost energy because the other side was cut still takes or feeds in what it meant to: its position stays, and what its contract lost
 * is contracted with its supplier, at plain retail or export. What the DSO asked of its own orders it obeys: its position shrinks by that,
 * so that energy taken or fed in against the cut is imbalance. Who had notified nothing had its net contract as its position.
 */
import { wh } from "../../shared/units.js";
import type { CutOrder, NotifiedPosition, Trade } from "../facts.js";
import { contractsOf } from "./settlement-position.js";

/** By participant, in the ids' order: all notified positions, and those of everybody who lost energy. @param trades before the cuts */
export function positionsAfterCuts(
  notified: readonly NotifiedPosition[],
  trades: readonly Trade[],
  cuts: readonly CutOrder[],
): NotifiedPosition[] {
  const contracts = contractsOf(trades);
  const positions = new Map(notified.map(({ participant, energyWh }) => [participant, energyWh as number]));
  for (const { participant, side, askedWh } of cuts) {
    const before = positions.get(participant) ?? contracts.get(participant) ?? 0;
    positions.set(participant, side === "sell" ? before - askedWh : before + askedWh);
  }
  return [...positions]
    .map(([participant, energyWh]) => ({ participant, energyWh: wh(energyWh) }))
    .sort((one, other) => (one.participant < other.participant ? -1 : 1));
}
