/**
 * Makes an actor anew from its journal: fed with the same inputs at the same market times it comes to the same state.
 *
 * What it says meanwhile is muted, but compared: each input's decisions must give the digest that stands in the journal.
 * Source: house.md 5 (deadlines are facts in context), docs/journal.md.
 */
import { isoUtc } from "../../shared/time.js";
import type { ActorRun, Worked } from "./actor-run.js";
import { type ActorJournal, JournalError, type JournalledInput } from "./journal.js";

export interface FoldOptions {
  readonly role: string;
  readonly journal: ActorJournal;
  readonly run: ActorRun;
  /** Number and digest that the run stands at. */
  readonly from: { readonly n: number; readonly digest: string };
  /** Called after each input, with what it said. */
  readonly onWorked?: (input: JournalledInput, worked: Worked) => void;
  /** Folds up to this input; all by default. */
  readonly until?: number;
}

/** @returns number and digest of the last input. @throws JournalError where a decision comes out differently, or the actor fails. */
export function foldJournal(options: FoldOptions): { readonly n: number; readonly digest: string } {
  const { role, journal, run, onWorked, until = Number.POSITIVE_INFINITY } = options;
  let { n, digest } = options.from;
  for (const input of journal.inputs(n)) {
    if (input.n > until) break;
    if (input.n !== n + 1) {
      throw new JournalError(`the journal of ${role} has a gap: input ${input.n} follows input ${n}`);
    }
    const worked = run.work(input);
    if (worked.failure !== undefined) {
      throw new JournalError(
        `the journal of ${role} does not replay: ${place(input)} fails with ${String(worked.failure.error)}`,
      );
    }
    digest = run.digestAfter(digest, input, worked);
    n = input.n;
    if (digest !== input.digest) {
      throw new JournalError(
        `the journal of ${role} does not replay: ${place(input)} was decided otherwise when it was written (digest ${input.digest}, now ${digest})`,
      );
    }
    onWorked?.(input, worked);
  }
  return { n, digest };
}

function place({ n, atMs, event }: JournalledInput): string {
  return `input ${n} (${event?.type ?? "an alarm"} at ${isoUtc(atMs)})`;
}
