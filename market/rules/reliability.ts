/**
 * Reliability rating: how much of what a participant promised it really delivered or took.
 *
 * A promise is the net contract of a period. A sale is served from the export register, a purchase into the import register,
 * each up to the promise: more is no merit (settlement-position.ts). What a DSO's cut of somebody else made it miss was not promised. An estimated reading says nothing and does not count; when a
 * better one comes, it counts in its place. Only sums are kept, and the promises whose reading may still change.
 * Unit: parts per thousand, rounded down, so that 1000 means every promise kept to the Wh. A newcomer rates 1000: trust is lost,
 * not earned. Source: elecbay.md 1.3 (order details).
 */
import type { Wh } from "../../shared/units.js";
import type { LostEnergy, Reading } from "../facts.js";
import { assertInvariant } from "./invariants.js";
import { promisedPosition } from "./settlement-position.js";

/** Over all counted promises of one participant. */
interface Kept {
  promisedWh: number;
  keptWh: number;
}

interface Promised {
  /** Positive = sold, never 0. */
  readonly contractedWh: Wh;
  /** What of its net contract it lost to the DSO's cuts without being named (lost-after-cuts.ts). */
  readonly lostWh?: Wh;
  /** What of it was kept by the reading that counts now; undefined: none counts. */
  keptWh: number | undefined;
  /** What of the contract was then taken over by its supplier: neither promised nor kept. */
  takenOverWh?: number;
}

export interface Ratings {
  readonly kept: Map<string, Kept>;
  /** By period, then participant: those that a reading may still count for. */
  readonly promised: Map<number, Map<string, Promised>>;
}

export function createRatings(): Ratings {
  return { kept: new Map(), promised: new Map() };
}

/** Takes in the net contracts of a period, once. @param lost to the DSO's cuts, by the innocent: lost-after-cuts.ts */
export function promise(
  ratings: Ratings,
  periodMs: number,
  contracts: ReadonlyMap<string, Wh>,
  lost: readonly LostEnergy[] = [],
): void {
  assertInvariant(!ratings.promised.has(periodMs), `what was promised for the period at ${periodMs} is told once`);
  const promised = new Map<string, Promised>();
  for (const [participant, contractedWh] of contracts) {
    if (contractedWh !== 0) promised.set(participant, { contractedWh, keptWh: undefined });
  }
  for (const { participant, energyWh: lostWh } of lost) {
    const known = promised.get(participant);
    if (known !== undefined) promised.set(participant, { ...known, lostWh });
  }
  if (promised.size > 0) ratings.promised.set(periodMs, promised);
}

/** Takes back what was promised for a period, before any reading of it has counted. */
export function withdrawPromises(ratings: Ratings, periodMs: number): void {
  for (const { keptWh } of ratings.promised.get(periodMs)?.values() ?? []) {
    assertInvariant(keptWh === undefined, `no promise for the period at ${periodMs} has been rated yet`);
  }
  ratings.promised.delete(periodMs);
}

/**
 * Counts what a reading says of a promise, in the place of an earlier reading.
 * @param final no better reading can come: the promise is forgotten
 * @returns whether the rating has changed
 */
export function rate(ratings: Ratings, periodMs: number, reading: Reading, final: boolean): boolean {
  const inPeriod = ratings.promised.get(periodMs);
  const promised = inPeriod?.get(reading.participant);
  if (inPeriod === undefined || promised === undefined || reading.quality === "estimated") return false;
  const before = reliability(ratings, reading.participant);
  const kept = ratings.kept.get(reading.participant) ?? { promisedWh: 0, keptWh: 0 };
  ratings.kept.set(reading.participant, kept);
  const { deliveredWh, takenOverWh } = promisedPosition(promised.contractedWh, reading, promised.lostWh);
  if (promised.keptWh === undefined) kept.promisedWh += Math.abs(promised.contractedWh);
  kept.promisedWh -= takenOverWh - (promised.takenOverWh ?? 0);
  kept.keptWh += deliveredWh - (promised.keptWh ?? 0);
  promised.keptWh = deliveredWh;
  if (takenOverWh > 0 || promised.takenOverWh !== undefined) promised.takenOverWh = takenOverWh;
  if (final) inPeriod.delete(reading.participant);
  if (inPeriod.size === 0) ratings.promised.delete(periodMs);
  return reliability(ratings, reading.participant) !== before;
}

/** Forgets the promises of periods before `limitMs`: no reading corrects them any more. */
export function forgetPromises(ratings: Ratings, limitMs: number): void {
  for (const periodMs of ratings.promised.keys()) if (periodMs < limitMs) ratings.promised.delete(periodMs);
}

/** Parts per thousand. */
export function reliability(ratings: Ratings, participant: string): number {
  const { promisedWh, keptWh } = ratings.kept.get(participant) ?? { promisedWh: 0, keptWh: 0 };
  return promisedWh === 0 ? 1000 : Math.floor((keptWh * 1000) / promisedWh);
}
