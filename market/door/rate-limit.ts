/**
 * At most `most` commands of one participant per window of market time. In lockstep all commands of a tick carry the same
 * stamp, so a window of 1 ms is one tick; in scaled and real mode it is what one second of wall time is in market time.
 */
export interface RateLimit {
  /** Counts one command; false when it is one too many. */
  admits(sender: string, stampedAtMs: number): boolean;
}

/** The latest window of everyone who has sent a command; one for each member at most. */
export type RateWindows = Map<string, { startMs: number; count: number }>;

export function createRateLimit(most: number, windowMs: number, windows: RateWindows): RateLimit {
  return {
    admits(sender, stampedAtMs) {
      const window = windows.get(sender);
      if (window === undefined || stampedAtMs >= window.startMs + windowMs) {
        windows.set(sender, { startMs: stampedAtMs, count: 1 });
        return true;
      }
      window.count += 1;
      return window.count <= most;
    },
  };
}
