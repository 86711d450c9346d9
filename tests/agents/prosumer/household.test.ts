import { describe, expect, it } from "vitest";
import { expectedNetWh, householdOf, livePeriod, noDuty, rememberPeriod } from "../../../agents/prosumer/household.js";
import type { BotSpecification, ForecastMethod } from "../../../agents/prosumer/specification.js";
import { noTrends, type Trends, takeConsumptionCurve, takeSolarForecast } from "../../../agents/prosumer/trends.js";
import { watt } from "../../../shared/units.js";
import { consumptionCurve, half, homeWith, solarForecast, startMs } from "./sample-home.js";

const slots = 96;
const nowSlot = 60;

function trends(): Trends {
  const heard = noTrends();
  takeSolarForecast(heard, { ...solarForecast, v: 1 });
  takeConsumptionCurve(heard, { ...consumptionCurve, v: 1 }, "Europe/London");
  return heard;
}

/** A home of two days' series whose slots from `nowSlot` on are multiplied by `future`. */
function homeOf(forecast: ForecastMethod, future: number): BotSpecification {
  const energy = (base: number) =>
    Int32Array.from({ length: slots }, (_, slot) => (base + slot) * (slot < nowSlot ? 1 : future));
  const of = (base: number) => ({ fromMs: startMs, periodMinutes: 30, energyWh: energy(base), repeats: false });
  return homeWith([
    { kind: "load", series: of(400), disturbance: 0.1, forecast },
    { kind: "solar", peakW: watt(4000), series: of(100), disturbance: 0.1, forecast },
  ]);
}

function forecastsAt(forecast: ForecastMethod, future: number): number[] {
  const home = householdOf(homeOf(forecast, future), 30);
  const heard = trends();
  for (let slot = 0; slot < nowSlot; slot += 1) livePeriod(home, heard, noDuty, startMs + slot * half);
  return Array.from({ length: 30 }, (_, ahead) => expectedNetWh(home, heard, startMs + (nowSlot + ahead) * half));
}

describe("a home's forecast", () => {
  it.each(["persistence", "trend"] as const)("by %s is the same whatever the future will be", (forecast) => {
    expect(forecastsAt(forecast, 9)).toEqual(forecastsAt(forecast, 1));
    expect(forecastsAt(forecast, 1)).not.toContain(0);
  });

  it("by perfect foresight is the series itself", () => {
    expect(forecastsAt("perfect", 2).slice(0, 2)).toEqual([2 * (160 - 460), 2 * (161 - 461)]);
  });

  it("without any reading takes the published trend", () => {
    const home = householdOf(homeOf("persistence", 1), 30);
    // 300 W/m2 on 4 kW for half an hour at the first guess of 0.75, less 0.4 kW for half an hour.
    expect(expectedNetWh(home, trends(), startMs)).toBe(450 - 200);
  });

  it("remembers the day before, where its series reaches back so far", () => {
    const home = householdOf(homeOf("persistence", 1), 30);
    rememberPeriod(home, trends(), startMs - half);
    const before = expectedNetWh(home, trends(), startMs + 48 * half);
    rememberPeriod(home, trends(), startMs);
    expect(before).toBe(250);
    expect(expectedNetWh(home, trends(), startMs + 48 * half)).not.toBe(250);
  });
});
