/**
 * `manage/inspect` as one program has it: what comes there and is news, and what the market's own program (the host) says there.
 *
 * Everybody hears the same messages in the broker's order, the host its own among them: so what it hears while a message of its own is still
 * to come was there before that one, and is over already. After its connection was away the broker's message counts, for an operator may
 * have asked meanwhile; a broker that was started anew has none, and is told again.
 *
 *   connected ──lost──► away ──back──► waiting for the retained one ──it comes, or nothing for 2 s: ours again──► connected
 */
import type { Clock } from "../../market/managers/alarm.js";

export interface RequestTopic {
  /** A request of the host's own, or an operator's with its end. */
  say(text: string): void;
  /** What was asked is over: nothing stays retained. */
  clear(): void;
  /** @returns whether it is news: neither said here nor heard before, and nothing later was said here. */
  hears(text: string, isRetained: boolean): boolean;
  /** With each connection. */
  connected(): void;
  lost(): void;
}

/** Wall time in which a broker gives what it has retained. */
export const retainedWithinMs = 2000;
/** A connection that was lost brings what it had sent once more. */
const mostOwn = 20;

/** @param publish to be retained; empty: cleared */
export function createRequestTopic(wall: Clock, publish: (text: string) => void): RequestTopic {
  const own: string[] = [];
  /** What holds, as far as it was said here; undefined: another's, or nothing. */
  let said: string | undefined;
  /** Said, and not heard back yet. */
  let toCome: string | undefined;
  /** Said while the connection was away. */
  let unsent: string[] = [];
  /** It came to its end while the connection was away. */
  let isOver = false;
  let lastHeard: string | undefined;
  let state: "connected" | "away" | "waiting" = "connected";
  let timer: unknown;

  function waitNoMore(): void {
    if (timer !== undefined) wall.clearTimeout(timer);
    timer = undefined;
    if (state === "waiting") state = "connected";
  }

  function send(text: string): void {
    if (text !== "") toCome = text;
    publish(text);
  }

  return {
    say(text) {
      own.push(text);
      if (own.length > mostOwn) own.shift();
      said = text;
      isOver = false;
      if (state === "away") unsent = [text];
      else {
        waitNoMore();
        send(text);
      }
    },
    clear() {
      said = undefined;
      if (state === "connected") publish("");
      else if (unsent.length > 0) unsent.push("");
      else isOver = true; // what the broker has may be another's by now
    },
    hears(text, isRetained) {
      waitNoMore();
      if (text === toCome) toCome = undefined;
      else if (toCome !== undefined && (text === "" || isRetained)) return false;
      const isKnown = own.includes(text) || (isRetained && text === lastHeard);
      if (isKnown && isOver) publish("");
      isOver = false;
      if (isKnown) return false;
      lastHeard = text;
      said = undefined;
      return true;
    },
    connected() {
      waitNoMore();
      state = "connected";
      const texts = unsent;
      unsent = [];
      for (const text of texts) send(text);
      if (texts.length > 0 || (said === undefined && !isOver)) return;
      state = "waiting";
      timer = wall.setTimeout(() => {
        waitNoMore();
        isOver = false;
        if (said !== undefined) send(said);
      }, retainedWithinMs);
    },
    lost() {
      waitNoMore();
      state = "away";
      toCome = undefined;
    },
  };
}
