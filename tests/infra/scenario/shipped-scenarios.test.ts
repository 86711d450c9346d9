import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { composingKeys } from "../../../infra/scenario/compose-scenario.js";
import { type LoadOptions, loadScenario } from "../../../infra/scenario/load-scenario.js";
import type { LoadedScenario } from "../../../infra/scenario/loaded-scenario.js";
import { scenarioSchema } from "../../../infra/scenario/scenario-schema.js";

const dataDir = "../shared/data";
const shipped = (name: string, options: LoadOptions = {}): LoadedScenario =>
  loadScenario(`scenarios/${name}.yaml`, options);

/** Energy of a bot's device over its whole series, in Wh. */
function totalWh(scenario: LoadedScenario, id: string, kind: "load" | "solar"): number {
  const devices = scenario.bots.find((bot) => bot.id === id)?.devices ?? [];
  return devices.reduce((sum, device) => {
    return device.kind === kind ? sum + device.series.energyWh.reduce((a, b) => a + b, 0) : sum;
  }, 0);
}

describe("the thesis microgrid", () => {
  const scenario = shipped("thesis-microgrid");

  it("has ten peers, of whom only peer 4 generates nothing, and two batteries", () => {
    const kinds = scenario.bots.map((bot) => bot.devices.map((device) => device.kind).join("+"));
    expect(scenario.bots.map((bot) => bot.id)).toEqual([...Array(10).keys()].map((n) => `peer${n + 1}`));
    expect(kinds.filter((kind) => !kind.includes("solar"))).toEqual(["load"]);
    expect(kinds.indexOf("load")).toBe(3);
    expect(kinds.filter((kind) => kind.includes("battery"))).toHaveLength(2);
  });

  it("starts at nine in the morning of London, in three rounds a half hour, and may go on for ever", () => {
    expect(new Date(scenario.terms.calendar.startMs).toISOString()).toBe("2017-02-20T09:00:00.000Z");
    expect(scenario.terms.calendar).toMatchObject({ rounds: 3, periods: 48 });
    expect(scenario.endless).toBe(true);
  });

  it("derates the sun to 0.6 of the installed power", () => {
    // 611.2 percent-hours a day x 5 kW x 0.6
    expect(totalWh(scenario, "peer1", "solar")).toBe(18_336);
  });
});

describe("the swarm", () => {
  it("has twenty bots, or as many as are asked for", () => {
    expect(shipped("swarm").bots).toHaveLength(20);
    expect(shipped("swarm", { overrides: { bots: 3 } }).bots.map((bot) => bot.id)).toEqual(["bot1", "bot2", "bot3"]);
  });
});

const withData = describe.skipIf(!existsSync(dataDir));
withData("the metered homes (skipped where ../shared/data is not there)", () => {
  it("cover a whole year of eleven homes with sun, battery and a tariff by the hour, to the Wh", () => {
    const homes = shipped("homes", { dataDir });
    expect(homes.bots).toHaveLength(11);
    expect(homes.defaultPeriods).toBe(17_520);
    expect(homes.trueStepMinutes).toBe(60);
    expect(homes.foresight).toBe(false);
    expect(homes.bots.every((bot) => bot.devices.length === 3)).toBe(true);
    expect(totalWh(homes, "fon01", "load")).toBe(10_583_353);
    expect(homes.supplier.tariffs[0]?.importMicroPerKwh).toHaveLength(17_520);
    expect(new Set(homes.supplier.guestTariff.importMicroPerKwh)).toEqual(
      new Set([210_000, 220_000, 400_000, 500_000, 540_000]),
    );
  });

  it.each([
    ["fontana-clean", ["fon01", "fon02", "fon08", "fon09", "fon10", "fon11"]],
    ["sgsc", ["sgsc01", "sgsc02", "sgsc04", "sgsc06", "sgsc07", "sgsc09"]],
    ["lcl", ["mac000010", "mac004929"]],
  ])("come as the set %s", (set, ids) => {
    expect(shipped("homes", { dataDir, set }).bots.map((bot) => bot.id)).toEqual(ids);
  });
});

describe("the documentation of scenarios", () => {
  it("names every key of the schema", () => {
    const text = readFileSync("docs/scenarios.md", "utf8");
    const keys = new Set<string>([...keysOf(z.toJSONSchema(scenarioSchema, { io: "input" })), ...composingKeys]);
    expect(keys.size).toBeGreaterThan(60);
    const words = new Set(text.match(/[A-Za-z]\w*/g));
    expect([...keys].filter((key) => !words.has(key))).toEqual([]);
  });
});

/** Names of all properties in a JSON schema, at any depth. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) =>
    name === "properties" && typeof value === "object" && value !== null
      ? [...Object.keys(value), ...Object.values(value).flatMap(keysOf)]
      : keysOf(value),
  );
}
