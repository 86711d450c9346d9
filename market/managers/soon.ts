/**
 * Something to be done once, a little later, however often it is asked for: so that a burst of changes is told in one
 * message. In lockstep `delayMs` is 0 and nothing is done: there everything is told with the tick.
 */
import type { Clock } from "./alarm.js";

/** When it will be done; part of a manager's state. */
export interface Pending {
  atMs: number | undefined;
}

export function nothingPending(): Pending {
  return { atMs: undefined };
}

/** At one instant after every alarm, so that it tells what they have changed. */
const afterAlarms = Number.POSITIVE_INFINITY;

/** @param pending where it is kept; what is pending already, after a restart, is done at the same instant as before it */
export function soon(clock: Clock, delayMs: number, pending: Pending, action: () => void): () => void {
  const set = (atMs: number): void => {
    pending.atMs = atMs;
    clock.setTimeout(
      () => {
        pending.atMs = undefined;
        action();
      },
      atMs - clock.now(),
      afterAlarms,
    );
  };
  if (pending.atMs !== undefined) set(pending.atMs);
  return () => {
    if (pending.atMs === undefined && delayMs !== 0) set(clock.now() + delayMs);
  };
}
