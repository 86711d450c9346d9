import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { instantFromIso, minuteMs } from "../../../shared/time.js";
import { changed, scenarioFile } from "./scenario-file.js";

/** Retail prices of the run's periods, by the start of the period in UTC. */
function retail(
  bands: string,
  lines: readonly string[] = changed("start:", "firstPeriod: 2017-02-20T00:00:00Z"),
  periods = 48,
) {
  const supplier = `supplier: { export: 0.05, retail: ${bands} }`;
  const text = lines.map((line) => (line.startsWith("supplier:") ? supplier : line));
  const { supplier: loaded, firstPeriodMs, endless } = loadScenario(scenarioFile(text), { overrides: { periods } });
  const prices = loaded.guestTariff.importMicroPerKwh;
  return {
    prices,
    endless,
    at: (iso: string) => prices[((instantFromIso(iso) ?? 0) - firstPeriodMs) / (30 * minuteMs)],
  };
}

describe("a time-of-use tariff", () => {
  it("changes with the hour: Economy 7 and Economy 10 of elecbay.md 2.6", () => {
    const seven = retail('{ otherwise: 0.183, timeOfUse: [{ from: "00:00", to: "07:00", price: 0.0788 }] }');
    expect(seven.prices.filter((price) => price === 78_800)).toHaveLength(14);
    expect([seven.at("2017-02-20T06:30:00Z"), seven.at("2017-02-20T07:00:00Z")]).toEqual([78_800, 183_000]);
    const bands = [
      ["00:00", "05:00"],
      ["13:00", "16:00"],
      ["20:00", "22:00"],
    ]
      .map(([from, to]) => `{ from: "${from}", to: "${to}", price: 0.1007 }`)
      .join(", ");
    const ten = retail(`{ otherwise: 0.1868, timeOfUse: [${bands}] }`);
    expect(ten.prices.filter((price) => price === 100_700)).toHaveLength(20);
    expect(ten.endless).toBe(false);
  });

  it("follows the wall clock over a change of the clocks", () => {
    const lines = changed("start:", "firstPeriod: 2017-03-25T00:00:00Z");
    const { at } = retail('{ otherwise: 0.2, timeOfUse: [{ from: "00:00", to: "07:00", price: 0.1 }] }', lines, 96);
    expect([at("2017-03-25T06:30:00Z"), at("2017-03-25T07:00:00Z")]).toEqual([100_000, 200_000]);
    expect([at("2017-03-26T05:30:00Z"), at("2017-03-26T06:00:00Z")]).toEqual([100_000, 200_000]); // 07:00 in summer
  });

  it("may pass midnight, hold at weekends or in some months; the first band that fits counts", () => {
    const bands =
      '{ from: "12:00", to: "13:00", price: 0.01, months: [7] }, { from: "22:00", to: "06:00", price: 0.1, days: weekdays }, ' +
      '{ from: "00:00", to: "24:00", price: 0.15, days: weekends }';
    const lines = changed("start:", "firstPeriod: 2017-02-17T00:00:00Z"); // a Friday
    const { at } = retail(`{ otherwise: 0.3, timeOfUse: [${bands}] }`, lines, 96);
    const hours = ["17T05:30", "17T06:00", "17T12:00", "17T22:00", "18T00:00", "18T12:00", "18T23:30"];
    expect(hours.map((hour) => at(`2017-02-${hour}:00Z`))).toEqual([
      100_000, 300_000, 300_000, 100_000, 150_000, 150_000, 150_000,
    ]);
  });
});

describe("several suppliers", () => {
  it("each serve those who name them; the others have the first one", () => {
    const lines = [
      ...changed("- id:", "  - id: home1", "    supplier: green", "    deposit: 5"),
      "  - id: home2",
      "    load: { file: day.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day, column: load_type2_kw, unit: kW }",
      "suppliers:",
      "  - { name: green, retail: 0.2, export: 0.1 }",
      "credit: { limit: 3 }",
    ];
    const { supplier, terms } = loadScenario(scenarioFile(lines));
    expect(
      supplier.tariffs.map((tariff) => [tariff.participant, tariff.supplier, tariff.importMicroPerKwh[0]]),
    ).toEqual([
      ["home1", "green", 200_000],
      ["home2", "retail1", 150_000],
    ]);
    expect(supplier.systemBuyMicroPerKwh).toEqual([160_000]);
    expect(terms.members.map((member) => [member.creditLimitMicro, member.depositMicro])).toEqual([
      [3_000_000, 5_000_000],
      [3_000_000, 0],
    ]);
  });
});

describe("the carbon of the grid's electricity", () => {
  it("is one number, or a column in grams or kilograms", () => {
    const carbon = (text: string) => {
      const lines = changed("environment:", "environment:", `  carbon: ${text}`);
      return loadScenario(scenarioFile(lines, { "carbon.csv": csv })).supplier.carbonMilligramPerKwh;
    };
    const csv = `at,kg\n${Array.from({ length: 48 }, (_, hour) => `2017-02-${20 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, "0")}:00,0.${100 + hour}`).join("\n")}`;
    expect(carbon("170.72")).toEqual([170_720]);
    const column = "{ file: carbon.csv, column: kg, unit: kgCO2/kWh, stepMinutes: 60, clock: utc }";
    expect(carbon(column)?.slice(0, 4)).toEqual([111_000, 111_000, 112_000, 112_000]); // from 11:00, the first period
  });
});
