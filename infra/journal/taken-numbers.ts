/** Which hand-overs of each sender were taken: so that each has one effect, however often it comes. */
import type { ProcessRole } from "../../shared/participant-id.js";

export interface TakenNumbers {
  /** Other receivers' numbers leave gaps that are never filled. `contents`: digests of what was taken, where they are kept. */
  readonly bySender: Map<
    ProcessRole,
    { readonly numbers: Set<number>; readonly contents: Map<number, string>; newest: number }
  >;
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

/** Whether it is known what was taken as this number, and that it was not this. */
export function isOther({ bySender }: TakenNumbers, sender: ProcessRole, n: number, content: string): boolean {
  const known = bySender.get(sender)?.contents.get(n);
  return known !== undefined && known !== content;
}

/** @param content a digest, where it is to be told later whether the same comes again */
export function noteTaken({ bySender }: TakenNumbers, sender: ProcessRole, n: number, content?: string): void {
  const known = bySender.get(sender) ?? { numbers: new Set<number>(), contents: new Map<number, string>(), newest: 0 };
  bySender.set(sender, known);
  known.numbers.add(n);
  if (content !== undefined) known.contents.set(n, content);
  known.newest = Math.max(known.newest, n);
  const [oldest] = known.numbers;
  if (known.numbers.size > mostKept && oldest !== undefined) {
    known.numbers.delete(oldest);
    known.contents.delete(oldest);
  }
}
