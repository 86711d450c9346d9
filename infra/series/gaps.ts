/**
 * Slots without a value, filled by the rule that the scenario names (elecbay.md 0, rule 11).
 *
 * - `refuse`: an error. - `hold`: the last value before. - `interpolate`: on the straight line between the neighbours.
 * A gap at the very start takes the first value there is, one at the end the last: there is nothing else to go by.
 */
import { InputError, type InputPlace } from "./input-error.js";

export const gapRules = ["hold", "interpolate", "refuse"] as const;
export type GapRule = (typeof gapRules)[number];

/** One slot of the grid; `value` undefined where the cell is empty or the row missing. */
export interface Slot {
  /** Line of its row, or of the first row after it. */
  readonly line: number;
  /** How the slot is called in messages. */
  readonly name: string;
  readonly value: number | undefined;
}

/** @throws InputError at the first gap under `refuse`, or where no slot has a value. */
export function filled(slots: readonly Slot[], rule: GapRule, place: InputPlace): number[] {
  const gap = slots.find((slot) => slot.value === undefined);
  if (gap !== undefined && rule === "refuse") {
    throw new InputError(
      { ...place, line: gap.line },
      `there is no value for ${gap.name}; give one, or set gaps: hold or gaps: interpolate`,
    );
  }
  const known = slots.flatMap((slot, index) => (slot.value === undefined ? [] : [{ index, value: slot.value }]));
  const [first] = known;
  if (first === undefined) throw new InputError(place, "no row has a value in this column");
  let before = 0;
  return slots.map((slot, index) => {
    if (slot.value !== undefined) return slot.value;
    while ((known[before + 1]?.index ?? Number.POSITIVE_INFINITY) < index) before += 1;
    const left = known[before] ?? first;
    const right = known[before + 1];
    if (rule === "hold" || right === undefined || left.index > index) return left.value;
    return left.value + ((right.value - left.value) * (index - left.index)) / (right.index - left.index);
  });
}
