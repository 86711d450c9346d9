import { describe, expect, it } from "vitest";
import { type LoadOptions, loadScenario } from "../../../infra/scenario/load-scenario.js";
import { InputError } from "../../../infra/series/input-error.js";
import { changed, scenarioFile, smallScenario } from "./scenario-file.js";

const bot = (text: string) => changed("load:", `    ${text}`);
const loadLine = smallScenario.at(-1) ?? "";
const year = "at,kwh\n2017-02-20T00:00,1\n2017-02-20T00:30,2";
const column = "file: load.csv, column: kwh, unit: kWh, stepMinutes: 30, clock: utc";

const faults: [string, readonly string[], RegExp, LoadOptions?][] = [
  [
    "an unknown key",
    [...smallScenario, "colour: red"],
    /test\.yaml:14: colour: unknown key "colour"; docs\/scenarios\.md/,
  ],
  [
    "an unknown key inside another",
    changed("rounds:", "  rounds: 3", "  gateMinute: 60"),
    /test\.yaml:11: calendar\.gateMinute: unknown key "gateMinute"/,
  ],
  [
    "an unknown key of a column",
    changed("load:", `${loadLine.slice(0, -2)}, colour: red }`),
    /test\.yaml:13: bots\.0\.load\.colour: unknown key "colour"/,
  ],
  [
    "an unknown key of a price column",
    changed("supplier:", "supplier:", "  export: 0.05", `  retail: { ${column}, colour: red }`),
    /test\.yaml:8: supplier\.retail\.colour: unknown key/,
  ],
  [
    "an unknown key of a set that is not chosen",
    [...smallScenario, "sets: { a: {},", "  b: { colour: red } }"],
    /test\.yaml:15: colour: unknown key/,
    { set: "a" },
  ],
  [
    "an unknown key of the bot defaults",
    [...smallScenario, "botDefaults:", "  colour: red"],
    /test\.yaml:15: bots\.0\.colour: unknown key/,
  ],
  ["a key given twice", [...smallScenario, "name: again"], /test\.yaml:14: Map keys must be unique/],
  [
    "a text for a number",
    changed("periods:", "periods: many"),
    /test\.yaml:5: periods: Invalid input: expected number, received string/,
  ],
  ["a missing key", changed("currency:"), /test\.yaml:1: currency: Invalid input: expected string/],
  ["a zone that is none", changed("timezone:", "timezone: Europe/Atlantis"), /test\.yaml:3: timezone: is no IANA zone/],
  [
    "a day that never was",
    changed("start:", "start: 2017-02-29T09:00:00Z"),
    /test\.yaml:4: start: is no ISO 8601 UTC instant/,
  ],
  [
    "two levies of one name",
    [...smallScenario, "settlement:", "  levies: [{ name: green, perKwh: 0.01 }, { name: green, perKwh: 0.02 }]"],
    /test\.yaml:15: settlement\.levies: has two levies of one name/,
  ],
  [
    "a levy with the name of the market's own",
    [...smallScenario, "settlement:", "  levies: [{ name: mechanism, perKwh: 0.01 }]"],
    /test\.yaml:15: settlement\.levies\.0\.name: is taken/,
  ],
  [
    "a supplier that there is none of",
    changed("- id:", "  - id: home1", "    supplier: green"),
    /test\.yaml:13: bots\.0\.supplier: there is no supplier "green"; there are retail1/,
  ],
  [
    "a shadow named twice",
    [...smallScenario, "shadow: [vcg, uniform, vcg]"],
    /test\.yaml:14: shadow: names a mechanism twice/,
  ],
  [
    "deposits that money could not hold exactly",
    [...smallScenario, "credit: { deposit: 9007199254 }"],
    /the deposits of all bots are more than 1000000000 together/,
  ],
  [
    "a price at which money would not be exact",
    [...smallScenario, "limits: { priceFloor: -9007199254 }"],
    /test\.yaml:14: limits\.priceFloor: at this price the \d+ kWh that all connections carry in a period are worth more/,
  ],
  [
    "a pool as a shadow where tariffs differ",
    [
      ...changed("- id:", "  - id: home1", "    tariff: { retail: 0.2, export: 0.05 }"),
      `  - id: home2`,
      loadLine,
      "shadow: [uniform, mid-market-rate]",
    ],
    /the pool mid-market-rate has one supplier, one retail and one export price for all; home2 has not what home1 has/,
  ],
  [
    "two suppliers of one name",
    [...smallScenario, "suppliers:", "  - { name: retail1, retail: 0.2, export: 0.05 }"],
    /test\.yaml:15: suppliers\.0\.name: there are two suppliers called "retail1"/,
  ],
  [
    "a tariff that changes within a period",
    changed(
      "supplier:",
      "supplier:",
      "  export: 0.05",
      "  retail:",
      "    otherwise: 0.2",
      "    timeOfUse:",
      '      - { from: "00:10", to: "07:00", price: 0.1 }',
    ),
    /test\.yaml:11: supplier\.retail\.timeOfUse\.0\.from: 00:10 does not lie on periods of 30 minutes/,
  ],
  [
    "an empty band of a tariff",
    changed(
      "supplier:",
      'supplier: { export: 0.05, retail: { otherwise: 0.2, timeOfUse: [{ from: "07:00", to: "07:00", price: 0.1 }] } }',
    ),
    /the band from 07:00 to 07:00 is empty; a whole day is 00:00 to 24:00/,
  ],
  [
    "a mechanism that there is none of",
    [...smallScenario, "mechanism: { name: unifrom }"],
    /test\.yaml:14: mechanism\.name: .*must be one of listing, uniform/,
  ],
  ["neither start nor first period", changed("start:"), /give one of start .* and firstPeriod/],
  [
    "both start and first period",
    [...smallScenario, "firstPeriod: 2017-02-20T12:00:00Z"],
    /test\.yaml:14: firstPeriod: give one of start/,
  ],
  [
    "a start off the ticks",
    changed("start:", "start: 2017-02-20T09:05:00Z"),
    /test\.yaml:4: start: must lie on a tick: every 10 minutes/,
  ],
  [
    "a first period off the grid",
    changed("start:", "firstPeriod: 2017-02-20T09:10:00Z"),
    /test\.yaml:4: firstPeriod: must be the start of a period of 30 minutes/,
  ],
  [
    "a length of period that is not offered",
    changed("rounds:", "  periodMinutes: 20"),
    /test\.yaml:10: calendar\.periodMinutes: must be 5, 15, 30 or 60/,
  ],
  [
    "a tick that is no whole number of seconds",
    changed("rounds:", "  rounds: 7"),
    /test\.yaml:10: calendar\.rounds: 30 minutes in 7 rounds make ticks of/,
  ],
  [
    "a gate that is no whole number of ticks",
    changed("rounds:", "  rounds: 3", "  gateMinutes: 55"),
    /test\.yaml:11: calendar\.gateMinutes: must be one or more whole ticks of 10 minutes.*, not 55/,
  ],
  [
    "an opening too near the gate",
    changed("rounds:", "  rounds: 3", "  openMinutes: 30"),
    /test\.yaml:11: calendar\.openMinutes: bidding must open at least 4 ticks/,
  ],
  [
    "corrections for no longer than readings take",
    changed("rounds:", "  rounds: 1", "  meterDueMinutes: 1440", "  correctionDays: 1"),
    /test\.yaml:12: calendar\.correctionDays: corrections must be taken for longer than the 1440 minutes/,
  ],
  ["a bill date too late", changed("rounds:", "  billDays: 32"), /test\.yaml:10: calendar\.billDays: Too big/],
  [
    "an id that is reserved",
    changed("- id:", "  - id: clock"),
    /test\.yaml:12: bots\.0\.id: "clock" is a name kept for the market itself/,
  ],
  ["an id in capitals", changed("- id:", "  - id: Home1"), /test\.yaml:12: bots\.0\.id: is no participant id/],
  [
    "an id given twice",
    [...smallScenario, "  - id: home1", loadLine],
    /test\.yaml:14: bots\.1\.id: there are two bots called "home1"/,
  ],
  ["a bot without devices", bot("phase: abc"), /test\.yaml:12: bots\.0: home1 has no device/],
  ["nobody at all", smallScenario.slice(0, 10), /there is nobody to trade; give bots or a swarm/],
  [
    "a battery fuller than full",
    bot("battery: { capacityKwh: 5, powerKw: 2, initialKwh: 6 }"),
    /test\.yaml:13: bots\.0\.battery\.initialKwh: holds 6 kWh at first, more than its 5 kWh/,
  ],
  [
    "a connection too thin",
    [...smallScenario, "    capacityKw: 1"],
    /test\.yaml:14: bots\.0\.capacityKw: the load of home1 reaches 1\.\d+ kW, its connection carries 1 kW/,
  ],
  [
    "a clock that is none",
    bot(`load: { ${column.replace("utc", "gmt")} }`),
    /test\.yaml:13: bots\.0\.load\.clock: is no clock: use utc/,
  ],
  [
    "a unit that is none",
    bot(`load: { ${column.replace("kWh,", "MWh,")} }`),
    /test\.yaml:13: bots\.0\.load\.unit: Invalid option/,
  ],
  [
    "a unit that is no energy",
    bot(`load: { ${column.replace("kWh,", "C,")} }`),
    /test\.yaml:13: bots\.0\.load\.file: column kwh is given in C/,
  ],
  [
    "a file that is not there",
    bot(`load: { ${column.replace("load.csv", "none.csv")} }`),
    /test\.yaml:13: bots\.0\.load\.file: there is no file .*none\.csv/,
  ],
  [
    "data shorter than the run",
    bot(`load: { ${column} }`),
    /test\.yaml:13: bots\.0\.load\.column: the data reaches from 2017-02-20T00:00:00Z to 2017-02-20T01:00:00Z, the run of 48 periods from 2017-02-20T11:00:00Z to 2017-02-21T11:00:00Z/,
  ],
  [
    "data without a folder",
    bot(`load: { ${column.replace("load.csv", "data:load.csv")} }`),
    /test\.yaml:13: reads data:load\.csv: say where the data folder is with --data DIR/,
  ],
  [
    "a data folder that is not there",
    smallScenario,
    /there is no data folder \/nowhere\/at\/all; name the folder that holds the data with --data DIR/,
    { dataDir: "/nowhere/at/all" },
  ],
  [
    "a typical consumption that is no day",
    changed("typicalLoad:", "  typicalLoad: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]"),
    /test\.yaml:8: environment\.typicalLoad: 7 values are no equal whole minutes of a day/,
  ],
  [
    "a retail price nobody may bid",
    changed("supplier:", "supplier: { retail: 2.5, export: 0.05 }"),
    /test\.yaml:6: supplier\.retail: reaches 2\.5, outside the market's band of -1 to 2/,
  ],
  [
    "a price with too many decimals",
    changed("supplier:", "supplier: { retail: 0.12345678, export: 0.05 }"),
    /test\.yaml:6: supplier\.retail: has more than 6 decimals/,
  ],
  [
    "a price band upside down",
    [...smallScenario, "limits: { priceFloor: 3 }"],
    /test\.yaml:14: limits\.priceFloor: 3 is not below the cap of 2/,
  ],
  [
    "a set where there are none",
    smallScenario,
    /the scenario has no sets, so there is no set "summer"/,
    { set: "summer" },
  ],
  [
    "a set that is not there",
    [...smallScenario, "sets: { summer: {} }"],
    /there is no set "winter"; there are summer/,
    { set: "winter" },
  ],
  ["no choice among sets", [...smallScenario, "sets: { summer: {} }"], /choose a set with --set: summer/],
  [
    "a number of bots without a swarm",
    smallScenario,
    /the scenario has no swarm, so the number of its bots cannot be chosen/,
    { overrides: { bots: 5 } },
  ],
  ["a list where a scenario should be", ["- one", "- two"], /test\.yaml:1: a scenario is a map of keys/],
];

describe("a fault in a scenario", () => {
  it.each(faults)("is told with file, line and key: %s", (_, lines, message, options = {}) => {
    const loading = () => loadScenario(scenarioFile(lines, { "load.csv": year }), options);
    expect(loading).toThrow(InputError);
    expect(loading).toThrow(message);
  });

  it("is told where there is no such file", () => {
    expect(() => loadScenario("/nowhere/at/all.yaml")).toThrow(
      /all\.yaml: the scenario cannot be read; check the path/,
    );
  });
});
