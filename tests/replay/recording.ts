/** A recording: journals of some version of the program as a backup, and beside it what they must come to for ever. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreBackup } from "../../infra/backup/restore-backup.js";
import { openRecordedRun } from "../../infra/replay/recorded-run.js";
import { replay } from "../../infra/replay/replay.js";

export const recordingsFolder = "tests/replay/recordings";

export interface Recording {
  readonly holds: string;
  readonly madeBy: string;
  readonly comesTo: Outcome;
}

/** Of a replay: hash of the billed periods, and of each journal its length and its last digest. */
export interface Outcome {
  readonly hash: string;
  readonly billedPeriods: number;
  readonly journals: Readonly<Record<string, { readonly inputs: number; readonly digest: string }>>;
}

export function archiveOf(name: string): string {
  return join(recordingsFolder, `${name}.tar.gz`);
}

export function noteOf(name: string): string {
  return join(recordingsFolder, `${name}.json`);
}

export function readNote(name: string): Recording {
  return JSON.parse(readFileSync(noteOf(name), "utf8")) as Recording;
}

/** What the journals of an archive come to in this version of the program. */
export async function outcomeOf(archive: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-recording-"));
  try {
    restoreBackup(archive, join(folder, "state"));
    const run = await openRecordedRun(join(folder, "state"));
    try {
      const { summary, journals } = await replay({ run, outFolder: join(folder, "out"), onProgress: () => {} });
      const { hash, billedPeriods } = summary;
      const lengths = journals.map(({ role, inputs, digest }) => [role, { inputs, digest }] as const);
      return { hash, billedPeriods, journals: Object.fromEntries(lengths) };
    } finally {
      run.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
