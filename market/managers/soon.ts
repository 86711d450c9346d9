/**
 * Something to be done once, a little later, however often it is asked for: so that a burst of changes is told in one
 * message. In lockstep `delayMs` is 0 and nothing is done: there everything is told with the tick.
 */
import type { Clock } from "./alarm.js";

export function soon(clock: Clock, delayMs: number, action: () => void): () => void {
  let isPending = false;
  return () => {
    if (isPending || delayMs === 0) return;
    isPending = true;
    clock.setTimeout(() => {
      isPending = false;
      action();
    }, delayMs);
  };
}
