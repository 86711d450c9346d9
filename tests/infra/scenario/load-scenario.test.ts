import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import { changed, scenarioFile, smallScenario } from "./scenario-file.js";

const load = (lines: readonly string[], options: Parameters<typeof loadScenario>[1] = {}) =>
  loadScenario(scenarioFile(lines), options);

describe("a loaded scenario", () => {
  it("holds the market's terms in whole numbers, with the defaults of the documentation", () => {
    const { terms } = load(smallScenario);
    expect(terms.bidding).toEqual({
      mechanism: "uniform",
      k: 0.5,
      tie: "pro-rata",
      minEnergyWh: 1,
      maxOrdersPerPeriod: 50,
      priceFloorMicroPerKwh: -1_000_000,
      priceCapMicroPerKwh: 2_000_000,
    });
    expect(terms.calendar).toMatchObject({
      periodMinutes: 30,
      rounds: 3,
      openMinutes: 300,
      gateMinutes: 60,
      billDays: 1,
    });
    expect(terms.guestCapacityW).toBeUndefined();
    expect(terms.members).toEqual([
      {
        id: "home1",
        role: "prosumer",
        capacityW: 3000,
        connectionPoint: null,
        phase: null,
        creditLimitMicro: undefined,
        depositMicro: 0,
      },
    ]);
  });

  it("counts its periods from the first whose gate lies four ticks after the start", () => {
    const loaded = load(smallScenario);
    expect(isoUtc(loaded.terms.calendar.startMs)).toBe("2017-02-20T09:00:00Z");
    expect(isoUtc(loaded.firstPeriodMs)).toBe("2017-02-20T11:00:00Z"); // gate at 10:00; 10:30's gate at 09:30 is too near
  });

  it("starts its clock four ticks before the gate of the first period that is asked for", () => {
    const loaded = load(changed("start:", "firstPeriod: 2017-03-01T00:00:00Z"));
    expect(isoUtc(loaded.firstPeriodMs)).toBe("2017-03-01T00:00:00Z");
    expect(isoUtc(loaded.terms.calendar.startMs)).toBe("2017-02-28T22:20:00Z");
  });

  it("sets a typical day on local midnight and may go on for ever", () => {
    const loaded = load(changed("start:", "start: 2017-06-01T09:00:00Z"));
    const [device] = loaded.bots[0]?.devices ?? [];
    expect(device).toMatchObject({
      kind: "load",
      series: { fromMs: instantFromIso("2017-05-31T23:00:00Z"), repeats: true },
    });
    expect(loaded.endless).toBe(true);
  });

  it("writes a typical day out by the wall clock where the clocks change during the run", () => {
    const loaded = load(changed("start:", "start: 2017-03-25T09:00:00Z"), { overrides: { periods: 96 } });
    const [device] = loaded.bots[0]?.devices ?? [];
    if (device?.kind !== "load") throw new Error("the first device is the load");
    const { series } = device;
    const at = (iso: string) => series.energyWh[((instantFromIso(iso) ?? 0) - series.fromMs) / 1_800_000];
    expect(series.repeats).toBe(false);
    expect(loaded.endless).toBe(false);
    expect([at("2017-03-25T10:30:00Z"), at("2017-03-26T09:30:00Z")]).toEqual([846, 846]); // 10:30 to 11:00 on both clocks
  });

  it("takes seed and periods from the command line", () => {
    const loaded = load(smallScenario, { overrides: { seed: 99, periods: 7 } });
    expect(loaded.terms.seed).toBe(99);
    expect(loaded.bots[0]?.seed).toBe(99);
    expect(loaded.terms.calendar.periods).toBe(7);
    expect(loaded.defaultPeriods).toBe(48);
  });

  it("derives the prices of imbalance from the tariff and the penalty", () => {
    const { supplier } = load(
      changed("supplier:", "supplier: { retail: 0.15, export: { shareOfRetail: 0.3 }, penalty: 0.02 }"),
    );
    expect(supplier.tariffs).toEqual([
      { participant: "home1", supplier: "retail1", importMicroPerKwh: [150_000], exportMicroPerKwh: [45_000] },
    ]);
    expect(supplier.systemBuyMicroPerKwh).toEqual([170_000]);
    expect(supplier.systemSellMicroPerKwh).toEqual([25_000]);
  });

  it("says when a bot sees the future", () => {
    expect(load(smallScenario).foresight).toBe(false);
    const seeing = smallScenario.map((line) => line.replace(/^( {4}load: .*) }$/, "$1, forecast: perfect }"));
    expect(load(seeing).foresight).toBe(true);
  });

  it("names every local day that the run touches with its first instant", () => {
    const { days } = load(changed("start:", "start: 2017-03-25T09:00:00Z")).environment;
    expect(days.slice(0, 3).map((day) => [day.date, isoUtc(day.fromMs)])).toEqual([
      ["2017-03-25", "2017-03-25T00:00:00Z"],
      ["2017-03-26", "2017-03-26T00:00:00Z"],
      ["2017-03-27", "2017-03-26T23:00:00Z"],
    ]);
  });

  it("lays bot defaults under each bot, and takes away what is set to null", () => {
    const lines = [
      ...smallScenario.slice(0, 10),
      "botDefaults:",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the scenario's own placeholder
      "  load: { file: day.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day, unit: kW, column: 'load_${id}_kw' }",
      "  battery: { capacityKwh: 5, powerKw: 2 }",
      "bots: [{ id: type1 }, { id: type2, battery: null }]",
    ];
    expect(load(lines).bots.map((bot) => [bot.id, bot.devices.map((device) => device.kind)])).toEqual([
      ["type1", ["load", "battery"]],
      ["type2", ["load"]],
    ]);
  });

  it("lays the chosen set over the rest", () => {
    const lines = [
      ...smallScenario,
      "defaultSet: dear",
      "sets:",
      "  dear: { supplier: { retail: 0.3 } }",
      "  cheap: { supplier: { retail: 0.1 } }",
    ];
    expect(load(lines).supplier.guestTariff.importMicroPerKwh).toEqual([300_000]);
    const cheap = load(lines, { set: "cheap" });
    expect(cheap.set).toBe("cheap");
    expect(cheap.supplier.guestTariff).toEqual({
      supplier: "retail1",
      importMicroPerKwh: [100_000],
      exportMicroPerKwh: [50_000],
    });
  });
});

describe("a swarm", () => {
  const swarm = [
    ...smallScenario.slice(0, 10),
    "swarm:",
    "  count: 3",
    "  loadScale: [0.5, 2]",
    "  solarShare: 0.5",
    "  template:",
    "    load: { file: day.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day, unit: kW, column: load_type1_kw }",
    "    solar: { file: day.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day, unit: percent, column: pv_percent_of_peak, peakKw: 3 }",
  ];

  it("has as many bots as the scenario or the command line says, each the same in a swarm of any size", () => {
    const three = load(swarm).bots;
    const thirty = load(swarm, { overrides: { bots: 30 } }).bots;
    expect(three.map((bot) => bot.id)).toEqual(["bot1", "bot2", "bot3"]);
    expect(thirty).toHaveLength(30);
    expect(thirty.slice(0, 3)).toEqual(three);
  });

  it("gives about the share of its bots a device that is asked for, and each another size", () => {
    const { bots } = load(swarm, { overrides: { bots: 200 } });
    const withSun = bots.filter((bot) => bot.devices.some((device) => device.kind === "solar")).length;
    expect(withSun).toBeGreaterThan(70);
    expect(withSun).toBeLessThan(130);
    const loads = bots.flatMap((bot) =>
      bot.devices.flatMap((device) => (device.kind === "load" ? [device.series.energyWh[21]] : [])),
    );
    expect(new Set(loads).size).toBeGreaterThan(50);
  });

  it("changes with the seed", () => {
    expect(load(swarm, { overrides: { seed: 2 } }).bots).not.toEqual(load(swarm).bots);
  });
});
