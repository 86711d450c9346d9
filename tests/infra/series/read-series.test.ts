import { describe, expect, it } from "vitest";
import { InputError } from "../../../infra/series/input-error.js";
import { readEnergy, readMean, readPrice } from "../../../infra/series/read-series.js";
import type { SeriesReference } from "../../../infra/series/series-reference.js";
import { columnOf, rows } from "./table-file.js";

const halves = ["2013-01-01T00:00", "2013-01-01T00:30", "2013-01-01T01:00", "2013-01-01T01:30"];
const hours = ["2013-01-01T00:00", "2013-01-01T01:00"];

function energy(text: string, over: Partial<SeriesReference> = {}, periodMinutes = 30, peakW?: number): number[] {
  return [...readEnergy(columnOf(text, over), periodMinutes, peakW).values];
}

describe("a series on the market's periods", () => {
  it("splits a coarser step evenly and carries the remainder forward", () => {
    // 0.8513 and 0.8512 kWh: 425.65, 851.3, 1276.9 and 1702.5 Wh in all
    expect(energy(rows(hours, [0.8513, 0.8512]), { stepMinutes: 60 })).toEqual([426, 425, 426, 426]);
    expect(energy(rows(hours, [0.001, 0.001]), { stepMinutes: 60 }, 15)).toEqual([0, 1, 0, 0, 0, 1, 0, 0]);
  });

  it("sums a finer step", () => {
    expect(energy(rows(halves, [0.1, 0.2, 0.3, 0.4]), {}, 60)).toEqual([300, 700]);
  });

  it("leaves out what is covered only in part", () => {
    const text = rows(["2013-01-01T00:30", "2013-01-01T01:00", "2013-01-01T01:30", "2013-01-01T02:00"]);
    const series = readEnergy(columnOf(text), 60, undefined);
    expect(series.fromMs).toBe(Date.parse("2013-01-01T01:00:00Z"));
    expect([...series.values]).toEqual([5000]);
  });

  it("takes power as the mean of its step and percent as a share of the peak", () => {
    expect(energy(rows(hours, [2, 1]), { unit: "kW", stepMinutes: 60 }, 60)).toEqual([2000, 1000]);
    expect(energy(rows(halves, [2, 1, 0, 4]), { unit: "kW" }, 60)).toEqual([1500, 2000]);
    expect(energy(rows(halves, [400, 0, 0, 0]), { unit: "W" })).toEqual([200, 0, 0, 0]);
    expect(energy(rows(halves, [50, 100, 0, 10]), { unit: "percent" }, 30, 3000)).toEqual([750, 1500, 0, 150]);
    expect(energy(rows(halves), { scale: 0.5 })).toEqual([500, 1000, 1500, 2000]);
  });

  it("holds prices and temperatures of a coarser step and averages those of a finer one", () => {
    const coarse = columnOf(rows(hours, [0.22, 0.5]), { unit: "price", stepMinutes: 60 });
    expect(readPrice(coarse, 30).values).toEqual([220_000, 220_000, 500_000, 500_000]);
    const fine = columnOf(rows(halves, [-4, -2, 3, 5]), { unit: "C" });
    expect(readMean(fine, 60, "temperature").values).toEqual([-3, 4]);
    expect(readMean(fine, 15, "temperature").values).toEqual([-4, -4, -2, -2, 3, 3, 5, 5]);
  });

  it("reads percent of peak as irradiance, 100 percent being 1000 W/m2", () => {
    const sun = columnOf(rows(halves, [0, 20, 100, 50]), { unit: "percent" });
    expect(readMean(sun, 30, "irradiance").values).toEqual([0, 200, 1000, 500]);
  });

  it("tells the data's own step", () => {
    expect(readEnergy(columnOf(rows(hours), { stepMinutes: 60 }), 30, undefined).trueStepMinutes).toBe(60);
  });

  it("reads a typical day whose rows are named by their ends", () => {
    const ends = [...Array(24).keys()].map((hour) => `${String((hour + 1) % 24).padStart(2, "0")}:00`);
    const day = columnOf(rows(ends), { stepMinutes: 60, clock: "uniform", stamps: "end", repeats: "day" });
    const series = readEnergy(day, 60, undefined);
    expect(series.day).toBe(true);
    expect([...series.values].slice(0, 3)).toEqual([1000, 2000, 3000]);
    expect(series.values).toHaveLength(24);
  });
});

const faults: [string, string, Partial<SeriesReference>, RegExp][] = [
  [
    "a column that is not there",
    rows(halves),
    { column: "load" },
    /homes\.csv:1: load: there is no such column; the file has at, kwh/,
  ],
  [
    "a time column that is not there",
    rows(halves),
    { timeColumn: "when" },
    /homes\.csv:1: when: there is no such column/,
  ],
  ["a column named twice", "at,kwh,kwh\n2013-01-01T00:00,1,2", {}, /homes\.csv:1: kwh: the column is named twice/],
  [
    "a cell that is no number",
    rows(halves, [1, 2, "n/a", 4]),
    {},
    /homes\.csv:4: kwh: "n\/a" is no number; write 1\.25/,
  ],
  ["a decimal comma", 'at,kwh\n2013-01-01T00:00,"1,5"', {}, /homes\.csv:2: kwh: "1,5" is no number/],
  ["a negative consumption", rows(halves, [1, -2, 3, 4]), {}, /homes\.csv:3: kwh: -2 is negative/],
  [
    "a row too short",
    "at,kwh\n2013-01-01T00:00,1\n2013-01-01T00:30",
    {},
    /homes\.csv:3: is no CSV table: Invalid Record Length/,
  ],
  ["an empty file", "", {}, /homes\.csv:1: the file is empty/],
  ["no rows", "at,kwh\n", {}, /homes\.csv:2: there are no rows below the column names/],
  ["a stamp that is none", rows(["1/8/2016 00:00"]), {}, /homes\.csv:2: at: "1\/8\/2016 00:00" is no date and time/],
  ["a day that never was", rows(["2013-02-29T00:00"]), {}, /homes\.csv:2: at: "2013-02-29T00:00" is no date and time/],
  [
    "a stamp that comes twice",
    rows(["2013-01-01T00:00", "2013-01-01T00:00"]),
    {},
    /:3: at: 2013-01-01T00:00:00 comes twice, first in line 2; remove/,
  ],
  [
    "stamps out of order",
    rows(["2013-01-01T00:30", "2013-01-01T00:00"]),
    {},
    /:3: at: 2013-01-01T00:00:00 comes after .*; sort the rows/,
  ],
  [
    "a step that is not the data's",
    rows(halves),
    { stepMinutes: 60 },
    /:3: kwh: .* does not lie on steps of 60 minutes from the row before/,
  ],
  [
    "a unit that is no energy",
    rows(halves),
    { unit: "C" },
    /scenario\.yaml:7: load\.file: column kwh is given in C, but here kWh, Wh, kW or W is needed/,
  ],
  [
    "data shorter than a period",
    rows(["2013-01-01T00:00"]),
    { stepMinutes: 15 },
    /kwh: the data, from 2013-01-01T00:00:00Z, does not hold one whole period/,
  ],
  [
    "a typical day that is too short",
    rows(["00:00", "00:30"]),
    { repeats: "day" },
    /:3: at: a typical day of steps of 30 minutes has 48 rows, here are 2/,
  ],
  [
    "a typical day that starts late",
    rows(["00:30", "01:00"]),
    { repeats: "day" },
    /:2: at: a typical day has one row per 30 minutes.*here 00:00 was expected/,
  ],
  ["a clock time that is none", rows(["25:00"]), { repeats: "day" }, /:2: at: "25:00" is no clock time like 00:30/],
];

describe("a fault in a data file", () => {
  it.each(faults)("is told with its place: %s", (_, text, over, message) => {
    const reading = () => readEnergy(columnOf(text, over), 30, undefined);
    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });

  it("carries file, line and column as fields too", () => {
    try {
      energy(rows(halves, [1, "x", 3, 4]));
      expect.unreachable("the fault was not found");
    } catch (error) {
      expect(error).toMatchObject({ name: "InputError", line: 3, column: "kwh" });
    }
  });
});
