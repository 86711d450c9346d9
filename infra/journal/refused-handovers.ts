/**
 * Hand-overs that are not taken, told to the operator once each: a sender that has lost its count must not lose what it says without a word.
 *
 * Hands of this market keep their count in a journal; the DSO is somebody else's program.
 */
import type { ProcessRole } from "../../shared/participant-id.js";

export interface RefusedHandover {
  readonly sender: ProcessRole;
  /** What is handed over, as the actor would hear it. */
  readonly type: string;
  readonly message: { readonly n: number; readonly previous?: number | undefined; readonly period?: unknown };
}

export interface RefusedHandovers {
  /** Its number was given to something else before, and is not given twice. */
  reused(refused: RefusedHandover, newest: number): void;
  /** What it names as the one before has not come. Now and then that is a matter of order: told where it comes again so. */
  ahead(refused: RefusedHandover, newest: number): void;
}

type Warn = (message: string, values: Record<string, unknown>) => void;

/** So often a hand-over comes ahead of the one before it until that is told. */
const toldAfter = 3;
/** So many are remembered as told. */
const mostRemembered = 1000;

export function createRefusedHandovers(role: string, warn: Warn): RefusedHandovers {
  const times = new Map<string, number>();

  function tellAt(time: number, { sender, type, message }: RefusedHandover, why: string): void {
    const key = `${sender} ${message.n} ${why}`;
    const count = (times.get(key) ?? 0) + 1;
    if (times.size >= mostRemembered) times.clear();
    times.set(key, count);
    if (count !== time) return;
    const { n, period } = message;
    const values = { hears: type, n, ...(period === undefined ? {} : { period }) };
    warn(`${role} does not take hand-over ${n} of ${sender}, and does not acknowledge it: ${why}`, values);
  }

  return {
    reused: (refused, newest) =>
      tellAt(
        1,
        refused,
        `${refused.sender} has given this number to something else before; let it go on above ${newest}`,
      ),
    ahead: (refused, newest) =>
      tellAt(
        toldAfter,
        refused,
        `it follows hand-over ${refused.message.previous}, which has never come; the newest taken is ${newest === 0 ? "none" : newest}`,
      ),
  };
}
