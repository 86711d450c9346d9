/**
 * The merit order of a period as two staircases: bids from the dearest down, asks from the cheapest up, each step as wide as its energy.
 * Where they cross is what could be traded; what the gate made of it is the clearing point.
 */
import type { Results } from "../../../../shared/messages/public.js";

export interface Step {
  readonly pricePerKwh: number;
  /** Energy of all steps before it, and with it. */
  readonly fromKwh: number;
  readonly toKwh: number;
}

export interface MeritOrder {
  readonly bids: readonly Step[];
  readonly asks: readonly Step[];
  readonly leastPrice: number;
  readonly mostPrice: number;
  readonly mostKwh: number;
  /** Where the auction at the gate cleared; undefined where it traded nothing. */
  readonly clearing: { readonly pricePerKwh: number; readonly volumeKwh: number } | undefined;
}

export function meritOrder(results: Results): MeritOrder {
  const { bids, asks, pricePerKwh, volumeKwh } = results;
  const [bidSteps, askSteps] = [staircase(bids), staircase(asks)];
  const prices = [...bidSteps, ...askSteps].map((step) => step.pricePerKwh);
  if (pricePerKwh !== null) prices.push(pricePerKwh);
  return {
    ...{ bids: bidSteps, asks: askSteps },
    leastPrice: prices.length === 0 ? 0 : Math.min(...prices),
    mostPrice: prices.length === 0 ? 1 : Math.max(...prices),
    mostKwh: Math.max(0, volumeKwh, bidSteps.at(-1)?.toKwh ?? 0, askSteps.at(-1)?.toKwh ?? 0),
    clearing: clearingOf(results),
  };
}

/** Below these it is what rounding of a sum leaves. */
const leastKwh = 0.0005;

/** What was traded through the item list, or one by one as orders came, and stands in no staircase, kWh: at least so much. */
export function agreedBeforeKwh(results: Results): number {
  const left = results.volumeKwh - auctionedKwh(results);
  return left < leastKwh ? 0 : left;
}

/** No more than the staircases have on either side of the auction's prices. */
function auctionedKwh({ bids, asks, volumeKwh, priceLow, priceHigh }: Results): number {
  if (priceLow === null || priceHigh === null) return 0;
  const sum = (steps: Results["bids"], takes: (price: number) => boolean) =>
    steps.reduce((total, [price, energyKwh]) => (takes(price) ? total + energyKwh : total), 0);
  const bid = sum(bids, (price) => price >= priceLow);
  return Math.min(
    volumeKwh,
    bid,
    sum(asks, (price) => price <= priceHigh),
  );
}

/** At the auction's own price where it has one for all, else at the mean. */
function clearingOf(results: Results): MeritOrder["clearing"] {
  const { pricePerKwh, priceLow, priceHigh } = results;
  const volumeKwh = auctionedKwh(results);
  if (pricePerKwh === null || volumeKwh < leastKwh) return undefined;
  return { pricePerKwh: priceLow !== null && priceLow === priceHigh ? priceLow : pricePerKwh, volumeKwh };
}

/** @param steps [price, kWh], best first */
function staircase(steps: readonly (readonly [number, number])[]): Step[] {
  let fromKwh = 0;
  return steps.map(([pricePerKwh, energyKwh]) => {
    const step = { pricePerKwh, fromKwh, toKwh: fromKwh + energyKwh };
    fromKwh = step.toKwh;
    return step;
  });
}
