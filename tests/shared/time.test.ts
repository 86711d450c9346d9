import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dayMs,
  hourMs,
  instantFromIso,
  isoUtc,
  minuteMs,
  periodContaining,
  periodFromTopicLevel,
  periodTopicLevel,
} from "../../shared/time.js";

const someInstant = Date.UTC(2016, 7, 1, 0, 30);
const seconds = fc.integer({ min: 0, max: 4_102_444_799 }).map((value) => value * 1000);

describe("an instant", () => {
  it("is written in UTC without fractions", () => {
    expect(isoUtc(someInstant)).toBe("2016-08-01T00:30:00Z");
    expect(isoUtc(someInstant + 999)).toBe("2016-08-01T00:30:00Z");
  });

  it("comes back from its text", () => {
    fc.assert(
      fc.property(seconds, (instantMs) => {
        expect(instantFromIso(isoUtc(instantMs))).toBe(instantMs);
      }),
    );
  });

  it("is on 29 February in leap years only", () => {
    expect(instantFromIso("2012-02-29T00:00:00Z")).toBe(Date.UTC(2012, 1, 29));
    for (const year of ["2013", "2100"]) expect(instantFromIso(`${year}-02-29T00:00:00Z`)).toBeUndefined();
  });

  it.each([
    "2016-08-01T00:30:00.000Z",
    "2016-08-01T00:30:00+00:00",
    "2016-08-01T00:30:00",
    "2016-08-01 00:30:00Z",
    "2016-08-01T00:30Z",
    "2016-8-1T00:30:00Z",
    "2016-04-31T00:30:00Z",
    "2016-13-01T00:30:00Z",
    "2016-08-01T24:00:00Z",
    "2016-08-01T00:60:00Z",
    " 2016-08-01T00:30:00Z",
    "",
  ])("is not %j", (text) => {
    expect(instantFromIso(text)).toBeUndefined();
  });
});

describe("a delivery period", () => {
  it("is named on topics by its start, to the minute", () => {
    expect(periodTopicLevel(someInstant)).toBe("20160801-0030");
    expect(periodFromTopicLevel("20160801-0030")).toBe(someInstant);
  });

  it.each(["20160801-2430", "20130229-0000", "2016-08-01", "20160801-00300", "20160801_0030", ""])(
    "has no name like %j",
    (level) => {
      expect(periodFromTopicLevel(level)).toBeUndefined();
    },
  );

  it("contains each instant from its start to before its end, whatever its length", () => {
    fc.assert(
      fc.property(seconds, fc.constantFrom(5, 15, 30, 60), (instantMs, minutes) => {
        const startMs = periodContaining(instantMs, minutes);
        expect(startMs).toBeLessThanOrEqual(instantMs);
        expect(instantMs - startMs).toBeLessThan(minutes * minuteMs);
        expect(startMs % (minutes * minuteMs)).toBe(0);
        expect(periodFromTopicLevel(periodTopicLevel(startMs))).toBe(startMs);
      }),
    );
  });

  it("is one of 24 hours of 60 minutes a day", () => {
    expect(dayMs).toBe(24 * hourMs);
    expect(hourMs).toBe(60 * minuteMs);
  });
});

describe("the text of an instant", () => {
  it("is the platform's own without fractions, for every instant", () => {
    const anyInstant = fc.oneof(
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
      fc.double({ min: 0, max: 4e12, noNaN: true }),
      fc.integer({ min: 0, max: 30_000 }).map((day) => day * 86_400_000),
      fc.constantFrom(253_402_300_799_999, 253_402_300_800_000, -1, 0),
    );
    fc.assert(
      fc.property(anyInstant, (instantMs) => {
        const whole = new Date(instantMs).toISOString();
        expect(isoUtc(instantMs)).toBe(`${whole.slice(0, 19)}Z`);
      }),
      { numRuns: 2000 },
    );
    expect(() => isoUtc(Number.NaN)).toThrow(RangeError);
    expect(() => isoUtc(8.65e15)).toThrow(RangeError);
  });
});
