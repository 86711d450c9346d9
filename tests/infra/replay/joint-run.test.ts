/** A recorded run worked with all its managers together: under its own rules the very same, under others the same commands. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import { openRecordedRun } from "../../../infra/replay/recorded-run.js";
import { whatIf } from "../../../infra/replay/what-if.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import { archiveOf, recordingsFolder } from "../../replay/recording.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** @param mechanism undefined: its own */
async function compared(recording: string, mechanism?: string) {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-joint-"));
  folders.push(folder);
  restoreBackup(archiveOf(recording), join(folder, "state"));
  const run = await openRecordedRun(join(folder, "state"));
  try {
    return await whatIf({
      ...{ run, folder: "tests/replay", onProgress: () => {} },
      other: { mechanism: mechanism ?? run.record.terms.bidding.mechanism, k: undefined, tie: undefined },
      asItWasFolder: join(folder, "as-it-was"),
      outFolder: join(folder, "what-if"),
    });
  } finally {
    run.close();
  }
}

const recordings = readdirSync(recordingsFolder)
  .filter((file) => file.endsWith(".tar.gz"))
  .map((file) => file.slice(0, -".tar.gz".length));

describe("a recorded run, all managers worked together", () => {
  it.each(recordings)("is the very same under its own rules: %s", async (recording) => {
    const { asItWas, whatIf: again, commands } = await compared(recording);
    // Its heads are signed with another key: only the market has its own.
    const { "heads.csv": _signed, ...filesOf } = asItWas.summary.files;
    expect(again.summary.files).toMatchObject(filesOf);
    expect(again.summary.hash).toBe(asItWas.summary.hash);
    expect(again.summary.kpis).toEqual(asItWas.summary.kpis);
    expect(commands).toMatchObject({ rejectedNow: 0, acceptedNow: 0, nameless: 0 });
  });

  it.each(["pay-as-bid", "continuous", "mid-market-rate", "bill-sharing", "none", "./highest-first.ts"])(
    "balances under other rules: %s",
    async (mechanism) => {
      const { whatIf: other, asItWas } = await compared("auction-0.1.0", mechanism);
      expect([other.summary.moneySum, other.summary.energyImbalanceWh]).toEqual([0, 0]);
      expect(other.summary.billedPeriods).toBe(asItWas.summary.billedPeriods);
      expect(verifyResults(openResultFolder(join(folders.at(-1) ?? "", "what-if")), () => {})).not.toEqual([]);
      expect(other.summary.kpis.importKwh).toBe(asItWas.summary.kpis.importKwh);
    },
  );

  it("is rejected in a pool wherever it wanted to trade, and told so", async () => {
    const { commands, whatIf: other } = await compared("auction-0.1.0", "mid-market-rate");
    expect(commands.rejectedNow).toBeGreaterThan(0);
    const { rejected } = other.summary.counts;
    const nameless = (rejected["unknown-item"] ?? 0) + (rejected["unknown-order"] ?? 0);
    expect(rejected["no-orders-in-pool"]).toBeGreaterThan(0);
    expect((rejected["no-orders-in-pool"] ?? 0) + nameless).toBe(commands.rejectedNow);
    expect(commands.nameless).toBe(nameless);
    expect(other.figures.bills).not.toEqual({});
  });
});
