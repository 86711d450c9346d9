/** The prices of a tariff that hold at an instant. */
import type { Tariff } from "../../../../shared/messages/private.js";
import { minuteMs } from "../../../../shared/time.js";

export interface TariffPrices {
  readonly importPerKwh: number | undefined;
  readonly exportPerKwh: number | undefined;
  readonly systemBuyPerKwh: number | undefined;
  readonly systemSellPerKwh: number | undefined;
}

/** A series of length 1 holds throughout; beyond its end the last price does. */
export function tariffNow(tariff: Tariff, nowMs: number | undefined): TariffPrices {
  const step =
    nowMs === undefined ? 0 : Math.floor((nowMs - Date.parse(tariff.from)) / (tariff.stepMinutes * minuteMs));
  const at = (prices: readonly number[]) => prices[Math.max(0, Math.min(step, prices.length - 1))];
  return {
    ...{ importPerKwh: at(tariff.importPerKwh), exportPerKwh: at(tariff.exportPerKwh) },
    ...{ systemBuyPerKwh: at(tariff.systemBuyPerKwh), systemSellPerKwh: at(tariff.systemSellPerKwh) },
  };
}
