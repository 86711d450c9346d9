/**
 * Which of two readings of a participant for a period stands. Energy in Wh.
 *
 * A meter outranks the participant, the operator outranks both. Until the readings are due the latest one of the highest rank stands. From
 * then on only a better one is taken, as a correction: anything for an estimate, a meter's for the participant's own; and the operator's in
 * any case, for it may have to put right what a meter told wrong, or its own word of before. What says the same changes nothing. A bill being
 * final shuts out disputes, not corrections: those end with the correction limit. Nothing is rounded. Source: issue 5 (role `meter`).
 */
import { kwhFromWh } from "../../shared/decimal.js";
import type { Watt } from "../../shared/units.js";
import type { Reading } from "../facts.js";

/** Who gave a reading, the higher the weightier. */
export const readingRanks = { participant: 0, meter: 1, operator: 2 } as const;
export type ReadingSource = keyof typeof readingRanks;

export interface SourcedReading {
  readonly reading: Reading;
  readonly source: ReadingSource;
}

/** `first`: there was none. `same`: it is what stands already. `replaced`: before it was due. `corrected`: after it. */
export type ReadingEffect = "first" | "same" | "replaced" | "corrected";
export type ReadingRefusal = "outranked" | "not-there" | "stands";

/**
 * @param held what stands; undefined: none came yet, or after the due time that the participant took no part
 * @param isMetered the readings were due and the period is told as metered
 */
export function effectOf(
  next: SourcedReading,
  held: SourcedReading | undefined,
  isMetered: boolean,
): ReadingEffect | ReadingRefusal {
  if (held === undefined) return isMetered ? "not-there" : "first";
  if (readingRanks[held.source] > readingRanks[next.source]) return "outranked";
  if (isSame(next.reading, held.reading) && (!isMetered || next.source === "operator")) return "same";
  return isMetered ? whenMetered(next, held) : "replaced";
}

function whenMetered(next: SourcedReading, held: SourcedReading): ReadingEffect | ReadingRefusal {
  const isBetter =
    held.reading.quality === "estimated" ||
    next.source === "operator" ||
    readingRanks[next.source] > readingRanks[held.source];
  return isBetter ? "corrected" : "stands";
}

function isSame(left: Reading, right: Reading): boolean {
  return (
    left.importWh === right.importWh &&
    left.exportWh === right.exportWh &&
    left.generationWh === right.generationWh &&
    left.quality === right.quality
  );
}

/** A reading above that many times what the connection can carry is absurd. */
const absurdFactor = 10;

/** @returns why nobody can have metered that; undefined: he can. */
export function whyAbsurd(reading: Reading, capacityW: Watt, periodMinutes: number): string | undefined {
  const mostWh = (absurdFactor * capacityW * periodMinutes) / 60;
  const largestWh = Math.max(reading.importWh, reading.exportWh, reading.generationWh);
  if (largestWh <= mostWh) return undefined;
  return `${kwhFromWh(largestWh)} kWh is more than ${absurdFactor} times what ${reading.participant}'s connection carries in a period`;
}
