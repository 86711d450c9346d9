import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { environmentMessages } from "../../agents/environment/environment.js";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import { consumptionCurve, solarForecast, solarOutput } from "../../shared/messages/public.js";
import { hourMs, isoUtc, minuteMs } from "../../shared/time.js";

const half = 30 * minuteMs;
const startMs = Date.parse("2016-03-26T12:00:00Z");
const specification = {
  market: "main",
  seed: 5,
  periodMinutes: 30,
  solarOutputWm2: {
    fromMs: startMs,
    values: Array.from({ length: 96 }, (_, slot) => 100 + slot),
    repeats: false,
  },
  temperatureC: null,
  typicalKw: Array.from({ length: 48 }, (_, slot) => slot),
  days: [
    { date: "2016-03-26", fromMs: Date.parse("2016-03-26T00:00:00Z") },
    { date: "2016-03-27", fromMs: Date.parse("2016-03-27T00:00:00Z") },
    { date: "2016-03-28", fromMs: Date.parse("2016-03-27T23:00:00Z") },
  ],
};
const at = (tsMs: number, first = false) =>
  environmentMessages(specification, { tsMs, roundLengthMs: half / 3, first });
const named = (tsMs: number, first = false) => at(tsMs, first).map(({ topic }) => topic);

describe("the environment", () => {
  it("publishes all at its first tick, by the contract's schemas", () => {
    const messages = at(startMs, true);
    expect(messages.map(({ topic }) => topic)).toEqual(["solar-output", "solar-forecast", "consumption-curve"]);
    const schemas = {
      "solar-output": solarOutput,
      "solar-forecast": solarForecast,
      "consumption-curve": consumptionCurve,
    };
    for (const { topic, message } of messages) expect(schemas[topic].safeParse(message).success).toBe(true);
  });

  it("tells a period's sun one tick before the period, and nothing in between", () => {
    expect(named(startMs)).toEqual([]);
    expect(named(startMs + half / 3)).toEqual([]);
    const [output] = at(startMs + (2 * half) / 3);
    expect(output?.message).toMatchObject({ ts: isoUtc(startMs + 20 * minuteMs), ghiWm2: 101 });
  });

  it("tells the next day's curve one tick before local midnight, an hour short where clocks go forward", () => {
    const midnight = Date.parse("2016-03-27T00:00:00Z");
    expect(named(midnight)).not.toContain("consumption-curve");
    const curve = at(midnight - half / 3).find(({ topic }) => topic === "consumption-curve")?.message;
    expect(curve).toMatchObject({ date: "2016-03-27" });
    const { typicalKw } = consumptionCurve.parse(curve);
    expect(typicalKw).toHaveLength(46);
    expect(typicalKw.slice(2, 6)).toEqual([2, 3, 6, 7]);
  });

  it("goes on with days of 24 h beyond those it was given", () => {
    const later = Date.parse("2016-04-02T23:00:00Z") - half / 3;
    expect(at(later).at(-1)?.message).toMatchObject({ date: "2016-04-03" });
  });

  it("forecasts each hour as on the latest day that is known, and nothing before there was one", () => {
    const dayLater = startMs + 48 * half - half / 3; // the last tick before a day of data is complete
    const forecast = solarForecast.parse(at(dayLater).find(({ topic }) => topic === "solar-forecast")?.message);
    expect(forecast.ghiWm2).toHaveLength(48);
    expect(forecast.ghiWm2.slice(0, 47)).toEqual(Array.from({ length: 47 }, (_, slot) => 100 + slot));
    expect(forecast.ghiWm2[47]).toBe(0); // that slot of today has not ended yet, and there is no day before
    expect(solarForecast.parse(at(startMs, true)[1]?.message).ghiWm2.every((value) => value === 0)).toBe(true);
  });

  it("never sees the future: another future gives the same forecast", () => {
    const nowMs = startMs + 30 * half - half / 3;
    const values = specification.solarOutputWm2.values.map((value, slot) => (slot < 30 ? value : 7));
    const otherwise = { ...specification, solarOutputWm2: { ...specification.solarOutputWm2, values } };
    const messages = environmentMessages(otherwise, { tsMs: nowMs, roundLengthMs: half / 3, first: false });
    expect(messages.find(({ topic }) => topic === "solar-forecast")).toEqual(
      at(nowMs).find(({ topic }) => topic === "solar-forecast"),
    );
  });

  it("as a machine publishes retained, once per tick however often the tick comes", () => {
    const actor = createActor(environmentMachine, { input: { specification, roundLengthMs: half } });
    const published: string[] = [];
    actor.on("PUBLISH", ({ topic, retain }) => published.push(`${topic} ${retain}`));
    actor.start();
    actor.send({ type: "TICK", tsMs: startMs, seq: 1 });
    actor.send({ type: "TICK", tsMs: startMs, seq: 1 });
    expect(published).toEqual([
      "elecbay/main/public/solar-output true",
      "elecbay/main/public/solar-forecast true",
      "elecbay/main/public/consumption-curve true",
    ]);
    actor.send({ type: "TICK", tsMs: startMs + hourMs, seq: 2 });
    expect(published).toHaveLength(5);
  });
});
