/**
 * Commands and the replies that belong to them: each is sent again until it is answered, which counts once, whatever the number of
 * sendings. Source: contract.md, "Rules for every message": no reply in 5 s: send the same again.
 */
import type { Reply } from "../../shared/messages/private.js";

/** The market did not answer; what became of the command is not known. The same `requestId` may be sent again. */
export class NoReplyError extends Error {
  override readonly name = "NoReplyError";
  constructor(
    readonly requestId: string,
    afterMs: number,
  ) {
    super(`no reply to ${requestId} within ${afterMs / 1000} s: send the same again, it counts once`);
  }
}

export interface PendingCommands {
  /** @param publish sends it, once or several times @throws NoReplyError */
  send(topic: string, requestId: string, publish: () => void): Promise<Reply>;
  hear(reply: Reply): void;
  /** Nobody will answer any more: what waits fails with `NoReplyError`. */
  giveUp(): void;
}

/** @param againAfterMs between sendings @param giveUpAfterMs after the first */
export function createPendingCommands(againAfterMs: number, giveUpAfterMs: number): PendingCommands {
  const waiting = new Map<string, (reply: Reply | undefined) => void>();
  return {
    send(topic, requestId, publish) {
      const key = `${topic}/${requestId}`;
      if (waiting.has(key)) throw new RangeError(`${requestId} already waits for its reply: give each command its own`);
      const startedAt = Date.now();
      return new Promise((resolve, reject) => {
        const again = setInterval(publish, againAfterMs);
        const settle = (reply: Reply | undefined): void => {
          clearInterval(again);
          clearTimeout(late);
          waiting.delete(key);
          if (reply === undefined) reject(new NoReplyError(requestId, Date.now() - startedAt));
          else resolve(reply);
        };
        const late = setTimeout(() => settle(undefined), giveUpAfterMs);
        waiting.set(key, settle);
        publish();
      });
    },
    hear(reply) {
      if (reply.requestId !== null) waiting.get(`${reply.topic}/${reply.requestId}`)?.(reply);
    },
    giveUp() {
      for (const settle of [...waiting.values()]) settle(undefined);
    },
  };
}
