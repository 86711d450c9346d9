import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import type { Fact } from "../../../market/facts.js";
import { removeRunFolders, runThesis } from "./thesis-run.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-mechanisms-"));
beforeAll(() => cpSync("scenarios", folder, { recursive: true }));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeRunFolders();
});

/** The thesis microgrid, six periods of it, under another mechanism. */
async function runUnder(mechanism: string) {
  const path = join(folder, `${mechanism}.yaml`);
  const text = readFileSync("scenarios/thesis-microgrid.yaml", "utf8");
  writeFileSync(path, text.replace("{ name: uniform,", `{ name: ${mechanism},`));
  const facts: Fact[] = [];
  const scenario = loadScenario(path, { overrides: { periods: 6 } });
  expect(scenario.terms.bidding.mechanism).toBe(mechanism);
  const { summary, folder: results } = await runThesis({ scenario, onFact: (fact) => facts.push(fact) });
  return { summary, results, facts };
}

describe.each([
  { mechanism: "pay-as-bid", trades: true },
  { mechanism: "continuous", trades: true },
  { mechanism: "listing", trades: true },
  { mechanism: "mcafee", trades: true },
  { mechanism: "vcg", trades: true },
  { mechanism: "optimal", trades: true },
  { mechanism: "none", trades: false },
])("the thesis microgrid under $mechanism", ({ mechanism, trades }) => {
  it("bills every period, balances money and energy, answers no order in vain, can be verified, and repeats", async () => {
    const { summary, results, facts } = await runUnder(mechanism);
    expect([summary.complete, summary.billedPeriods]).toEqual([true, 6]);
    expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
    expect(summary.counts.trades > 0).toBe(trades);
    const rejected = Object.keys(summary.counts.rejected);
    for (const code of ["bad-message", "no-orders-in-pool", "version-conflict"]) expect(rejected).not.toContain(code);
    checkFates(facts);
    expect(verifyResults(openResultFolder(results), () => {}).length).toBeGreaterThan(0);
    expect((await runUnder(mechanism)).summary.hash).toBe(summary.hash);
  }, 120_000);
});

/** Each order's fate says what its trades sum to, and each period's book comes before its fates. */
function checkFates(facts: readonly Fact[]): void {
  const traded = new Map<string, number>();
  const booked = new Set<number>();
  for (const fact of facts) {
    if (fact.type === "book") booked.add(fact.periodMs);
    if (fact.type === "fate") expect(booked).toContain(fact.periodMs);
    if (fact.type !== "trade") continue;
    for (const id of [fact.trade.buyOrder, fact.trade.sellOrder]) {
      traded.set(id, (traded.get(id) ?? 0) + fact.trade.energyWh);
    }
  }
  for (const fact of facts) {
    if (fact.type === "fate") expect(fact.fate.tradedWh, fact.fate.orderId).toBe(traded.get(fact.fate.orderId) ?? 0);
  }
}
