import { describe, expect, it } from "vitest";
import { readEnergy } from "../../../infra/series/read-series.js";
import { isoUtc } from "../../../shared/time.js";
import { columnOf, rows } from "./table-file.js";

const london = { clock: "zone Europe/London" };
const sydney = { clock: "zone Australia/Sydney" };

/** Starts of a column's half hours with their energy, in Wh. */
function read(stamps: readonly string[], over: Parameters<typeof columnOf>[1], timezone?: string): [string, number][] {
  const { fromMs, values } = readEnergy(columnOf(rows(stamps), over, timezone), 30, undefined);
  return [...values].map((energyWh, index) => [isoUtc(fromMs + index * 1_800_000).slice(5, 16), energyWh]);
}

describe("stamps on the wall clock of London", () => {
  it("leave out the hour that is skipped in March", () => {
    const stamps = ["2013-03-31T00:00", "2013-03-31T00:30", "2013-03-31T02:00", "2013-03-31T02:30"];
    expect(read(stamps, london)).toEqual([
      ["03-31T00:00", 1000],
      ["03-31T00:30", 2000],
      ["03-31T01:00", 3000],
      ["03-31T01:30", 4000],
    ]);
  });

  it("name the hour that is repeated in October twice, one pass after the other", () => {
    const stamps = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"].map((time) => `2013-10-27T${time}`);
    expect(read(stamps, london).map(([at]) => at)).toEqual([
      "10-26T23:30",
      "10-27T00:00",
      "10-27T00:30",
      "10-27T01:00",
      "10-27T01:30",
      "10-27T02:00",
    ]);
  });

  it("may name the ends of the half hours", () => {
    const stamps = ["01:00", "01:30", "01:00", "01:30", "02:00"].map((time) => `2013-10-27T${time}`);
    expect(read(stamps, { ...london, stamps: "end" }).map(([at]) => at)).toEqual([
      "10-26T23:30",
      "10-27T00:00",
      "10-27T00:30",
      "10-27T01:00",
      "10-27T01:30",
    ]);
  });

  it("are refused inside the skipped hour, with the line", () => {
    expect(() => read(["2013-03-31T00:30", "2013-03-31T01:00"], london)).toThrow(
      /homes\.csv:3: at: 2013-03-31T01:00:00 never was in Europe\/London: its clock skipped that hour; remove the row/,
    );
  });

  it("are refused where the repeated hour comes once, also when gaps are held", () => {
    const stamps = ["00:30", "01:00", "01:30", "02:00"].map((time) => `2013-10-27T${time}`);
    expect(() => read(stamps, { ...london, gaps: "hold" })).toThrow(
      /homes\.csv:5: at: the hour that Europe\/London repeats when its clock goes back comes once before 2013-10-27T02:00:00/,
    );
  });

  it("are refused where a row comes a third time", () => {
    const stamps = ["01:00", "01:30", "01:00", "01:30", "01:30"].map((time) => `2013-10-27T${time}`);
    expect(() => read(stamps, london)).toThrow(/:6: at: 2013-10-27T01:30:00 comes twice, first in line 5/);
  });
});

describe("stamps on the wall clock of Sydney", () => {
  it("leave out the hour that is skipped in October", () => {
    const stamps = ["2013-10-06T01:30", "2013-10-06T03:00"];
    expect(read(stamps, sydney).map(([at]) => at)).toEqual(["10-05T15:30", "10-05T16:00"]);
  });

  it("name the hour that is repeated in April twice", () => {
    const stamps = ["02:00", "02:30", "02:00", "02:30", "03:00"].map((time) => `2013-04-07T${time}`);
    expect(read(stamps, sydney).map(([at]) => at)).toEqual([
      "04-06T15:00",
      "04-06T15:30",
      "04-06T16:00",
      "04-06T16:30",
      "04-06T17:00",
    ]);
  });
});

describe("a uniform clock", () => {
  it("counts on from the first stamp through both clock changes, whatever the stamps claim", () => {
    const spring = ["2013-03-31T00:30", "2013-03-31T01:00", "2013-03-31T01:30", "2013-03-31T02:00"];
    expect(read(spring, { clock: "uniform" }).map(([at]) => at)).toEqual([
      "03-31T00:30",
      "03-31T01:00",
      "03-31T01:30",
      "03-31T02:00",
    ]);
    const autumn = ["2013-04-07T01:30", "2013-04-07T02:00", "2013-04-07T02:30", "2013-04-07T03:00"];
    expect(read(autumn, { clock: "uniform" }, "Australia/Sydney").map(([at]) => at)).toEqual([
      "04-06T14:30",
      "04-06T15:00",
      "04-06T15:30",
      "04-06T16:00",
    ]);
  });

  it("reads its first stamp with the offset then valid in the scenario's timezone", () => {
    expect(read(["2016-08-01T00:00"], { clock: "uniform" }, "America/Los_Angeles")).toEqual([["08-01T07:00", 1000]]);
    expect(read(["2016-12-01T00:00"], { clock: "uniform" }, "America/Los_Angeles")).toEqual([["12-01T08:00", 1000]]);
  });

  it("refuses a row that does not follow by one step, even where gaps are held", () => {
    expect(() => read(["2013-01-01T00:00", "2013-01-01T01:00"], { clock: "uniform", gaps: "hold" })).toThrow(
      /homes\.csv:3: at: 2013-01-01T01:00:00 does not follow the row before by 30 minutes \(2013-01-01T00:30:00\)/,
    );
  });
});

describe("a fixed clock", () => {
  it("stands the given offset before UTC, on both sides of it", () => {
    expect(read(["2013-06-01T00:00"], { clock: "fixed +10:00" })).toEqual([["05-31T14:00", 1000]]);
    expect(read(["2013-06-01T00:00"], { clock: "fixed -08:00" })).toEqual([["06-01T08:00", 1000]]);
  });

  it("knows 29 February in a leap year", () => {
    const stamps = ["2016-02-28T23:30", "2016-02-29T00:00", "2016-02-29T23:30", "2016-03-01T00:00"];
    const held = read(stamps, { clock: "utc", gaps: "hold" });
    expect(held.at(0)?.[0]).toBe("02-28T23:30");
    expect(held.at(-1)?.[0]).toBe("03-01T00:00");
    expect(held).toHaveLength(50);
  });

  it("refuses 29 February in another year", () => {
    expect(() => read(["2013-02-28T23:30", "2013-02-29T00:00"], { clock: "utc" })).toThrow(
      /homes\.csv:3: at: "2013-02-29T00:00" is no date and time like 2016-08-01T00:30 that exists/,
    );
  });
});
