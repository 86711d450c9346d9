/**
 * What the DSO's cut of a participant's orders on one side took from its own orders on the other (elecbay.md 0, rule 4). Unit: Wh.
 *
 * Who trades with itself, or stands on both sides of one pot, and is named on one side may lose on the other what its own cut made
 * necessary. Nobody else took that from it, so it is not innocently lost: it counts like what the DSO asked. Which cut of a pot took which
 * energy of the other side nobody can tell, for within a pot the orders of a side stand for each other; a participant's loss there counts
 * as its own doing first, up to what was asked of it in the same pot. Nothing is rounded.
 */
import { type Wh, wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import type { Pot, Stake } from "./operating-cut-pots.js";

export interface OwnLoss {
  readonly participant: string;
  /** On which it lost, without being asked there. */
  readonly side: Side;
  readonly energyWh: Wh;
}

/** In the order of the pots; a participant has one for each pot and side. @param pots after all cuts */
export function ownLossesOf(pots: readonly Pot[]): OwnLoss[] {
  return pots.flatMap(({ buyers, sellers }) => [
    ...lossesOn("sell", sellers, buyers),
    ...lossesOn("buy", buyers, sellers),
  ]);
}

function lossesOn(side: Side, own: readonly Stake[], other: readonly Stake[]): OwnLoss[] {
  const askedWh = sums(other, "askedWh");
  if (askedWh.size === 0) return [];
  return [...sums(own, "otherWh")].flatMap(([participant, lostWh]) => {
    const energyWh = wh(Math.min(lostWh, askedWh.get(participant) ?? 0));
    return energyWh === 0 ? [] : [{ participant, side, energyWh }];
  });
}

/** By participant; those alone who have some. */
function sums(stakes: readonly Stake[], key: "askedWh" | "otherWh"): Map<string, number> {
  const byParticipant = new Map<string, number>();
  for (const stake of stakes) {
    if (stake[key] > 0) byParticipant.set(stake.participant, (byParticipant.get(stake.participant) ?? 0) + stake[key]);
  }
  return byParticipant;
}
