import { describe, expect, it } from "vitest";
import { learn, noExperience, persistenceWh, trendWh } from "../../../agents/devices/forecast.js";
import { dayMs, minuteMs } from "../../../shared/time.js";

const half = 30 * minuteMs;

describe("persistence", () => {
  it("knows nothing of a slot that was never read", () => {
    const experience = noExperience(30);
    learn(experience, 0, 500, undefined);
    expect(persistenceWh(experience, dayMs + half)).toBeUndefined();
  });

  it("expects tomorrow what the same slot of the day was, the newest day weighing most", () => {
    const experience = noExperience(30);
    learn(experience, 3 * half, 1000, undefined);
    learn(experience, dayMs + 3 * half, 2000, undefined);
    expect(persistenceWh(experience, 2 * dayMs + 3 * half)).toBe(1300);
  });
});

describe("a trend", () => {
  it("takes the curve at its first scale before anything was read", () => {
    expect(trendWh(noExperience(30), 800, 0.75)).toBe(600);
  });

  it("is scaled to what the device showed of the curve", () => {
    const experience = noExperience(30);
    learn(experience, 0, 300, 100);
    learn(experience, half, 600, 200);
    expect(trendWh(experience, 50, 1)).toBe(150);
  });
});
