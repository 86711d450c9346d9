import { resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createLiveShadows } from "../../../infra/results/live-shadows.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import type { Fact } from "../../../market/facts.js";
import { billSharing } from "../../../market/rules/mechanisms/bill-sharing.js";
import { none } from "../../../market/rules/mechanisms/none.js";
import { payAsBid } from "../../../market/rules/mechanisms/pay-as-bid.js";
import { removeRunFolders, runThesis } from "../lockstep/thesis-run.js";

afterAll(removeRunFolders);

const thesis = loadScenario(resolve("scenarios/thesis-microgrid.yaml"), {
  overrides: { periods: 6, shadow: ["pay-as-bid", "none"] },
});

describe("shadows of a running market", () => {
  it("come to the same as those of the run's results, without anybody's bill", async () => {
    const live = createLiveShadows("uniform", [payAsBid, none], thesis.terms);
    const { summary } = await runThesis({ scenario: thesis, onFact: (fact) => live.record(fact) });
    const { mechanisms, periods, since, rows } = live.told();
    expect([periods, since]).toEqual([6, new Date(thesis.firstPeriodMs).toISOString().replace(".000", "")]);
    expect(mechanisms).toEqual(summary.shadow?.mechanisms.map(({ bills: _bills, ...figures }) => figures));
    expect(rows).toHaveLength(3 * 6);
    const volume = rows.filter(({ mechanism }) => mechanism === "pay-as-bid").map(({ volumeKwh }) => volumeKwh);
    expect(volume.reduce((sum, each) => sum + each, 0)).toBeCloseTo(mechanisms[1]?.volumeKwh ?? 0, 6);
    expect(JSON.stringify(live.told())).not.toContain("bills");
  }, 60_000);

  it("leave a period out whose gate closed before they began", () => {
    const live = createLiveShadows("uniform", [none], thesis.terms);
    const cleared: Fact = { type: "cleared", price: { periodMs: 0, priceMicroPerKwh: null, volumeWh: 0 as never } };
    live.record(cleared);
    live.record({ type: "billed", periodMs: 0 });
    expect(live.told()).toMatchObject({ since: null, periods: 0, rows: [] });
  });

  it("are refused where prices are known at the end of a month only", () => {
    expect(() => createLiveShadows("uniform", [billSharing], thesis.terms)).toThrow("in elecbay simulate only");
  });
});
