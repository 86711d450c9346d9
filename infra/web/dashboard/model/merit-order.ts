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
  /** Undefined where nothing was traded. */
  readonly clearing: { readonly pricePerKwh: number; readonly volumeKwh: number } | undefined;
}

export function meritOrder({ bids, asks, pricePerKwh, volumeKwh }: Results): MeritOrder {
  const [bidSteps, askSteps] = [staircase(bids), staircase(asks)];
  const prices = [...bidSteps, ...askSteps].map((step) => step.pricePerKwh);
  if (pricePerKwh !== null) prices.push(pricePerKwh);
  return {
    ...{ bids: bidSteps, asks: askSteps },
    leastPrice: prices.length === 0 ? 0 : Math.min(...prices),
    mostPrice: prices.length === 0 ? 1 : Math.max(...prices),
    mostKwh: Math.max(0, volumeKwh, bidSteps.at(-1)?.toKwh ?? 0, askSteps.at(-1)?.toKwh ?? 0),
    clearing: pricePerKwh === null || volumeKwh === 0 ? undefined : { pricePerKwh, volumeKwh },
  };
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
