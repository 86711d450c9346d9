import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { shadowTable } from "../../../infra/cli/shadow-table.js";
import { createShadow } from "../../../infra/results/shadow.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { none } from "../../../market/rules/mechanisms/none.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { microPerKwh } from "../../../shared/units.js";
import { removeRunFolders, runThesis } from "../lockstep/thesis-run.js";

afterAll(removeRunFolders);

const thesis = loadScenario(resolve("scenarios/thesis-microgrid.yaml"), { overrides: { periods: 8 } });
const run = (shadow: readonly string[]) => runThesis({ scenario: { ...thesis, shadow } });
const csv = (folder: string) => readFileSync(join(folder, "shadow.csv"), "utf8");

describe("shadow clearing", () => {
  it("lets pools price the same meters, each month of bill sharing together", async () => {
    const { summary, folder } = await run(["mid-market-rate", "supply-demand-ratio", "bill-sharing", "none"]);
    const told = new Map(summary.shadow?.mechanisms.map((each) => [each.mechanism, each]));
    const [rate, ratio, sharing, none] = ["mid-market-rate", "supply-demand-ratio", "bill-sharing", "none"].map(
      (name) => told.get(name),
    );
    // What a pool saves goes from the supplier to all participants together: as much under each pool, but for roundings.
    expect(rate?.savings).toBeGreaterThan(0.1);
    expect(ratio?.savings).toBeCloseTo(rate?.savings ?? 0, 3);
    expect(sharing?.savings).toBeCloseTo(rate?.savings ?? 0, 3);
    expect(none?.savings).toBe(0);
    expect(rate?.volumeKwh).toBe(ratio?.volumeKwh);
    const prices = csv(folder)
      .split("\n")
      .filter((row) => row.includes(",bill-sharing,"))
      .map((row) => row.split(",")[2]);
    expect(prices).toHaveLength(8);
    expect(new Set(prices).size).toBe(1);
  }, 60_000);

  it("that throws is given up and told, and the run goes on", () => {
    const failing = {
      ...uniform,
      name: "failing",
      clear: () => {
        throw new Error("no idea");
      },
    };
    const shadow = createShadow("uniform", [failing, none], thesis.terms);
    const prices = {
      periodMs: 0,
      systemBuyMicroPerKwh: microPerKwh(0),
      systemSellMicroPerKwh: microPerKwh(0),
      pool: undefined,
      carbonMilligramPerKwh: undefined,
      tariffs: [],
    };
    const facts = [{ type: "settled", prices }] as const;
    expect(shadow.add(0, facts).map((row) => row[1])).toEqual(["uniform", "none"]);
    expect(shadow.add(1_800_000, facts).map((row) => row[1])).toEqual(["uniform", "none"]);
    expect(shadow.finish().summary.map(({ mechanism, failed }) => [mechanism, failed])).toEqual([
      ["uniform", null],
      ["failing", "1970-01-01T00:00:00Z: no idea"],
      ["none", null],
    ]);
  });

  it("changes nothing of the run, and says what it is", async () => {
    const alone = await runThesis({ scenario: thesis });
    const shadowed = await run(["pay-as-bid", "continuous", "none"]);
    expect(shadowed.summary.hash).toBe(alone.summary.hash);
    expect(alone.summary.shadow).toBeNull();
    expect(shadowed.summary.shadow?.note).toBe("mechanical: bids as they were, not re-optimised");
    expect(shadowTable(shadowed.summary)).toMatch(/uniform \*.*\npay-as-bid .*\ncontinuous .*\nnone /);
  }, 60_000);

  it("of the very mechanism that counts tells what counted: volume, price, welfare and every bill", async () => {
    // Nobody uses the list, so that the whole book is the auction's.
    const bots = thesis.bots.map((bot) => ({ ...bot, strategy: { ...bot.strategy, usesList: false } }));
    const scenario = { ...thesis, bots, shadow: ["uniform", "none"] };
    const { summary, folder } = await runThesis({ scenario });
    const [actual, same, none] = summary.shadow?.mechanisms ?? [];
    expect(actual).toMatchObject({ mechanism: "uniform", effective: true });
    expect(actual?.volumeKwh).toBe(summary.kpis.tradedKwh);
    expect(actual?.savings).toBe(summary.kpis.savings);
    expect(same).toEqual({ ...actual, effective: false });
    expect(none).toMatchObject({ mechanism: "none", savings: 0, volumeKwh: 0, meanPricePerKwh: null });
    expect(none?.cost).toBe(summary.kpis.referenceCost);
    const rows = csv(folder).trim().split("\n").slice(1);
    const of = (mechanism: string, number: number) => rows.filter((row) => row.split(",")[1] === mechanism)[number];
    expect(rows).toHaveLength(8 * 3);
    for (let period = 0; period < 8; period += 1) expect(of("uniform", 2 * period)).toBe(of("uniform", 2 * period + 1));
  }, 60_000);
});
