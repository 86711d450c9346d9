/** Which hand-overs of each sender were taken: so that each has one effect, however often it comes. */
import type { ProcessRole } from "../../shared/participant-id.js";

export interface TakenNumbers {
  /** Other receivers' numbers leave gaps that are never filled. */
  readonly bySender: Map<ProcessRole, { readonly numbers: Set<number>; newest: number }>;
}

/** So many numbers of a sender are kept: who repeats an older one is a sender that has lost its own count. */
const mostKept = 10_000;

export function createTakenNumbers(): TakenNumbers {
  return { bySender: new Map() };
}

export function isTaken({ bySender }: TakenNumbers, sender: ProcessRole, n: number): boolean {
  const known = bySender.get(sender);
  if (known === undefined) return false;
  return known.numbers.has(n) || n <= known.newest - mostKept;
}

/** 0 where nothing of this sender was taken. */
export function newestTaken({ bySender }: TakenNumbers, sender: ProcessRole): number {
  return bySender.get(sender)?.newest ?? 0;
}

export function noteTaken({ bySender }: TakenNumbers, sender: ProcessRole, n: number): void {
  const known = bySender.get(sender) ?? { numbers: new Set<number>(), newest: 0 };
  bySender.set(sender, known);
  known.numbers.add(n);
  known.newest = Math.max(known.newest, n);
  const [oldest] = known.numbers;
  if (known.numbers.size > mostKept && oldest !== undefined) known.numbers.delete(oldest);
}
