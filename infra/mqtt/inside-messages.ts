/** What the embedded broker's thread and the market's own connections tell each other: lists of one length, so that a turn's messages cost one copy. */

export type ToInside =
  /** `filters`: what it had subscribed to at the broker before this one. */
  | {
      readonly type: "inside-open";
      readonly id: number;
      readonly username: string;
      readonly password: string;
      readonly clientId: string;
      readonly filters: readonly string[];
    }
  /** Answered under the number `ask`. */
  | {
      readonly type: "inside-subscribe";
      readonly id: number;
      readonly ask: number;
      readonly filters: readonly string[];
    }
  | {
      readonly type: "inside-unsubscribe";
      readonly id: number;
      readonly ask: number;
      readonly filters: readonly string[];
    }
  | { readonly type: "inside-close"; readonly id: number }
  | ({ readonly type: "inside-sent" } & SentBatch)
  /** So many of the broker's messages are worked, in batches of so many bytes. */
  | { readonly type: "inside-heard"; readonly messages: number; readonly bytes: number };

/** Published by the connections `ids`, in this order. */
export interface SentBatch {
  readonly batch: number;
  readonly ids: readonly number[];
  readonly topics: readonly string[];
  readonly payloads: readonly string[];
  readonly retain: readonly boolean[];
}

export type FromInside =
  /** `refusal`: why it may not come in; undefined: it is in. */
  | { readonly type: "inside-opened"; readonly id: number; readonly refusal: string | undefined }
  | { readonly type: "inside-answered"; readonly id: number; readonly ask: number; readonly refused: readonly string[] }
  /** All of that batch is delivered, as far as anybody was there. */
  | { readonly type: "inside-taken"; readonly batch: number }
  | ({ readonly type: "inside-messages" } & HeardBatch);

/** For the connections `ids`, in this order; the payload of each is `bytes` from its start to its end. */
export interface HeardBatch {
  readonly ids: readonly number[];
  readonly topics: readonly string[];
  readonly retained: readonly boolean[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
}
