/**
 * Notified positions after the DSO's cuts (elecbay.md 0, rules 2 and 4; imbalance `full`). Positive = feeds in. Unit: Wh.
 *
 * Who lost energy because the other side was cut still takes or feeds in what it meant to: its position stays, and what its contract lost
 * is contracted with its supplier, at plain retail or export. What the DSO asked of its own orders it obeys: its position shrinks by that,
 * so that energy taken or fed in against the cut is imbalance; so does what that cut took from its own orders on the other side
 * (own-losses.ts), for it sold and bought that energy itself. Who had notified nothing had its net contract as its position.
 */
import { wh } from "../../shared/units.js";
import type { NotifiedPosition, Side, Trade } from "../facts.js";
import type { TradesAfterCuts } from "./operating-cuts.js";
import { contractsOf } from "./settlement-position.js";

/** By participant, in the ids' order: all notified positions, and those of everybody who lost energy. @param trades before the cuts */
export function positionsAfterCuts(
  notified: readonly NotifiedPosition[],
  trades: readonly Trade[],
  { cuts, ownLosses }: TradesAfterCuts,
): NotifiedPosition[] {
  const contracts = contractsOf(trades);
  const positions = new Map(notified.map(({ participant, energyWh }) => [participant, energyWh as number]));
  const give = (participant: string, side: Side, energyWh: number): void => {
    const before = positions.get(participant) ?? contracts.get(participant) ?? 0;
    positions.set(participant, side === "sell" ? before - energyWh : before + energyWh);
  };
  for (const { participant, side, askedWh } of cuts) give(participant, side, askedWh);
  for (const { participant, side, energyWh } of ownLosses) give(participant, side, energyWh);
  return [...positions]
    .map(([participant, energyWh]) => ({ participant, energyWh: wh(energyWh) }))
    .sort((one, other) => (one.participant < other.participant ? -1 : 1));
}
