/** What a person sees in the terminal: live status, progress, summary. Pure text, made from plain data. */
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { liveStatus } from "../../../infra/cli/live-status.js";
import { progressBar } from "../../../infra/cli/progress.js";
import { summaryTable } from "../../../infra/cli/summary-table.js";
import { table } from "../../../infra/cli/table.js";
import { createMarketView, seePublished, seeSent } from "../../../infra/observe/market-view.js";
import type { Summary } from "../../../infra/results/summary.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";

afterEach(() => vi.useRealTimers());

describe("the live status", () => {
  it("of a market that has just started says that nothing is there yet", () => {
    const text = liveStatus(createMarketView("main", "GBP"), 0);
    expect(text).toContain("starting  market time not yet");
    expect(text).toContain("last price: none yet");
    expect(text).toContain("no period is live yet");
    expect(text).toContain("no gate has closed yet");
  });

  it("shows market time, every live period's phase, the last price, bots, orders a second and bills", () => {
    const view = createMarketView("main", "GBP");
    const shown: [string, object][] = [
      ["clock", publicExamples.clock[0]],
      ["market-state", publicExamples["market-state"][0]],
      ["price", publicExamples.price[0]],
      ["results/20160801-0200", publicExamples.results[0]],
      ["status", publicExamples.status[0]],
    ];
    for (const [name, message] of shown) seePublished(view, `elecbay/main/public/${name}`, message);
    seePublished(view, "elecbay/main/private/h1/bills/20160801-0200", {});
    seeSent(view, "h1", "status", '{"v":1,"status":"online"}', 1000);
    seeSent(view, "h2", "status", '{"v":1,"status":"online"}', 1000);
    seeSent(view, "h2", "status", '{"v":1,"status":"offline"}', 1000);
    for (let order = 0; order < 25; order += 1) seeSent(view, "h1", "orders", "{}", 1000);
    const text = liveStatus(view, 2000);
    expect(text).toContain("open-elecbay  online  market time 2016-08-01 00:30:00 UTC");
    expect(text).toMatch(/last price: 0\.\d{4} GBP\/kWh, \d+\.\d\d kWh in \d+ trades/);
    expect(text).toContain("bots online 1   orders 25 (2.5/s)");
    expect(text).toContain("bills 1");
    for (const phase of ["settling", "metering", "exchange", "bidding"])
      expect(text).toMatch(new RegExp(`\\b${phase}\\b`));
    expect(text).toMatch(/cleared +GBP\/kWh +kWh +trades\n/);
  });
});

describe("the summary of a simulation", () => {
  const summary: Summary = {
    ...{ scenario: "homes/fontana", description: "", seed: 7, programVersion: "0.1.0", nodeVersion: "v20.20.0" },
    ...{ periods: 48, complete: true, billedPeriods: 47, from: "2016-08-01T00:00:00Z", to: "2016-08-02T00:00:00Z" },
    ...{ trueStepMinutes: 15, periodMinutes: 30, currency: "GBP", mechanism: "uniform", foresight: true },
    kpis: { consumptionKwh: 12.34, selfSufficiency: 0.6149, meanPricePerKwh: null, savings: 1.239, savingsShare: null },
    ...{ moneySum: 0, energyImbalanceWh: 0, imbalanceKwh: 1.5, files: {}, hash: "abc123" },
    ...{ absences: [], counts: { orders: 12, trades: 5, rejected: {} }, storage: null, shadow: null, simulated: [] },
  };

  it("names scenario, seed, periods, key figures with their units, and the hash", () => {
    const text = summaryTable(summary);
    expect(text).toMatch(/^scenario +homes\/fontana, seed 7, with foresight\n/);
    expect(text).toContain("47 of 48 billed, 2016-08-01T00:00:00Z to 2016-08-02T00:00:00Z");
    expect(text).toMatch(/self-sufficiency +61\.5 %/);
    expect(text).toMatch(/savings +1\.24 GBP$/m);
    expect(text).toMatch(/imbalance +1\.5 kWh/);
    expect(text).toMatch(/hash +abc123$/);
  });

  it("says `none` for a figure that there is not, never 0", () => {
    expect(summaryTable(summary)).toMatch(/traded, mean price +none, none/);
  });
});

describe("columns", () => {
  it("are as wide as their longest cell, aligned left or right, with nothing at the end of a line", () => {
    expect(
      table(
        [
          ["a", "number"],
          ["longer", "7"],
        ],
        [1],
      ),
    ).toBe("a       number\nlonger       7");
    expect(
      table([
        ["a", ""],
        ["b", "c"],
      ]),
    ).toBe("a\nb  c");
  });
});

describe("the progress of a simulation", () => {
  const progress = { seq: 25, ticks: 100, tsMs: Date.UTC(2016, 7, 1, 4), billedPeriods: 3, periods: 48 };

  function lines(show: (bar: ReturnType<typeof progressBar>) => void): string {
    const stream = new PassThrough().setEncoding("utf8");
    const bar = progressBar(stream as unknown as NodeJS.WriteStream);
    show(bar);
    bar.done();
    return String(stream.read() ?? "");
  }

  it("is a line every ten seconds without a terminal: bar, share, market time, periods, rate and time left", () => {
    vi.useFakeTimers({ now: 0 });
    const text = lines((bar) => {
      bar.show({ ...progress, seq: 1 });
      vi.setSystemTime(10_000);
      bar.show(progress);
      vi.setSystemTime(12_000);
      bar.show({ ...progress, seq: 30 });
    });
    expect(text).toBe(
      `${"█".repeat(8)}${"░".repeat(22)} 25.0 %  2016-08-01 04:00  3 of 48 periods billed  2.5 ticks/s  30 s left\n`,
    );
  });

  it("tells long times in hours and minutes", () => {
    vi.useFakeTimers({ now: 0 });
    const text = lines((bar) => {
      vi.setSystemTime(10_000);
      bar.show({ ...progress, ticks: 27_025 });
      vi.setSystemTime(20_000);
      bar.show({ ...progress, seq: 50, ticks: 1050 });
    });
    expect(text).toContain("2.5 ticks/s  3 h 0 min left\n");
    expect(text).toContain("2.5 ticks/s  6 min 40 s left\n");
  });
});
