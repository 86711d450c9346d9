/**
 * Commands that wait for the market's reply, by participant, topic and requestId.
 *
 * Sent once more after 2 s, given up after 5 s (contract.md: "No reply in 5 s: send the same again"). The same command asked for
 * twice at once is sent once; another one under the same requestId waits until the first is answered, for a reply names no more than these.
 */
import type { Clock } from "../../market/managers/alarm.js";
import type { Reply } from "../../shared/messages/private.js";
import * as limits from "./limits.js";
import { type Command, type CommandTopic, NoReplyError } from "./market-door.js";

export interface WaitingCommands {
  /** @param publish puts it onto the broker @throws NoReplyError */
  send(id: string, topic: CommandTopic, command: Command, publish: () => void): Promise<Reply>;
  hear(id: string, reply: Reply): void;
  waitsFor(id: string): boolean;
  /** Nobody will answer any more. */
  giveUp(): void;
}

interface Waiting {
  readonly content: string;
  readonly answered: Promise<Reply>;
  readonly settle: (reply: Reply | undefined) => void;
}

export function createWaitingCommands({
  wall,
  onReplied,
}: {
  readonly wall: Clock;
  readonly onReplied?: (afterMs: number) => void;
}): WaitingCommands {
  const waiting = new Map<string, Waiting>();
  const countOf = new Map<string, number>();

  const count = (id: string, by: 1 | -1): void => {
    const now = (countOf.get(id) ?? 0) + by;
    if (now === 0) countOf.delete(id);
    else countOf.set(id, now);
  };

  function begin(id: string, key: string, requestId: string, content: string, publish: () => void): Promise<Reply> {
    const most = id === "operator" ? limits.mostWaitingOfOperator : limits.mostWaitingOfOne;
    if (waiting.size >= limits.mostWaiting || (countOf.get(id) ?? 0) >= most) {
      throw new NoReplyError(requestId, "too many commands wait for the market's reply: send the same again later");
    }
    const sentAt = wall.now();
    let settle: Waiting["settle"] = () => {};
    const answered = new Promise<Reply>((resolve, reject) => {
      const again = wall.setTimeout(publish, limits.sendAgainAfterMs);
      const late = wall.setTimeout(() => settle(undefined), limits.replyWithinMs);
      settle = (reply) => {
        wall.clearTimeout(again);
        wall.clearTimeout(late);
        if (waiting.delete(key)) count(id, -1);
        if (reply === undefined) return reject(new NoReplyError(requestId, "the market has not replied in time"));
        onReplied?.(wall.now() - sentAt);
        resolve(reply);
      };
    });
    waiting.set(key, { content, answered, settle });
    count(id, 1);
    publish();
    return answered;
  }

  return {
    async send(id, topic, command, publish) {
      const { requestId } = command;
      const key = keyOf(id, topic, requestId);
      const content = JSON.stringify(command);
      for (let before = waiting.get(key); before !== undefined; before = waiting.get(key)) {
        if (before.content === content) return before.answered;
        await before.answered.catch(() => {});
      }
      return begin(id, key, requestId, content, publish);
    },
    hear(id, reply) {
      if (reply.requestId !== null) waiting.get(keyOf(id, reply.topic, reply.requestId))?.settle(reply);
    },
    waitsFor: (id) => countOf.has(id),
    giveUp() {
      for (const { settle } of [...waiting.values()]) settle(undefined);
    },
  };
}

function keyOf(id: string, topic: string, requestId: string): string {
  return `${id}/${topic}/${requestId}`;
}
