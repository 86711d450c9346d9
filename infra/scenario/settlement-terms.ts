/** The scenario's words on settlement as whole numbers. */
import type { SettlementTerms } from "../../market/terms.js";
import { microFromMajor, microPerKwhFromMajor } from "../../shared/decimal.js";
import type { ScenarioEntry } from "./scenario-schema.js";

export function settlementTerms(entry: ScenarioEntry["settlement"], funder: string | undefined): SettlementTerms {
  const gridFeeMicroPerKwh = microPerKwhFromMajor(entry.gridFeePerKwh);
  return {
    imbalance: entry.imbalance,
    imbalancePrice: entry.imbalancePrice,
    serviceChargeMicroPerKwh: microPerKwhFromMajor(entry.serviceChargePerKwh),
    serviceChargeMillionths: millionths(entry.serviceChargePercent),
    gridFeeMicroPerKwh,
    localGridFeeMicroPerKwh:
      entry.localGridFeePerKwh === undefined ? gridFeeMicroPerKwh : microPerKwhFromMajor(entry.localGridFeePerKwh),
    levies: entry.levies.map(({ name, perKwh }) => ({ name, microPerKwh: microPerKwhFromMajor(perKwh) })),
    vatMillionths: millionths(entry.vatPercent),
    standingChargeMicroPerDay: microFromMajor(entry.standingChargePerDay),
    funder,
  };
}

function millionths(percent: number): number {
  return Math.round(percent * 10_000);
}
