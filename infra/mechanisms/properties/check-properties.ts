/**
 * The properties tried on many books, the smallest book that breaks one kept: property tests at run time, for mechanisms of anybody.
 *
 * Books are small and their prices few, so that ties and exact meetings are common. The same seed tries the same books.
 */
import type { Mechanism } from "../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { balanced, energy, limits, noDeficit, noSurplus, repeatable, welfare } from "./balance.js";
import { arrivals, interval, rows, splitting, truth } from "./change.js";
import type { Property, PropertyName, Sample } from "./property.js";

/** The package fast-check, handed in: it is loaded only by who tests. */
export type FastCheck = typeof import("fast-check");

export const properties: Readonly<Record<PropertyName, Property>> = {
  energy,
  balanced,
  "no-deficit": noDeficit,
  "no-surplus": noSurplus,
  limits,
  welfare,
  rows,
  arrivals,
  splitting,
  interval,
  truth,
  repeatable,
};

export type PropertyResult =
  | { readonly result: "yes" }
  | { readonly result: "no"; readonly sample: Sample; readonly why: string }
  | { readonly result: "does not apply"; readonly why: string };

/** Tries `property` on `runs` books drawn from `seed`. */
export function checkProperty(
  fastCheck: FastCheck,
  property: Property,
  mechanism: Mechanism,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): PropertyResult {
  const exempt = property.doesNotApply(mechanism);
  if (exempt !== undefined) return { result: "does not apply", why: exempt };
  const tried = fastCheck.check(
    fastCheck.property(samples(fastCheck, property.books), (sample) => said(property, mechanism, sample) === undefined),
    { numRuns: runs, seed },
  );
  const found = tried.counterexample?.[0];
  if (found === undefined) return { result: "yes" };
  const sample = smallest(found, (smaller) => said(property, mechanism, smaller) !== undefined);
  return { result: "no", sample, why: said(property, mechanism, sample) ?? "it does so only at times" };
}

/** Leaves out every order that the violation does not need; `which` points at an order, so all are tried. */
function smallest(sample: Sample, isViolated: (smaller: Sample) => boolean): Sample {
  for (const order of sample.orders) {
    const orders = sample.orders.filter((other) => other !== order);
    const smaller = [sample.which, ...orders.keys()].map((which) => ({ ...sample, orders, which })).find(isViolated);
    if (orders.length > 0 && smaller !== undefined) return smallest(smaller, isViolated);
  }
  return sample;
}

/** What is wrong, also where the mechanism fails altogether. */
function said(property: Property, mechanism: Mechanism, sample: Sample): string | undefined {
  try {
    return property.violation(mechanism, sample);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** In hundredths of the currency, some below zero. */
const cent = 10_000;

function samples(fastCheck: FastCheck, books: Property["books"]) {
  const price = fastCheck.integer({ min: -2, max: 12 }).map((cents) => cents * cent);
  const quote = fastCheck.record({
    side: fastCheck.constantFrom("buy" as const, "sell" as const),
    priceMicroPerKwh: price,
    energyWh: fastCheck.integer({ min: 1, max: 6 }),
    owner: fastCheck.integer({ min: 1, max: 5 }),
  });
  return fastCheck.record({
    orders: fastCheck.array(quote, { minLength: 1, maxLength: 10 }).map((quotes) =>
      quotes.map(
        ({ side, priceMicroPerKwh, energyWh, owner }, index): AuctionOrder => ({
          orderId: `${side === "buy" ? "b" : "s"}${index + 1}`,
          participant: books === "any" ? `p${owner}` : `p${index + 1}`,
          ...{ side, energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(priceMicroPerKwh) },
          // Room for the second part of an order that is split.
          arrival: 2 * index + 2,
        }),
      ),
    ),
    terms: terms(fastCheck),
    which: fastCheck.nat(1000),
    // Also between the others' prices: where a lie pays.
    priceMicroPerKwh: fastCheck.integer({ min: -4, max: 26 }).map((halves) => (halves * cent) / 2),
  });
}

function terms(fastCheck: FastCheck) {
  return fastCheck.record({
    k: fastCheck.constantFrom(0.5, 0, 1),
    tie: fastCheck.constantFrom("pro-rata" as const, "time" as const),
    minEnergyWh: fastCheck.constant(wh(1)),
    priceFloorMicroPerKwh: fastCheck.constant(microPerKwh(-2 * cent)),
    priceCapMicroPerKwh: fastCheck.constant(microPerKwh(13 * cent)),
  });
}
