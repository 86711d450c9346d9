import { describe, expect, it } from "vitest";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createMarketMetrics } from "../../../infra/observe/market-metrics.js";
import { createMarketView } from "../../../infra/observe/market-view.js";
import { createMetrics } from "../../../infra/observe/metrics.js";
import { timesOf } from "../../../market/managers/calendar.js";
import type { CalendarTerms } from "../../../market/terms.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { commandEntry } from "../journal/command-entries.js";

const startMs = Date.UTC(2016, 7, 1);
const calendar: CalendarTerms = {
  ...{ periodMinutes: 30, rounds: 1, openMinutes: 300, gateMinutes: 60, meterDueMinutes: 60, billDays: 1 },
  ...{ startMs, periods: undefined },
};
const periodMs = startMs + 6 * 3_600_000;

function stage() {
  const view = createMarketView("main", "GBP");
  const clock = { nowMs: startMs };
  const watched = createMarketMetrics({ view, calendar, speed: 300, now: () => clock.nowMs });
  const value = (series: string): number => {
    const line = watched.metrics
      .text()
      .split("\n")
      .find((one) => one.startsWith(`${series} `));
    return Number(line?.split(" ").at(-1));
  };
  return { view, clock, watched, value };
}

describe("the metrics of a market", () => {
  it("count a gate once, and how late in wall time its clearing was durable", () => {
    const { clock, watched, value } = stage();
    clock.nowMs = timesOf(periodMs, calendar).gateAtMs + 600;
    const cleared = {
      type: "cleared",
      price: { periodMs, priceMicroPerKwh: microPerKwh(1), volumeWh: wh(1) },
    } as const;
    watched.journal.record(cleared);
    clock.nowMs += 600_000;
    watched.journal.record(cleared); // anew after the DSO's cuts
    expect(value("elecbay_gates_closed_total")).toBe(1);
    expect(value("elecbay_gate_lateness_seconds_sum")).toBeCloseTo(0.002, 9);
    expect(value('elecbay_gate_lateness_seconds_bucket{le="0.001"}')).toBe(0);
    expect(value('elecbay_gate_lateness_seconds_bucket{le="0.0025"}')).toBe(1);
    watched.stop();
  });

  it("show a ledger that does not come to zero where it must", () => {
    const { watched, value } = stage();
    const book = (debit: string, credit: string, amount: number) =>
      watched.journal.record({
        type: "entry",
        entry: { entry: 1, periodMs, debit, credit, amountMicro: micro(amount), reason: "trade" },
      });
    book("participant:ann", "balancing", 30_000);
    book("balancing", "participant:bob", 20_000);
    expect(value("elecbay_ledger_sum")).toBe(0);
    expect(value('elecbay_ledger_through_account{account="balancing"}')).toBeCloseTo(0.01, 9);
    watched.stop();
  });

  it("time the appends of each journal, and leave the journal as it is", () => {
    const { watched, value } = stage();
    const journal = watched.timed("bidding", memoryJournal());
    journal.append([commandEntry(1, "{}")], new Map());
    expect(journal.lastNumber()).toBe(1);
    expect(value('elecbay_journal_append_seconds_count{role="bidding"}')).toBe(1);
    watched.stop();
  });

  it("tell who is there and whether the market is online", () => {
    const { view, watched, value } = stage();
    expect(value("elecbay_market_up")).toBe(0);
    view.status = "online";
    view.online.add("ann");
    expect([value("elecbay_market_up"), value("elecbay_participants_online")]).toEqual([1, 1]);
    watched.watchAccounts(() => [{ standing: "active" }, { standing: "left" }, { standing: "active" }]);
    expect(value('elecbay_members{standing="active"}')).toBe(2);
    watched.stop();
  });
});

describe("Prometheus text", () => {
  it("names, explains and types each family, and escapes its labels", () => {
    const metrics = createMetrics();
    const seen = metrics.counter("seen_total", "Things seen.");
    seen.add(2, { what: 'a "b"\n\\c' });
    seen.add(1, { what: 'a "b"\n\\c' });
    expect(metrics.text()).toBe(
      '# HELP seen_total Things seen.\n# TYPE seen_total counter\nseen_total{what="a \\"b\\"\\n\\\\c"} 3\n',
    );
  });
});
