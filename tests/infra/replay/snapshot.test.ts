/** A snapshot that a market of this build left behind is the state that its journal comes to, or a replay says so. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createMarketHosts } from "../../../infra/actors/market-hosts.js";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import type { SavedHost } from "../../../infra/journal/actor-snapshots.js";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import { recallRun, recallSupplier } from "../../../infra/journal/run-record.js";
import { sha256 } from "../../../infra/main/secrets.js";
import { openRecordedRun } from "../../../infra/replay/recorded-run.js";
import { replay } from "../../../infra/replay/replay.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { archiveOf } from "../../replay/recording.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-snapshot-"));
const state = join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true }));

/** The recorded market is started once more, far enough to leave snapshots behind. */
function startedAgain(): void {
  const journals = openJournals(state, { programVersion: "test", durability: "normal" });
  const supplier = recallSupplier(journals.journalOf("supplier"));
  const record = recallRun(journals.journalOf("bidding"));
  if (supplier === undefined || record === undefined) throw new Error("a recording remembers its run");
  const seed = String(record.terms.seed);
  const { of } = createMarketHosts({
    ...{ ...record, supplier, mechanism: uniform, digest: sha256, sign: () => "", statementKey: "", version: "test" },
    ...{ statementSecret: seed, pseudonymSalt: seed, journalOf: journals.journalOf, now: () => 0 },
    ...{ release: () => {}, acknowledge: () => {}, refuse: () => {} },
    onDown: (_role, _cause, error) => {
      throw error;
    },
    snapshots: { everyInputs: 1, afterRestartOf: 1 },
  });
  for (const role of ["bidding", "exchange", "settlement"] as const) {
    of[role].restart();
    of[role].stop();
  }
  journals.close();
}

async function replayed() {
  const run = await openRecordedRun(state);
  try {
    return await replay({ run, outFolder: join(folder, "out"), onProgress: () => {} });
  } finally {
    run.close();
  }
}

it("a replay compares the state that comes out with the snapshot that the market kept", async () => {
  restoreBackup(archiveOf("auction-0.1.0"), state);
  startedAgain();
  const { journals } = await replayed();
  const compared = journals.flatMap(({ role, snapshotAt, inputs }) => (snapshotAt === inputs ? [role] : []));
  expect(compared).toEqual(["bidding", "exchange", "settlement"]);
  const { journalOf, close } = openJournals(state, { programVersion: "test", durability: "normal" });
  const snapshot = journalOf("bidding").snapshot();
  if (snapshot === undefined) throw new Error("the market left a snapshot behind");
  const { run } = snapshot.state as SavedHost;
  journalOf("bidding").keepSnapshot({
    ...snapshot,
    state: { ...(snapshot.state as SavedHost), run: { ...run, handed: run.handed + 1 } },
  });
  close();
  await expect(replayed()).rejects.toThrow(/state/);
});
