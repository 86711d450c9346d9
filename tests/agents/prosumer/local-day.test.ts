import { describe, expect, it } from "vitest";
import { localMidnightMs } from "../../../agents/prosumer/local-day.js";
import { isoUtc } from "../../../shared/time.js";

describe("a local day", () => {
  it.each([
    ["2016-08-01", "Europe/London", "2016-07-31T23:00:00Z"],
    ["2016-03-27", "Europe/London", "2016-03-27T00:00:00Z"],
    ["2016-03-28", "Europe/London", "2016-03-27T23:00:00Z"],
    ["2016-10-31", "Europe/London", "2016-10-31T00:00:00Z"],
    ["2016-11-06", "America/Los_Angeles", "2016-11-06T07:00:00Z"],
    ["2016-10-02", "Australia/Sydney", "2016-10-01T14:00:00Z"],
  ])("%s of %s begins at %s", (date, timezone, expected) => {
    expect(isoUtc(localMidnightMs(date, timezone))).toBe(expected);
  });
});
