import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultsHeader } from "../../../infra/chaos/fault-record.js";
import { headers } from "../../../infra/results/rows.js";
import { shadowHeader } from "../../../infra/results/shadow-tally.js";
import { summaryOf } from "../../../infra/results/summary.js";
import { createCutSums, cutFigures } from "../../../market/rules/cut-figures.js";
import { createKpis } from "../../../market/rules/kpi.js";
import { kpiSummary } from "../../../market/rules/kpi-figures.js";
import { createMarketQuality, qualityFigures } from "../../../market/rules/market-quality.js";

const page = readFileSync(new URL("../../../docs/results-format.md", import.meta.url), "utf8");

/** Names that the tables of a section explain. */
function explained(title: string): string[] {
  const [, after = ""] = page.split(`## ${title}\n`);
  const rows = (after.split(/^## /m)[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
}

describe("docs/results-format.md", () => {
  it.each([...Object.entries(headers), ["shadow", shadowHeader] as const])(
    "explains the columns of %s.csv, in their order and no other",
    (file, header) => {
      expect(explained(`${file}.csv`)).toEqual(header.split(","));
    },
  );

  it("explains every key figure", () => {
    const figures = {
      ...kpiSummary({ ...createKpis(30), carbonMilligram: 0 }),
      ...qualityFigures(createMarketQuality()),
      ...cutFigures(createCutSums()),
    };
    expect(explained("Key figures").sort()).toEqual(Object.keys(figures).sort());
  });

  it("explains the columns of faults.csv, in their order and no other", () => {
    expect(explained("faults.csv")).toEqual(faultsHeader.split(","));
  });

  it("explains the keys of summary.json, in their order and no other", () => {
    const summary = summaryOf(
      {
        ...{ scenario: "", description: "", seed: 1, programVersion: "", nodeVersion: "", complete: true },
        ...{ trueStepMinutes: 30, currency: "GBP", mechanism: "", foresight: false, kpis: {}, absences: [] },
        ...{ storage: null, simulated: [] },
        faults: { file: "", seed: 1, counts: {}, timed: [], invariants: [], sha256: "" },
      },
      {
        ...{ firstPeriodMs: 0, periods: 1, periodMinutes: 30, billedPeriods: 1, moneySumMicro: 0 },
        ...{
          energyImbalanceWh: 0,
          imbalanceWh: 0,
          hash: "",
          files: {},
          orders: 0,
          trades: 0,
          rejected: new Map(),
          shadow: null,
        },
      },
    );
    expect(explained("summary.json")).toEqual(Object.keys(summary));
  });
});
