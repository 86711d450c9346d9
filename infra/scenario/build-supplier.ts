/** The supplier's prices on the run's periods: each participant's tariff and the prices of imbalance (elecbay.md 0, rule 3). */
import type { ParticipantTariff, SupplierSpecification } from "../../agents/supplier/specification.js";
import { microPerKwhFromMajor } from "../../shared/decimal.js";
import { minuteMs } from "../../shared/time.js";
import { type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import { InputError } from "../series/input-error.js";
import { readMean, readPrice } from "../series/read-series.js";
import type { PlacedBot } from "./build-bots.js";
import type { Path } from "./located-yaml.js";
import type { PriceEntry, TariffEntry } from "./price-schema.js";
import { columnSource, onRun, type RunContext, type RunSeries } from "./run-series.js";
import type { ScenarioEntry } from "./scenario-schema.js";
import { timeOfUsePrices } from "./time-of-use.js";

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
  const suppliers = suppliersOf(entry, usual, run);
  const tariffs = bots.map((bot): ParticipantTariff => {
    const name = bot.entry.supplier ?? supplier.name;
    const offered = suppliers.get(name);
    if (offered === undefined) {
      const problem = `there is no supplier "${name}"; there are ${[...suppliers.keys()].join(", ")}`;
      throw new InputError(run.placeOf([...bot.path, "supplier"]), problem);
    }
    const own =
      bot.entry.tariff === undefined ? offered : tariff(bot.entry.tariff, [...bot.path, "tariff"], entry, run);
    return { participant: bot.entry.id, supplier: name, ...own };
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
    guestTariff: { supplier: supplier.name, ...usual },
    carbonMilligramPerKwh: carbonOf(entry, run),
  };
}

type Offer = Pick<ParticipantTariff, "importMicroPerKwh" | "exportMicroPerKwh">;

function suppliersOf(entry: ScenarioEntry, usual: Offer, run: RunContext): Map<string, Offer> {
  const suppliers = new Map([[entry.supplier.name, usual]]);
  for (const [index, further] of entry.suppliers.entries()) {
    const path = ["suppliers", index];
    if (suppliers.has(further.name)) {
      throw new InputError(run.placeOf([...path, "name"]), `there are two suppliers called "${further.name}"`);
    }
    suppliers.set(further.name, tariff(further, path, entry, run));
  }
  return suppliers;
}

/** Undefined where the scenario does not know what the grid's electricity emits. */
function carbonOf({ environment }: ScenarioEntry, run: RunContext): readonly number[] | undefined {
  const { carbon } = environment;
  if (carbon === undefined) return undefined;
  if (typeof carbon === "number") return [Math.round(carbon * 1000)];
  const path = ["environment", "carbon"];
  const { periodMinutes } = run.calendar.terms;
  const grams = onRun(
    readMean(columnSource(carbon, path, run), periodMinutes, "carbon"),
    path,
    run,
    (values) => values,
  );
  return perPeriod(grams, run, 0).map((value) => Math.round(value * 1000));
}

/** No price changes with time, so that the run may go on for ever. */
export function isFlat(supplier: SupplierSpecification): boolean {
  const own = [supplier.guestTariff, ...supplier.tariffs];
  return [supplier.systemBuyMicroPerKwh, supplier.systemSellMicroPerKwh]
    .concat(own.flatMap((one) => [one.importMicroPerKwh, one.exportMicroPerKwh]))
    .every((prices) => prices.length === 1);
}

function tariff(given: TariffEntry, path: Path, entry: ScenarioEntry, run: RunContext): Offer {
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
  if ("timeOfUse" in price) return timeOfUsePrices(price, path, run);
  const { periodMinutes } = run.calendar.terms;
  const series = onRun(readPrice(columnSource(price, path, run), periodMinutes), path, run, (values) =>
    values.map(microPerKwh),
  );
  return perPeriod(series, run, microPerKwh(0));
}

/** One value per period of the run. */
function perPeriod<T>(series: RunSeries<readonly T[]>, run: RunContext, fallback: T): T[] {
  const { periodMinutes, periods } = run.calendar.terms;
  const offset = (run.calendar.firstPeriodMs - series.fromMs) / (periodMinutes * minuteMs);
  return Array.from({ length: periods }, (_, period) => {
    const index = offset + period;
    return series.values[series.repeats ? index % series.values.length : index] ?? fallback;
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
