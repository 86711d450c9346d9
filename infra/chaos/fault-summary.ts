/** What summary.json says of the faults of a run, and what stood it. */
import { join } from "node:path";
import { isoUtc } from "../../shared/time.js";
import { type FaultRecord, inOrder, writeFaults } from "./fault-record.js";
import type { Invariant } from "./invariants.js";

export const faultsFile = "faults.csv";

export interface FaultSummary {
  /** The file as the user named it. */
  readonly file: string;
  readonly seed: number;
  readonly counts: Readonly<Record<string, number>>;
  /** What hit bots, managers and the broker; messages are in faults.csv alone. */
  readonly timed: readonly {
    readonly seq: number;
    readonly ts: string;
    readonly fault: string;
    readonly whom: string;
    readonly detail: string;
  }[];
  readonly invariants: readonly Invariant[];
  /** SHA-256 of faults.csv. */
  readonly sha256: string;
}

const ofMessages: ReadonlySet<string> = new Set(["drop", "delay", "duplicate", "reorder"]);

/** Writes faults.csv. @throws Error of the disk */
export async function summariseFaults(
  folder: string,
  plan: { readonly file: string; readonly seed: number },
  record: FaultRecord,
  invariants: readonly Invariant[],
): Promise<FaultSummary> {
  const sha256 = await writeFaults(join(folder, faultsFile), record.events);
  const timed = inOrder(record.events)
    .filter(({ fault }) => !ofMessages.has(fault))
    .map(({ seq, atMs, fault, whom, detail }) => ({ seq, ts: isoUtc(atMs), fault, whom, detail }));
  return { file: plan.file, seed: plan.seed, counts: record.counts(), timed, invariants, sha256 };
}
