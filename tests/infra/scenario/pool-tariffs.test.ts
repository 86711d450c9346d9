import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { withMonths } from "../../../infra/scenario/month-starts.js";
import { lastPeriod } from "../../../market/managers/calendar.js";
import { billSharing } from "../../../market/rules/mechanisms/bill-sharing.js";
import { midMarketRate } from "../../../market/rules/mechanisms/mid-market-rate.js";
import { scenarioFile, smallScenario } from "./scenario-file.js";

const pool = (name: string): string => `mechanism: { name: ${name} }`;
const loadLine = smallScenario.at(-1) ?? "";
/** The small scenario with a second home that has `own` of its own. */
const twoHomes = (mechanism: string, ...own: string[]): string =>
  scenarioFile([mechanism, ...smallScenario, "  - id: home2", loadLine, ...own.map((line) => `    ${line}`)]);

describe("a scenario with a pool", () => {
  it.each(["mid-market-rate", "supply-demand-ratio", "bill-sharing"])(
    "of %s is refused with a tariff of one's own",
    (name) => {
      const path = twoHomes(pool(name), "tariff: { retail: 0.2, export: 0.05 }");
      expect(() => loadScenario(path)).toThrow(
        /test\.yaml:17: bots\.1\.tariff: the pool .* one retail and one export price for all; home2 has not what home1 has/,
      );
    },
  );

  it("is refused with a second supplier, though it has the same prices", () => {
    const suppliers = "suppliers: [{ name: other, retail: 0.15, export: 0.05 }]";
    const path = twoHomes(`${pool("mid-market-rate")}\n${suppliers}`, "supplier: other");
    expect(() => loadScenario(path)).toThrow(/bots\.1\.supplier: the pool mid-market-rate has one supplier/);
  });

  it("is refused where guests would have another tariff than the bots", () => {
    const lines = [
      pool("mid-market-rate"),
      "guests: true",
      ...smallScenario,
      "    tariff: { retail: 0.2, export: 0.05 }",
    ];
    expect(() => loadScenario(scenarioFile(lines))).toThrow(/guests: the pool mid-market-rate/);
  });

  it("is taken where all have the same, and with an auction everyone may have his own", () => {
    const same = "tariff: { retail: 0.15, export: 0.05 }";
    expect(loadScenario(twoHomes(pool("bill-sharing"), same)).bots).toHaveLength(2);
    expect(loadScenario(twoHomes(pool("uniform"), "tariff: { retail: 0.2, export: 0.05 }")).bots).toHaveLength(2);
  });
});

describe("the terms of a market", () => {
  const { terms } = loadScenario(scenarioFile([pool("bill-sharing"), ...smallScenario]));

  it("name the local months where the mechanism prices a month, from the first period's to one after the last", () => {
    const { monthStartsMs = [] } = withMonths(terms, billSharing).calendar;
    expect(monthStartsMs.map((startMs) => new Date(startMs).toISOString().slice(0, 16))).toEqual([
      "2017-02-01T00:00",
      "2017-03-01T00:00",
    ]);
    expect(withMonths(terms, midMarketRate)).toBe(terms);
  });

  it("name a hundred years of months where the run goes on for ever", () => {
    const endless = { ...terms, calendar: { ...terms.calendar, periods: undefined } };
    expect(lastPeriod(endless.calendar)).toBe(Number.POSITIVE_INFINITY);
    const { monthStartsMs = [] } = withMonths(endless, billSharing).calendar;
    expect(monthStartsMs).toHaveLength(1201);
    expect(new Date(monthStartsMs.at(-1) ?? 0).toISOString()).toBe("2117-02-01T00:00:00.000Z");
  });
});
