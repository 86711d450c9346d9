import { describe, expect, it } from "vitest";
import { monthStarts } from "../../../infra/scenario/month-starts.js";
import { horizonOf, timesOf } from "../../../market/managers/calendar.js";
import type { CalendarTerms } from "../../../market/terms.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../shared/time.js";
import { calendar } from "./sample-terms.js";

const at = (iso: string): number => Date.parse(iso);
const halfHourMs = 30 * minuteMs;

/** A run whose first period starts at `iso`, priced by local months of `zone`. */
function monthly(iso: string, periods: number, zone: string): CalendarTerms {
  const startMs = at(iso) - 2 * hourMs; // as in sample-terms.ts: the first gate four ticks and more ahead
  const lastMs = at(iso) + (periods - 1) * halfHourMs;
  return { ...calendar, startMs, periods, monthStartsMs: monthStarts(at(iso), lastMs, zone) };
}
const horizon = (iso: string, terms: CalendarTerms): string[] => {
  const { startMs, endMs } = horizonOf(at(iso), terms);
  return [isoUtc(startMs), isoUtc(endMs)];
};

describe("the months of a calendar", () => {
  it("begin at local midnight, in summer and in winter time, from the one that holds the start to one after the end", () => {
    const starts = monthStarts(at("2016-10-15T12:00:00Z"), at("2016-11-30T23:59:00Z"), "Europe/London");
    expect(starts.map(isoUtc)).toEqual(["2016-09-30T23:00:00Z", "2016-11-01T00:00:00Z", "2016-12-01T00:00:00Z"]);
  });

  it("include one more where the run ends exactly as a month begins", () => {
    const starts = monthStarts(at("2016-07-31T23:00:00Z"), at("2016-08-31T23:00:00Z"), "Europe/London");
    expect(starts.map(isoUtc)).toEqual(["2016-07-31T23:00:00Z", "2016-08-31T23:00:00Z", "2016-09-30T23:00:00Z"]);
  });

  it("have the length that the clock changes give them", () => {
    const lengthOf = (month: string, zone: string) => {
      const [first = 0, next = 0] = monthStarts(at(`${month}-10T00:00:00Z`), at(`${month}-11T00:00:00Z`), zone);
      return (next - first) / halfHourMs;
    };
    expect(lengthOf("2016-03", "Europe/London")).toBe(31 * 48 - 2);
    expect(lengthOf("2016-10", "Europe/London")).toBe(31 * 48 + 2);
    expect(lengthOf("2016-10", "UTC")).toBe(31 * 48);
  });
});

describe("what is priced and billed together", () => {
  it("is the period alone where no months are named", () => {
    expect(horizon("2016-08-01T02:00:00Z", calendar)).toEqual(["2016-08-01T02:00:00Z", "2016-08-01T02:30:00Z"]);
  });

  it("is the local month as far as the run reaches, and its bill date counts from there", () => {
    const terms = monthly("2016-10-30T12:00:00Z", 96, "Europe/London"); // until 1 November, 12:00
    expect(horizon("2016-10-30T12:00:00Z", terms)).toEqual(["2016-10-30T12:00:00Z", "2016-11-01T00:00:00Z"]);
    expect(horizon("2016-10-31T23:30:00Z", terms)).toEqual(["2016-10-30T12:00:00Z", "2016-11-01T00:00:00Z"]);
    expect(horizon("2016-11-01T00:00:00Z", terms)).toEqual(["2016-11-01T00:00:00Z", "2016-11-01T12:00:00Z"]);
    const times = timesOf(at("2016-10-30T12:00:00Z"), terms);
    expect(isoUtc(times.billAtMs)).toBe("2016-11-02T00:00:00Z");
    expect(times.clearAtMs).toBe(times.billAtMs + 7 * dayMs);
    expect(isoUtc(timesOf(at("2016-11-01T11:30:00Z"), terms).billAtMs)).toBe("2016-11-02T12:00:00Z");
  });

  it("holds a period that a local midnight cuts in two in the month in which it starts", () => {
    const hours: CalendarTerms = { ...monthly("2016-08-31T12:00:00Z", 60, "Asia/Kolkata"), periodMinutes: 60 };
    // September begins at 18:30 UTC in Kolkata.
    expect(horizon("2016-08-31T18:00:00Z", hours)[1]).toBe("2016-08-31T19:00:00Z");
    expect(horizon("2016-08-31T19:00:00Z", hours)[0]).toBe("2016-08-31T19:00:00Z");
  });

  it("is refused beyond the months that are named", () => {
    const terms = monthly("2016-08-10T12:00:00Z", 4, "UTC");
    expect(() => horizonOf(at("2016-09-10T12:00:00Z"), terms)).toThrow(/2016-09-10T12:00:00Z/);
  });
});
