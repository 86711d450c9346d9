import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import type { LoadedScenario } from "../../../infra/scenario/loaded-scenario.js";
import { micro } from "../../../shared/units.js";
import { removeRunFolders, runThesis } from "./thesis-run.js";

afterAll(removeRunFolders);

/** The thesis microgrid, everybody with the same limit and deposit, imbalance settled in full. */
function withCredit(limit: number, deposit: number): LoadedScenario {
  const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods: 6 } });
  const { terms } = scenario;
  const members = terms.members.map((member) => {
    return { ...member, creditLimitMicro: micro(limit), depositMicro: micro(deposit) };
  });
  return { ...scenario, terms: { ...terms, members, settlement: { ...terms.settlement, imbalance: "full" } } };
}

describe("a simulation with credit limits and notified positions", () => {
  it("refuses what funds do not bear, balances deposits and energy, and repeats", async () => {
    const { summary, folder } = await runThesis({ scenario: withCredit(20_000, 50_000) });
    expect(summary.complete).toBe(true);
    expect(summary.counts.trades).toBeGreaterThan(0);
    expect(Object.keys(summary.counts.rejected)).toContain("credit-exceeded");
    expect(Object.keys(summary.counts.rejected)).not.toContain("bad-message");
    expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
    const deposits = readFileSync(join(folder, "ledger.csv"), "utf8")
      .split("\n")
      .filter((row) => row.includes("bank"));
    expect(deposits).toHaveLength(10);
    const again = await runThesis({ scenario: withCredit(20_000, 50_000) });
    expect(again.summary.hash).toBe(summary.hash);
    const free = await runThesis({ scenario: withCredit(100_000_000, 0) });
    expect(Object.keys(free.summary.counts.rejected)).not.toContain("credit-exceeded");
    expect(free.summary.counts.trades).toBeGreaterThan(summary.counts.trades);
  }, 90_000);
});
