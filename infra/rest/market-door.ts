/**
 * The REST side's way to the market: it is a participant's client like any other. A command goes onto the broker on its sender's topic,
 * and the answer is the market's own reply; reads are the last messages of retained topics. No rule and no copy of the book is here.
 */
import type { Reply } from "../../shared/messages/private.js";

/** Where a command goes: `in/<id>/<topic>`. */
export type CommandTopic = "items" | "orders" | "meter";

export type Command = Readonly<Record<string, unknown>> & { readonly v: 1; readonly requestId: string };

/** The last message of a retained topic. */
export interface Latest {
  /** As it was published. */
  readonly payload: string;
  /** A strong validator of exactly this payload, with its quotes. */
  readonly etag: string;
}

/** What somebody alone may read. */
export interface OwnTopics {
  /** @param name such as `orders` or `contracts/20160801-0030` */
  latest(name: string): Latest | undefined;
  /** All that is retained whose name begins so, by name. */
  all(prefix: string): readonly (readonly [name: string, latest: Latest])[];
}

/** The market was not heard in time; the same command with the same `requestId` may be sent again. */
export class NoReplyError extends Error {
  override readonly name = "NoReplyError";
  constructor(
    readonly requestId: string | undefined,
    reason: string,
  ) {
    super(reason);
  }
}

export interface MarketDoor {
  /** Sends, once more where nothing is heard, and resolves with the market's reply. @throws NoReplyError */
  send(id: string, topic: CommandTopic, command: Command): Promise<Reply>;
  /** @param topic below `public/`, such as `kpi` or `items/20160801-0030` */
  latest(topic: string): Latest | undefined;
  /** Names of what is retained below `public/` and begins so. */
  names(prefix: string): readonly string[];
  /** @throws NoReplyError where the broker is away */
  own(id: string): Promise<OwnTopics>;
  /**
   * Hears what comes for `id` from now on, and first what is retained for it.
   * @param onMessage name below `private/<id>/`, payload
   * @returns ends the hearing
   * @throws NoReplyError where the broker is away
   */
  listen(id: string, onMessage: (name: string, payload: string) => void): Promise<() => void>;
  isConnected(): boolean;
  close(): Promise<void>;
}
