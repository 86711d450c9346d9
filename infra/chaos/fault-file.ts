/** faults.csv of a market that has no end: two files at most, the newest rows and those before them. */
import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { type FaultEvent, faultRow, faultsHeader } from "./fault-record.js";
import { faultsFile } from "./fault-summary.js";

/** What is before the rows of faults.csv; what was there before that is gone. */
export const olderFaultsFile = "faults-older.csv";

/** Some hundred thousand rows. */
const largestBytes = 16 * 1024 * 1024;

export interface FaultFileOptions {
  readonly folder: string;
  /** Beyond it the file is put aside and begun anew. */
  readonly mostBytes?: number;
  readonly say: (message: string) => void;
}

/** @returns adds a row, at once. @throws Error of the disk */
export function faultFileIn({ folder, mostBytes = largestBytes, say }: FaultFileOptions): (event: FaultEvent) => void {
  const path = join(folder, faultsFile);
  let sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;

  function add(text: string): void {
    appendFileSync(path, text);
    sizeBytes += Buffer.byteLength(text);
  }

  return (event) => {
    const row = stringify([faultRow(event)], { record_delimiter: "unix" });
    if (sizeBytes > 0 && sizeBytes + Buffer.byteLength(row) > mostBytes) {
      renameSync(path, join(folder, olderFaultsFile));
      sizeBytes = 0;
      say(
        `${faultsFile} has grown to ${Math.round(mostBytes / 1e6)} MB and is begun anew: its rows are in ${olderFaultsFile}, those of an earlier one are gone`,
      );
    }
    if (sizeBytes === 0) add(`${faultsHeader}\n`);
    add(row);
  };
}
