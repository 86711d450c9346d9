/** Whole simulations with all faults: they come to their end, their books are sound, and they repeat. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadFaults } from "../../../infra/chaos/load-faults.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import { type FinishedRun, removeRunFolders, runThesis } from "../lockstep/thesis-run.js";

afterAll(removeRunFolders);

const periods = 4;

function chaotic(seed: number, botsPerThread = 3): Promise<FinishedRun> {
  const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods, seed } });
  const faults = loadFaults("scenarios/faults.yaml", scenario);
  return runThesis({ scenario, faults, botsPerThread, deadlineMs: 60_000 });
}

const firstRuns = new Map<number, Promise<FinishedRun>>();

/** A run that others have asked for is not made again. */
function firstRun(seed: number): Promise<FinishedRun> {
  const run = firstRuns.get(seed) ?? chaotic(seed);
  firstRuns.set(seed, run);
  return run;
}

const faultsOf = ({ folder }: FinishedRun): string => readFileSync(join(folder, "faults.csv"), "utf8");

describe("a simulation with every fault", () => {
  it.each([1, 2, 3])(
    "bills all periods with sound books, and no invariant breaks: seed %i",
    async (seed) => {
      const { summary, folder } = await firstRun(seed);
      expect(summary.complete).toBe(true);
      expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
      expect(summary.counts.trades).toBeGreaterThan(0);
      const kinds = "crash-manager delay drop duplicate kill-bot reorder skew-clock stop-meter".split(" ");
      expect(Object.keys(summary.faults?.counts ?? {})).toEqual(expect.arrayContaining(kinds));
      expect(summary.faults?.invariants.filter(({ holds }) => !holds)).toEqual([]);
      expect(summary.faults?.timed.length).toBeGreaterThan(0);
      expect(verifyResults(openResultFolder(folder), () => {}).length).toBeGreaterThan(0);
    },
    240_000,
  );

  it("has the same faults and the same results again", async () => {
    const [one, other] = [await firstRun(1), await chaotic(1)];
    expect(faultsOf(other)).toBe(faultsOf(one));
    expect(other.summary.hash).toBe(one.summary.hash);
    expect(other.summary.absences).toEqual(one.summary.absences);
    expect(faultsOf(one)).not.toBe(faultsOf(await firstRun(2)));
  }, 240_000);

  it("has the results of an undisturbed one where its faults come after the end", async () => {
    const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods } });
    const { entries, ...plan } = loadFaults("scenarios/faults.yaml", scenario);
    const faults = { ...plan, entries: entries.map((entry) => ({ ...entry, from: "2030-01-01T00:00:00Z" })) };
    const [plain, spared] = [await runThesis({ scenario }), await runThesis({ scenario, faults })];
    expect(spared.summary.hash).toBe(plain.summary.hash);
    expect(spared.summary.faults?.counts).toEqual({});
    expect(plain.summary.faults).toBeUndefined();
  }, 240_000);
});
