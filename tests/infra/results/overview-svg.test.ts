import { describe, expect, it } from "vitest";
import { periodsPerPoint, timeMarks, valueMarks } from "../../../infra/results/axis.js";
import { overviewSvg } from "../../../infra/results/overview-svg.js";
import type { PeriodRow } from "../../../infra/results/period-rows.js";

const startMs = Date.UTC(2016, 6, 31, 9);
const options = { title: "homes & <batteries>", currency: "GBP", periodMinutes: 30 };

const rows = (count: number): PeriodRow[] =>
  Array.from({ length: count }, (_, index) => ({
    periodMs: startMs + index * 1_800_000,
    priceMicroPerKwh: index % 10 === 5 ? null : 100_000 + (index % 7) * 1000,
    volumeWh: 400 + (index % 5) * 10,
    importWh: index % 2 === 0 ? 300 : 0,
    exportWh: index % 2 === 0 ? 0 : 200,
    generationWh: 0,
    consumptionWh: 0,
    prices: undefined,
  }));

const paths = (svg: string): string[] => [...svg.matchAll(/ d="([^"]+)"/g)].map((match) => match[1] ?? "");
const pointsOf = (path: string): number => path.split(/(?=[ML])/).length;

describe("the picture of a run", () => {
  it("names the run, its currency, its units and its time", () => {
    const svg = overviewSvg(rows(48), options);
    for (const words of [
      "homes &amp; &lt;batteries&gt;",
      "Price, GBP per kWh",
      "Traded, kWh per period",
      "import",
      "export",
      "2016-07-31T09:00:00Z to 2016-08-01T09:00:00Z (UTC), 48 periods of 30 min",
    ]) {
      expect(svg).toContain(words);
    }
  });

  it("draws every period of a day, with a gap where there was no price", () => {
    const [price = "", traded = ""] = paths(overviewSvg(rows(48), options));
    expect(pointsOf(traded)).toBe(48);
    expect(pointsOf(price)).toBe(43);
    expect(price.split("M").length - 1).toBe(6);
  });

  it("draws at most 1000 points, however long the run", () => {
    for (const count of [1000, 1001, 1488, 1489, 17_520, 200_000]) {
      const [, traded = ""] = paths(overviewSvg(rows(count), options));
      expect(pointsOf(traded)).toBeLessThanOrEqual(1000);
      expect(pointsOf(traded)).toBeGreaterThan(20);
    }
  });

  it("holds no number that is none, whatever the run", () => {
    for (const count of [0, 1, 2, 48, 17_520]) {
      expect(overviewSvg(rows(count), options)).not.toMatch(/NaN|Infinity|undefined/);
    }
    const flat = rows(3).map((row) => ({ ...row, priceMicroPerKwh: null, volumeWh: 0, importWh: 0, exportWh: 0 }));
    const svg = overviewSvg(flat, options);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg).toContain(">none<");
  });

  it("is self-contained: it asks for nothing from outside and runs nothing", () => {
    expect(overviewSvg(rows(48), options)).not.toMatch(/<script|href|url\(|@import/);
  });
});

describe("the marks of an axis", () => {
  it("of values span them in steps of 1, 2 or 5", () => {
    expect(valueMarks(0, 0.145, 4).map(({ label }) => label)).toEqual(["0.00", "0.05", "0.10", "0.15"]);
    expect(valueMarks(-0.3, 1.1, 4).map(({ label }) => label)).toEqual(["-0.5", "0.0", "0.5", "1.0", "1.5"]);
    expect(valueMarks(0, 0, 4).length).toBeGreaterThan(1);
  });

  it("of time stand on whole hours, days or months, and on 12 at most", () => {
    const labels = (days: number) => timeMarks(startMs, startMs + days * 86_400_000, 12).map(({ label }) => label);
    expect(labels(1).slice(0, 3)).toEqual(["10:00", "12:00", "14:00"]);
    expect(labels(1)).toContain("08-01");
    expect(labels(7)).toEqual(["08-01", "08-02", "08-03", "08-04", "08-05", "08-06", "08-07"]);
    expect(labels(365).slice(0, 2)).toEqual(["2016-08", "2016-09"]);
    for (const days of [0.1, 1, 3, 10, 40, 365, 3000]) expect(labels(days).length).toBeLessThanOrEqual(13);
  });

  it("draw a long run by whole days and a middling one by whole hours", () => {
    expect(periodsPerPoint(1000, 30, 1000)).toBe(1);
    expect(periodsPerPoint(1488, 30, 1000)).toBe(4 / 2);
    expect(periodsPerPoint(17_520, 30, 1000)).toBe(48);
    expect(periodsPerPoint(8760, 60, 1000)).toBe(24);
    expect(periodsPerPoint(4000, 5, 1000)).toBe(12);
  });
});
