/** What a node tells of its actors, on its way from wherever they run to a broker or a file. Texts are whole messages, as JSON. */
import type { MachineDescription } from "./machine-description.js";

export type Told =
  /** A machine that has not been told of before, still to be laid out. */
  | { readonly kind: "machine"; readonly description: MachineDescription }
  /** `actor`: its number. Null: it is gone. */
  | { readonly kind: "actor"; readonly actor: string; readonly text: string | null }
  | ({ readonly kind: "events" } & EventBatch);

/** A batch of events as a whole message, and what of it must be known where it has to be left out. */
export interface EventBatch {
  readonly text: string;
  /** Market time at which it was told, ISO 8601. */
  readonly ts: string;
  /** Number of the batch within its node. */
  readonly n: number;
  /** How many events it is about, those that it misses included. */
  readonly events: number;
}

/** How much a node may tell: less often where many share a connection. */
export interface TellingPace {
  readonly batchEveryMs: number;
  readonly actorEveryMs: number;
  /** Nothing is left out, however much it is: for a file. */
  readonly isLossless: boolean;
}

/** Each at least so long, and longer where many nodes tell at once. */
export function paceOf(nodes: number, isLossless: boolean): TellingPace {
  return { batchEveryMs: Math.max(100, 5 * nodes), actorEveryMs: Math.max(200, 10 * nodes), isLossless };
}
