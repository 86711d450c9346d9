import { describe, expect, it } from "vitest";
import { readEnergy } from "../../../infra/series/read-series.js";
import { columnOf, rows } from "./table-file.js";

const hour = ["2013-01-01T00:00", "2013-01-01T00:30", "2013-01-01T01:00", "2013-01-01T01:30"];
const withoutTwo = ["2013-01-01T00:00", "2013-01-01T01:30"];

function energy(text: string, gaps: "hold" | "interpolate" | "refuse"): number[] {
  return [...readEnergy(columnOf(text, { gaps }), 30, undefined).values];
}

describe("gaps in a series", () => {
  it("hold the last value before them, for empty cells and missing rows alike", () => {
    expect(energy(rows(hour, [1, "", "", 4]), "hold")).toEqual([1000, 1000, 1000, 4000]);
    expect(energy(rows(withoutTwo, [1, 4]), "hold")).toEqual([1000, 1000, 1000, 4000]);
  });

  it("interpolate on the straight line between their neighbours", () => {
    expect(energy(rows(hour, [1, "", "", 4]), "interpolate")).toEqual([1000, 2000, 3000, 4000]);
    expect(energy(rows(withoutTwo, [4, 1]), "interpolate")).toEqual([4000, 3000, 2000, 1000]);
  });

  it("take the nearest value at the start and at the end, where there is only one neighbour", () => {
    expect(energy(rows(hour, ["", 2, 3, ""]), "hold")).toEqual([2000, 2000, 3000, 3000]);
    expect(energy(rows(hour, ["", 2, 3, ""]), "interpolate")).toEqual([2000, 2000, 3000, 3000]);
  });

  it("are refused where the rule says so, with the line of the empty cell or of the row after the missing ones", () => {
    expect(() => energy(rows(hour, [1, 2, "", 4]), "refuse")).toThrow(
      /homes\.csv:4: kwh: there is no value for 2013-01-01T01:00:00Z; give one, or set gaps: hold or gaps: interpolate/,
    );
    expect(() => energy(rows(withoutTwo), "refuse")).toThrow(
      /homes\.csv:3: kwh: there is no value for 2013-01-01T00:30:00Z/,
    );
  });

  it("cannot be filled where no row has a value", () => {
    expect(() => energy(rows(hour, ["", "", "", ""]), "hold")).toThrow(/kwh: no row has a value in this column/);
  });
});
