/** The summary of a simulation for a terminal: what a reader asks first, with units. */
import type { Summary } from "../results/summary.js";
import { table } from "./table.js";

export function summaryTable(summary: Summary): string {
  const { kpis, currency } = summary;
  const number = (key: string, digits: number, unit: string): string => {
    const value = kpis[key];
    return value === null || value === undefined ? "none" : `${value.toFixed(digits)} ${unit}`.trim();
  };
  const percent = (key: string): string => {
    const value = kpis[key];
    return value === null || value === undefined ? "none" : `${(value * 100).toFixed(1)} %`;
  };
  const share = percent("savingsShare");
  return table([
    ["scenario", `${summary.scenario}, seed ${summary.seed}${summary.foresight ? ", with foresight" : ""}`],
    ["periods", `${summary.billedPeriods} of ${summary.periods} billed, ${summary.from} to ${summary.to}`],
    ["orders, trades", `${summary.counts.orders}, ${summary.counts.trades}`],
    ["consumption, generation", `${number("consumptionKwh", 1, "kWh")}, ${number("generationKwh", 1, "kWh")}`],
    ["import, export", `${number("importKwh", 1, "kWh")}, ${number("exportKwh", 1, "kWh")}`],
    ["traded, mean price", `${number("tradedKwh", 1, "kWh")}, ${number("meanPricePerKwh", 4, `${currency}/kWh`)}`],
    ["self-sufficiency", percent("selfSufficiency")],
    ["self-consumption", percent("selfConsumption")],
    ["savings", `${number("savings", 2, currency)}${share === "none" ? "" : ` (${share})`}`],
    ["imbalance", `${summary.imbalanceKwh} kWh`],
    ["money sum, energy error", `${summary.moneySum} ${currency}, ${summary.energyImbalanceWh} Wh`],
    ["absences", String(summary.absences.length)],
    ["hash", summary.hash],
  ]);
}
