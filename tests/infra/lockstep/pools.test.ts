import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import { removeRunFolders, runThesis } from "./thesis-run.js";

afterAll(removeRunFolders);

function runPool(mechanism: string, periods: number) {
  const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods } });
  const { terms } = scenario;
  return runThesis({ scenario: { ...scenario, terms: { ...terms, bidding: { ...terms.bidding, mechanism } } } });
}

describe("a simulation of a pool", () => {
  it.each([
    ["mid-market-rate", 6],
    ["supply-demand-ratio", 6],
    ["bill-sharing", 48],
  ])(
    "of %s ends by itself, its books balance, and its files repeat and can be verified",
    async (mechanism, periods) => {
      const [once, again] = [await runPool(mechanism, periods), await runPool(mechanism, periods)];
      const { summary, folder } = once;
      expect([summary.complete, summary.billedPeriods, summary.absences]).toEqual([true, periods, []]);
      expect([summary.moneySum, summary.energyImbalanceWh, summary.counts.trades]).toEqual([0, 0, 0]);
      expect(again.summary.hash).toBe(summary.hash);
      const headsOf = (run: typeof once) =>
        readFileSync(join(run.folder, "heads.csv"), "utf8").replaceAll(/,[^,\n]*,\d+$/gm, "");
      expect(headsOf(again)).toBe(headsOf(once));
      expect(verifyResults(openResultFolder(folder), () => {})).not.toEqual([]);
    },
    120_000,
  );
});
