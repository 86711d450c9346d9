/**
 * Says what has become durable, in its order, whatever comes of saying it: what is added meanwhile is said behind it, and one that cannot
 * be said keeps none of the others from it.
 */
import type { Output } from "./hosted-actor.js";

type Saying = Output | (() => void);

export interface SaidInOrder {
  add(outputs: readonly Output[], then: (() => void) | undefined): void;
  /** Says what there is; returns at once where that is being done already. */
  say(): void;
  /** Says what there is, also where this comes of saying something: then the rest follows that at once. */
  sayAll(): void;
  /** What the first threw that could not be said since this was last asked. */
  takeFailure(): { readonly error: unknown } | undefined;
}

export function saidInOrder(release: (output: Output) => void): SaidInOrder {
  let unsaid: Saying[] = [];
  let next = 0;
  let isSaying = false;
  let failure: { readonly error: unknown } | undefined;

  function sayOne(saying: Saying): void {
    try {
      if (typeof saying === "function") saying();
      else release(saying);
    } catch (error) {
      failure ??= { error };
    }
  }

  function sayAll(): void {
    const isWithin = isSaying;
    isSaying = true;
    for (let saying = unsaid[next]; saying !== undefined; saying = unsaid[next]) {
      next += 1;
      sayOne(saying);
    }
    [unsaid, next, isSaying] = [[], 0, isWithin];
  }

  return {
    add(outputs, then) {
      for (const output of outputs) unsaid.push(output);
      if (then !== undefined) unsaid.push(then);
    },
    say() {
      if (!isSaying) sayAll();
    },
    sayAll,
    takeFailure() {
      const taken = failure;
      failure = undefined;
      return taken;
    },
  };
}
