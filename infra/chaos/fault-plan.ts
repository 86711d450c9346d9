/** What is to go wrong in a run, ready to be asked tick by tick: plain data, the same in the program and in the bots' threads. */
import type { FaultEntry } from "./fault-schema.js";

export interface FaultPlan {
  /** As the user named it. */
  readonly file: string;
  readonly seed: number;
  readonly entries: readonly FaultEntry[];
  /** Market time of the first tick, and of each. */
  readonly startMs: number;
  readonly tickMs: number;
  readonly periodMinutes: number;
  /** Ids of all bots, in the scenario's order. */
  readonly bots: readonly string[];
}

/** Faults that come at a tick, and those that act on messages. */
export type TimedFault = Extract<FaultEntry, { everyMinutes?: number | undefined }>;
export type MessageFault = Exclude<FaultEntry, TimedFault>;

export function isTimed(entry: FaultEntry): entry is TimedFault {
  return !("share" in entry);
}
