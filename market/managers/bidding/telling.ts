/**
 * How much is told at once. Whole lists cost as much as they are long: where very much changes at a time, some of it is told a little
 * later, so that commands need not wait. What had to wait is told first. A small market never notices.
 *
 * An allowance of objects (items, orders) grows with market time, and what is told takes from it; the last thing told may overdraw it.
 */

/** Something to be told whole, as it is when it is told. */
export interface Untold {
  /** Names it among all of its manager's. */
  readonly key: string;
  /** Items and orders that are gone through to tell it. */
  readonly objects: number;
  readonly tell: () => void;
}

/** Part of a manager's state. */
export interface TellingMemory {
  /** Objects that may still be told; below 0 where the last list was longer than what was left. */
  allowance: number;
  grownAtMs: number;
  /** Keys of what had to wait, the longest waiting first. */
  waiting: readonly string[];
}

/** What may be told at once, and again within the least interval between two lists. */
export const mostObjectsAtOnce = 2000;

export function createTellingMemory(): TellingMemory {
  return { allowance: mostObjectsAtOnce, grownAtMs: Number.NEGATIVE_INFINITY, waiting: [] };
}

/**
 * Tells what has waited longest, then the others in their order, as far as the allowance goes.
 * @param leastIntervalMs in which the allowance grows from nothing to its most; 0: all is told, always
 * @returns the keys of what has to wait
 */
export function tellWithin(
  memory: TellingMemory,
  untold: readonly Untold[],
  nowMs: number,
  leastIntervalMs: number,
): ReadonlySet<string> {
  grow(memory, nowMs, leastIntervalMs);
  const left = new Map(untold.map((one) => [one.key, one]));
  const inTurn = [...memory.waiting.flatMap((key) => left.get(key) ?? []), ...untold];
  for (const { key, objects, tell } of inTurn) {
    if (!left.has(key)) continue;
    if (memory.allowance <= 0) break;
    left.delete(key);
    memory.allowance -= leastIntervalMs === 0 ? 0 : objects;
    tell();
  }
  const waiting = new Set([...memory.waiting.filter((key) => left.has(key)), ...left.keys()]);
  memory.waiting = [...waiting];
  return waiting;
}

function grow(memory: TellingMemory, nowMs: number, leastIntervalMs: number): void {
  if (leastIntervalMs > 0) {
    const grown = ((nowMs - memory.grownAtMs) / leastIntervalMs) * mostObjectsAtOnce;
    memory.allowance = Math.min(mostObjectsAtOnce, memory.allowance + grown);
  }
  memory.grownAtMs = nowMs;
}
