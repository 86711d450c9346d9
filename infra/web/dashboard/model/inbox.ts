/**
 * Gathers what comes from the broker and hands it to the timeline a few times a second, however much comes: the page draws that often
 * and no more. After a connection was lost, what the broker no longer retains is dropped.
 */
import type { Heard } from "./reduce.js";
import type { Timeline } from "./timeline.js";

export interface Inbox {
  /** @param size characters of its text */
  put(topic: string, message: object | null, size: number): void;
  /** A new connection: what is known has to be told again. */
  connected(): void;
}

export interface InboxWorld {
  readonly now: () => number;
  readonly after: (ms: number, act: () => void) => void;
}

/** The first message after a pause is shown at once, those behind it together. */
const soonMs = 30;
const betweenMs = 200;
/** A broker sends what it retains right after a subscription, a market that finds it restarted somewhat later. */
const retainedWithinMs = 5000;

const browser: InboxWorld = { now: () => Date.now(), after: (ms, act) => void setTimeout(act, ms) };

/** @param isRetained whether a key is one that the broker tells again to whoever comes */
export function createInbox(
  timeline: Timeline,
  isRetained: (key: string) => boolean,
  { now, after }: InboxWorld = browser,
): Inbox {
  let waiting: Heard[] = [];
  let isDue = false;
  let lastMs = 0;
  let connection = 0;
  /** Told since the last connection was made; undefined: all is. */
  let toldAgain: Set<string> | undefined;

  function hand(): void {
    isDue = false;
    lastMs = now();
    const messages = waiting;
    waiting = [];
    timeline.take(messages, lastMs);
  }

  function schedule(): void {
    if (isDue) return;
    isDue = true;
    after(Math.max(soonMs, lastMs + betweenMs - now()), hand);
  }

  return {
    put(topic, message, size) {
      waiting.push({ topic, message, size });
      toldAgain?.add(topic);
      schedule();
    },
    connected() {
      connection += 1;
      const mine = connection;
      toldAgain = new Set();
      after(retainedWithinMs, () => {
        if (mine !== connection || toldAgain === undefined) return;
        const told = toldAgain;
        toldAgain = undefined;
        for (const key of timeline.knownKeys()) {
          if (isRetained(key) && !told.has(key)) waiting.push({ topic: key, message: null, size: 0 });
        }
        if (waiting.length > 0) schedule();
      });
    },
  };
}
