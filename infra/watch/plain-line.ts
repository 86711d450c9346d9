/** One line of text for each delivery period, where standard output is no terminal: for a log, or another program. */
import type { MarketWatch } from "./market-watch.js";
import { fixed } from "./phrases.js";

/** Undefined before the market's time is known. */
export function plainLine({ tick, info, status, prices, energies, online }: MarketWatch): string | undefined {
  if (tick === undefined) return undefined;
  const [period, price] = [...prices].at(-1) ?? [];
  const [metered, energy] = [...energies].at(-1) ?? [];
  return [
    tick.ts,
    status?.status ?? "waiting",
    ...(price === undefined
      ? ["no price yet"]
      : [
          `price of ${period} ${fixed(price.pricePerKwh, 4)} ${info?.currency ?? ""}/kWh, ${fixed(price.volumeKwh, 3)} kWh`,
        ]),
    ...(energy === undefined
      ? []
      : [
          `energy of ${metered} generation ${fixed(energy.generationKwh, 3)}, load ${fixed(energy.consumptionKwh, 3)}, import ${fixed(energy.importKwh, 3)}, export ${fixed(energy.exportKwh, 3)} kWh`,
        ]),
    ...(online === undefined ? [] : [`${online.size} online`]),
  ].join(" | ");
}
