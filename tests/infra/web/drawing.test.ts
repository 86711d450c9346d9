/** What the dashboard draws, before it is drawn. */
import { describe, expect, it } from "vitest";
import { marketTime } from "../../../infra/web/dashboard/model/market-time.js";
import { agreedBeforeKwh, meritOrder } from "../../../infra/web/dashboard/model/merit-order.js";
import { joined, rowsAt, withRows } from "../../../infra/web/dashboard/model/series.js";
import { niceAxis } from "../../../infra/web/page/axis.js";
import { chartData } from "../../../infra/web/page/components/chart-data.js";
import { csvText } from "../../../infra/web/page/csv.js";
import { number, shortSpan, span, time } from "../../../infra/web/page/formats.js";
import { clockTick } from "../../../shared/messages/clock.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import { results as publicResults, type Results } from "../../../shared/messages/public.js";

const results = publicResults.parse(publicExamples.results[0]);

describe("the merit order", () => {
  it("is two staircases, each step as wide as its energy, with the clearing point where the gate put it", () => {
    const { bids, asks, mostKwh, clearing } = meritOrder({
      ...{ ...results, pricePerKwh: 0.1, volumeKwh: 1.2 },
      bids: [
        [0.14, 1],
        [0.12, 0.5],
      ],
      asks: [[0.08, 3]],
    });
    expect(bids).toEqual([
      { pricePerKwh: 0.14, fromKwh: 0, toKwh: 1 },
      { pricePerKwh: 0.12, fromKwh: 1, toKwh: 1.5 },
    ]);
    expect(asks).toHaveLength(1);
    expect(mostKwh).toBe(3);
    expect(clearing).toEqual({ pricePerKwh: 0.1, volumeKwh: 1.2 });
  });

  it("clears where the auction did, at its own price, when part of the energy was agreed before the gate", () => {
    const mixed: Results = {
      ...{ ...results, pricePerKwh: 0.065336, volumeKwh: 0.856, priceLow: 0.0563, priceHigh: 0.0563 },
      bids: [
        [0.14, 0.5],
        [0.12, 0.243],
        [0.05, 1],
      ],
      asks: [[0.05, 3]],
    };
    expect(meritOrder(mixed).clearing).toEqual({ pricePerKwh: 0.0563, volumeKwh: 0.743 });
    expect(agreedBeforeKwh(mixed)).toBeCloseTo(0.113, 6);
    expect(agreedBeforeKwh({ ...mixed, volumeKwh: 0.743 })).toBe(0);
    const listAlone = { ...mixed, priceLow: null, priceHigh: null };
    expect(meritOrder(listAlone).clearing).toBeUndefined();
    expect(agreedBeforeKwh(listAlone)).toBe(0.856);
  });

  it("has no clearing point without a trade", () => {
    expect(meritOrder({ ...results, bids: [], asks: [], pricePerKwh: null, volumeKwh: 0 }).clearing).toBeUndefined();
  });
});

describe("rows over time", () => {
  const row = (atMs: number, toldMs: number, value: number) => ({ atMs, toldMs, value });

  it("have each period once, the newer row in the place of the older, in order of time", () => {
    const rows = withRows([row(1, 1, 1), row(3, 3, 3)], [row(2, 4, 2), row(3, 5, 33)]);
    expect(rows.map(({ value }) => value)).toEqual([1, 2, 33]);
  });

  it("are cut at a moment by when they were told, not by which period they are of", () => {
    expect(rowsAt([row(1, 5, 1), row(2, 3, 2)], 4)).toEqual([row(2, 3, 2)]);
  });

  it("of several series stand side by side", () => {
    expect(joined([{ atMs: 1, toldMs: 1, a: 1 }], [{ atMs: 1, toldMs: 2, b: 2 }])).toMatchObject([{ a: 1, b: 2 }]);
  });
});

describe("a chart over time", () => {
  const column = { label: "", unit: "", places: 0, colour: "", scale: "s" } as const;

  it("draws the last step of a price to the end of its period, and a gap where there is none", () => {
    const rows = [
      { atMs: 0, a: 5 },
      { atMs: 1000, a: null },
      { atMs: 2000, a: null },
      { atMs: 3000, a: 7 },
    ];
    expect(chartData(rows, [{ ...column, field: "a", form: "step" }], 1000)).toEqual([
      [0, 1, 2, 3, 4],
      [5, 5, null, 7, 7],
    ]);
  });

  it("draws no bar for nothing", () => {
    const rows = [
      { atMs: 0, a: 0 },
      { atMs: 1000, a: 2 },
    ];
    expect(chartData(rows, [{ ...column, field: "a", form: "bars" }], 0)).toEqual([
      [0, 1],
      [null, 2],
    ]);
  });

  it("has marks at round numbers that hold all values", () => {
    expect(niceAxis(0.03, 0.19, 4)).toMatchObject({ least: 0, most: 0.2, places: 2 });
    expect(niceAxis(0, 0, 4).most).toBeGreaterThan(0);
  });
});

describe("market time between two ticks", () => {
  const tick = clockTick.parse(publicExamples.clock[0]);
  const at = (wallMs: number) => (marketTime({ tick, wallMs: 1000 }, wallMs, 30) ?? 0) - Date.parse(tick.ts);

  it("runs at the market's rate, and no further than the next tick", () => {
    expect(at(2000)).toBe(300_000);
    expect(at(60_000)).toBe(600_000);
  });

  it("stands still in lockstep", () => {
    expect(marketTime({ tick: { ...tick, mode: "lockstep" }, wallMs: 0 }, 99_999, 30)).toBe(Date.parse(tick.ts));
  });
});

describe("what is written", () => {
  it("has times on a clock of 24 hours in the market's time zone", () => {
    expect(time(Date.parse("2016-08-01T00:30:00Z"), "time", "Europe/London")).toBe("01:30");
    expect(time(Date.parse("2016-08-01T23:00:00Z"), "time", "Europe/London")).toBe("00:00");
  });

  it("has spans in their two largest parts", () => {
    expect([span(59_400), span(90_000), span(7_500_000), span(-5)]).toEqual([
      "59 s",
      "1 min 30 s",
      "2 h 05 min",
      "0 s",
    ]);
    expect([shortSpan(45_000), shortSpan(750_000), shortSpan(7_500_000)]).toEqual(["45 s", "13 min", "2 h 05"]);
  });

  it("is CSV that no spreadsheet takes for a formula", () => {
    const rows = [["=1+1", -2, 'say "no", please', null]];
    expect(csvText({ name: "x", columns: ["a", "b", "c", "d"], rows })).toBe(
      `a,b,c,d\r\n'=1+1,-2,"say ""no"", please",\r\n`,
    );
  });
});

describe("a number", () => {
  it("that rounds to nothing is nothing, not less than it", () => {
    expect([number(-0, 2), number(-0.001, 2), number(-0.006, 2)]).toEqual(["0.00", "0.00", "-0.01"]);
  });
});
