/** What has gone wrong on purpose: what, when, whom. Written to faults.csv and told in the summary. */
import { isoUtc } from "../../shared/time.js";
import { CsvFile } from "../results/csv-file.js";

export interface FaultEvent {
  /** Number of the tick; in `up` counted from the market's first. */
  readonly seq: number;
  readonly atMs: number;
  readonly fault: string;
  /** Bot, manager or `broker`. */
  readonly whom: string;
  readonly detail: string;
}

export const faultsHeader = "seq,ts,fault,whom,detail";

export interface FaultRecord {
  readonly events: readonly FaultEvent[];
  note(event: FaultEvent): void;
  counts(): Record<string, number>;
}

/** @param tell hears each event instead of its being kept: for a market that has no end */
export function createFaultRecord(tell?: (event: FaultEvent) => void): FaultRecord {
  const events: FaultEvent[] = [];
  const counts = new Map<string, number>();
  return {
    events,
    note(event) {
      counts.set(event.fault, (counts.get(event.fault) ?? 0) + 1);
      if (tell === undefined) events.push(event);
      else tell(event);
    },
    counts() {
      return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
    },
  };
}

/** By tick, whom, fault and detail: bots send side by side, so the order in which it was noted tells nothing. */
export function inOrder(events: readonly FaultEvent[]): FaultEvent[] {
  const key = ({ whom, fault, detail }: FaultEvent): string => `${whom},${fault},${detail}`;
  return [...events].sort((left, right) => left.seq - right.seq || compare(key(left), key(right)));
}

export function faultRow({ seq, atMs, fault, whom, detail }: FaultEvent): string[] {
  return [String(seq), isoUtc(atMs), fault, whom, detail];
}

/** @returns SHA-256 of the file */
export async function writeFaults(path: string, events: readonly FaultEvent[]): Promise<string> {
  const file = new CsvFile(path, faultsHeader.split(","));
  for (const event of inOrder(events)) {
    file.write(faultRow(event));
    await file.drain();
  }
  return file.close();
}

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));
