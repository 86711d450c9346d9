import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createMarketMetrics, type MarketMetrics } from "../../../infra/observe/market-metrics.js";
import { createMarketView } from "../../../infra/observe/market-view.js";
import { timesOf } from "../../../market/managers/calendar.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { calendar, firstMs, secondMs, startMs } from "../../market/managers/sample-terms.js";

const running: MarketMetrics[] = [];
afterEach(() => {
  for (const metrics of running.splice(0)) metrics.stop();
});

function stage(startedMs = startMs) {
  const clock = { nowMs: startedMs };
  const view = createMarketView("main", "GBP");
  const watched = createMarketMetrics({ view, calendar, speed: 60, now: () => clock.nowMs });
  running.push(watched);
  const value = (series: string): number | undefined => {
    const line = watched.metrics
      .text()
      .split("\n")
      .find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };
  const clear = (periodMs: number): void =>
    watched.journal.record({ type: "cleared", price: { periodMs, priceMicroPerKwh: microPerKwh(1), volumeWh: wh(1) } });
  return { clock, watched, value, clear };
}
const gateOf = (periodMs: number): number => timesOf(periodMs, calendar).gateAtMs;

describe("a gate that is not cleared", () => {
  it("is overdue from its time on, in wall seconds, until it is", () => {
    const { clock, value, clear } = stage();
    expect(value("elecbay_gate_overdue_seconds")).toBe(0);
    clock.nowMs = gateOf(firstMs) + 120_000;
    expect(value("elecbay_gate_overdue_seconds")).toBe(2);
    clear(firstMs);
    expect(value("elecbay_gate_overdue_seconds")).toBe(0);
    clock.nowMs = gateOf(secondMs) + 60_000;
    expect(value("elecbay_gate_overdue_seconds")).toBe(1);
  });

  it("is the next one after a start in the middle, and none after the run's last", () => {
    const middle = stage(gateOf(secondMs) + 1);
    expect(middle.value("elecbay_gate_overdue_seconds")).toBe(0);
    const end = stage(startMs);
    end.clear(firstMs + 3 * (secondMs - firstMs));
    end.clock.nowMs = gateOf(secondMs) + 86_400_000;
    expect(end.value("elecbay_gate_overdue_seconds")).toBe(0);
  });
});

describe("what else an operator is warned by", () => {
  it("counts appends that fail, by role, and throws them on", () => {
    const { watched, value } = stage();
    const broken = watched.timed("settlement", {
      ...memoryJournal(),
      append: () => {
        throw new Error("disk full");
      },
    });
    expect(value('elecbay_journal_errors_total{role="settlement"}')).toBe(0);
    expect(() => broken.append([], new Map())).toThrow("disk full");
    expect(value('elecbay_journal_errors_total{role="settlement"}')).toBe(1);
  });

  it("tells the broker's presence, and the room on the disk where there is one", () => {
    const { watched, value } = stage();
    watched.watchBroker(() => false);
    watched.watchDisk(tmpdir());
    expect(value("elecbay_broker_connected")).toBe(0);
    expect(value("elecbay_state_free_bytes")).toBeGreaterThan(0);
    const other = stage();
    other.watched.watchDisk("/there/is/no/such/folder");
    expect(other.value("elecbay_state_free_bytes")).toBeUndefined();
  });
});
