/**
 * Makes an actor anew from its journal: fed with the same inputs at the same market times it comes to the same state.
 *
 * What it says meanwhile is muted, but compared: each input's decisions must give the digest that stands in the journal.
 * Source: house.md 5 (deadlines are facts in context), docs/journal.md.
 */
import { isoUtc } from "../../shared/time.js";
import type { ActorRun, Worked } from "./actor-run.js";
import { type ActorJournal, JournalError, type JournalledInput } from "./journal.js";

export interface FoldOptions<I extends JournalledInput = JournalledInput> {
  readonly role: string;
  /** The journal's inputs after `from`, in order. */
  readonly inputs: Iterable<I>;
  readonly run: ActorRun;
  /** Number and digest that the run stands at. */
  readonly from: FoldedTo;
}

export interface FoldedTo {
  readonly n: number;
  readonly digest: string;
}

/** @returns number and digest of the last input. @throws JournalError where a decision comes out differently, or the actor fails. */
export function foldJournal(
  options: Omit<FoldOptions, "inputs"> & {
    readonly journal: ActorJournal;
    /** Called after each input. */
    readonly onWorked?: (input: JournalledInput, worked: Worked) => void;
  },
): FoldedTo {
  const { journal, onWorked, from } = options;
  let last = from;
  for (const { input, worked } of foldSteps({ ...options, inputs: journal.inputs(from.n) })) {
    last = { n: input.n, digest: input.digest };
    onWorked?.(input, worked);
  }
  return last;
}

/** Folds one input after the other, as they are asked for, each with what the actor said. @throws JournalError as `foldJournal` does. */
export function* foldSteps<I extends JournalledInput>(
  options: FoldOptions<I>,
): Generator<{ readonly input: I; readonly worked: Worked }> {
  const { role, inputs, run, from } = options;
  let { n, digest } = from;
  for (const input of inputs) {
    if (input.n !== n + 1) {
      throw new JournalError(`the journal of ${role} has a gap: input ${input.n} follows input ${n}`);
    }
    const worked = run.work(input);
    if (worked.failure !== undefined) {
      throw new JournalError(
        `the journal of ${role} does not replay: ${place(input)} fails with ${String(worked.failure.error)}`,
      );
    }
    digest = run.digestAfter(digest, worked);
    n = input.n;
    if (digest !== input.digest) {
      throw new JournalError(
        `the journal of ${role} does not replay: ${place(input)} was decided otherwise when it was written (digest ${input.digest}, now ${digest})`,
      );
    }
    yield { input, worked };
  }
}

function place({ n, atMs, event }: JournalledInput): string {
  return `input ${n} (${event?.type ?? "an alarm"} at ${isoUtc(atMs)})`;
}
