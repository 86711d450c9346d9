/**
 * What the innocent lost of their net contracts to the DSO's cuts, as far as imbalance `promised` has to protect it (elecbay.md 0, rules 2
 * and 4). Unit: Wh, positive = sold.
 *
 * An order loses innocently what it loses because the other side was cut; what the DSO asked of it does not count, nor what that took from
 * its owner's own orders on the other side (own-losses.ts). Who has contracts on one
 * side only needs nothing: what it lost is promised to nobody. Who both buys and sells may be left with contracts that point the other way:
 * it sold 5 kWh and bought 3, lost the sale, and now has 3 kWh bought that it never meant to take. Such a participant is told here, with
 * its net loss. What it then misses of the contract that stands, up to that loss, its supplier takes over at plain retail or export
 * (settlement-position.ts): so it may do what it contracted at the gate, what stands now, or anything between. Nothing is rounded.
 */
import { wh } from "../../shared/units.js";
import type { LostEnergy, Side } from "../facts.js";
import type { TradesAfterCuts } from "./operating-cuts.js";
import { contractsOf } from "./settlement-position.js";

/** By participant, in the ids' order; those alone whose standing net contract points the other way than what they lost. */
export function lostAfterCuts({ trades, cuts, ownLosses }: TradesAfterCuts): LostEnergy[] {
  const lostWh = new Map<string, number>();
  const add = (participant: string, side: Side, energyWh: number): void => {
    lostWh.set(participant, (lostWh.get(participant) ?? 0) + (side === "sell" ? energyWh : -energyWh));
  };
  for (const { participant, side, cutWh, askedWh } of cuts) add(participant, side, cutWh - askedWh);
  for (const { participant, side, energyWh } of ownLosses) add(participant, side, -energyWh);
  const standing = contractsOf(trades);
  return [...lostWh]
    .filter(([participant, energyWh]) => energyWh * (standing.get(participant) ?? 0) < 0)
    .map(([participant, energyWh]) => ({ participant, energyWh: wh(energyWh) }))
    .sort((one, other) => (one.participant < other.participant ? -1 : 1));
}
