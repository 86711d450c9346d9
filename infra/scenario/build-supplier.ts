/** The supplier's prices on the run's periods: each participant's tariff and the prices of imbalance (elecbay.md 0, rule 3). */
import type { ParticipantTariff, SupplierSpecification } from "../../agents/supplier/specification.js";
import { microPerKwhFromMajor } from "../../shared/decimal.js";
import { minuteMs } from "../../shared/time.js";
import { type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import { InputError } from "../series/input-error.js";
import { readPrice } from "../series/read-series.js";
import type { PlacedBot } from "./build-bots.js";
import type { Path } from "./located-yaml.js";
import type { PriceEntry, TariffEntry } from "./price-schema.js";
import { columnSource, onRun, type RunContext } from "./run-series.js";
import type { ScenarioEntry } from "./scenario-schema.js";

type Prices = readonly MicroPerKwh[];

/** @throws InputError for a price column's faults, and for a retail price outside the market's price band. */
export function builtSupplier(
  entry: ScenarioEntry,
  bots: readonly PlacedBot[],
  run: RunContext,
): SupplierSpecification {
  const { supplier } = entry;
  const usual = tariff(supplier, ["supplier"], entry, run);
  const penalty = microPerKwhFromMajor(supplier.penalty);
  const tariffs = bots.map((bot): ParticipantTariff => {
    const own = bot.entry.tariff === undefined ? usual : tariff(bot.entry.tariff, [...bot.path, "tariff"], entry, run);
    return { participant: bot.entry.id, ...own };
  });
  return {
    name: supplier.name,
    market: entry.market,
    fromMs: run.calendar.firstPeriodMs,
    stepMinutes: run.calendar.terms.periodMinutes,
    systemBuyMicroPerKwh:
      supplier.systemBuy === undefined
        ? usual.importMicroPerKwh.map((price) => microPerKwh(price + penalty))
        : pricesOf(supplier.systemBuy, ["supplier", "systemBuy"], run),
    systemSellMicroPerKwh:
      supplier.systemSell === undefined
        ? usual.exportMicroPerKwh.map((price) => microPerKwh(price - penalty))
        : pricesOf(supplier.systemSell, ["supplier", "systemSell"], run),
    tariffs,
    guestTariff: usual,
  };
}

/** No price changes with time, so that the run may go on for ever. */
export function isFlat(supplier: SupplierSpecification): boolean {
  const own = [supplier.guestTariff, ...supplier.tariffs];
  return [supplier.systemBuyMicroPerKwh, supplier.systemSellMicroPerKwh]
    .concat(own.flatMap((one) => [one.importMicroPerKwh, one.exportMicroPerKwh]))
    .every((prices) => prices.length === 1);
}

function tariff(
  given: TariffEntry,
  path: Path,
  entry: ScenarioEntry,
  run: RunContext,
): Omit<ParticipantTariff, "participant"> {
  const importMicroPerKwh = pricesOf(given.retail, [...path, "retail"], run);
  inBand(importMicroPerKwh, [...path, "retail"], entry, run);
  const feedIn = given.export;
  if (typeof feedIn !== "object" || !("shareOfRetail" in feedIn)) {
    const exportMicroPerKwh = pricesOf(feedIn, [...path, "export"], run);
    inBand(exportMicroPerKwh, [...path, "export"], entry, run);
    return { importMicroPerKwh, exportMicroPerKwh };
  }
  const shared = importMicroPerKwh.map((price) => microPerKwh(Math.floor(price * feedIn.shareOfRetail)));
  return { importMicroPerKwh, exportMicroPerKwh: shared };
}

/** One price that holds throughout, or one per period of the run. */
function pricesOf(price: PriceEntry, path: Path, run: RunContext): Prices {
  if (typeof price === "number") return [microPerKwhFromMajor(price)];
  const { periodMinutes, periods } = run.calendar.terms;
  const series = onRun(readPrice(columnSource(price, path, run), periodMinutes), path, run, (values) =>
    values.map(microPerKwh),
  );
  const offset = (run.calendar.firstPeriodMs - series.fromMs) / (periodMinutes * minuteMs);
  return Array.from({ length: periods }, (_, period) => {
    const index = offset + period;
    return series.values[series.repeats ? index % series.values.length : index] ?? microPerKwh(0);
  });
}

function inBand(prices: Prices, path: Path, entry: ScenarioEntry, run: RunContext): void {
  const { priceFloor, priceCap } = entry.limits;
  const floor = microPerKwhFromMajor(priceFloor);
  const cap = microPerKwhFromMajor(priceCap);
  const out = prices.find((price) => price < floor || price > cap);
  if (out === undefined) return;
  const problem = `reaches ${out / 1_000_000}, outside the market's band of ${priceFloor} to ${priceCap}; nobody could trade at it: widen limits.priceFloor or priceCap`;
  throw new InputError(run.placeOf(path), problem);
}
