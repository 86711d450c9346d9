/** Positions notified before the gate (elecbay.md 0, rule 2, `full`): what a participant will take or feed in, contracts or not. */
import { kwhFromWh } from "../../../shared/decimal.js";
import type { Wh } from "../../../shared/units.js";
import type { NotifiedPosition } from "../../facts.js";
import { type Rejection, rejected } from "../../rules/period-book.js";
import type { MemberTerms } from "../../terms.js";
import type { PeriodDesk } from "./period-desk.js";

/** Takes note of a position, positive = fed in, in the place of an earlier one. @returns why it is not taken, or undefined */
export function notifyPosition(
  period: PeriodDesk,
  { id, role }: MemberTerms,
  energyWh: Wh,
  capacityWh: Wh,
): Rejection | undefined {
  // Whoever notifies is settled against a meter, and only prosumers have one.
  if (role !== "prosumer") return rejected("not-owner", `${id} is no prosumer and has no position of its own.`);
  if (Math.abs(energyWh) > capacityWh) {
    const [position, most] = [kwhFromWh(energyWh), kwhFromWh(capacityWh)];
    const range = `between -${most} and ${most} kWh, the capacity over the period`;
    return rejected("energy-out-of-range", `${position} kWh notified, it must be ${range}.`);
  }
  period.notified.set(id, energyWh);
  return undefined;
}

/** As they stand at the gate, by participant. Who notified nothing is not among them: its position is its net contract. */
export function notifiedPositions({ notified }: PeriodDesk): NotifiedPosition[] {
  return [...notified]
    .map(([participant, energyWh]) => ({ participant, energyWh }))
    .sort((one, other) => (one.participant < other.participant ? -1 : 1));
}
