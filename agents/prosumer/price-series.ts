/** The own tariff as it was told: prices per step from an instant on, in whole millionths per kWh. */
import { microPerKwhFromMajor, wattFromKw } from "../../shared/decimal.js";
import type { Tariff } from "../../shared/messages/private.js";
import { instantFromIso, minuteMs } from "../../shared/time.js";

export interface OwnTariff {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly importMicroPerKwh: readonly number[];
  readonly exportMicroPerKwh: readonly number[];
  readonly capacityW: number;
}

/** From the wire, validated before. */
export function ownTariff(message: Tariff): OwnTariff {
  return {
    fromMs: instantFromIso(message.from) ?? 0,
    stepMs: message.stepMinutes * minuteMs,
    importMicroPerKwh: message.importPerKwh.map(microPerKwhFromMajor),
    exportMicroPerKwh: message.exportPerKwh.map(microPerKwhFromMajor),
    capacityW: wattFromKw(message.capacityKw),
  };
}

/** The price of `periodMs`; the first holds before the series, the last one after it, a single one throughout. */
export function priceAt(prices: readonly number[], fromMs: number, stepMs: number, periodMs: number): number {
  const index = Math.floor((periodMs - fromMs) / stepMs);
  return prices[Math.max(0, Math.min(prices.length - 1, index))] ?? 0;
}
