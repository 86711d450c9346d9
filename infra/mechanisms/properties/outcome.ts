/** What any mechanism makes of a book, in one form: a pool takes every row, no market takes none. */
import type { ClearingFigures, SupplierTariffs } from "../../../market/rules/clearing-figures.js";
import type { AuctionTrade, Mechanism } from "../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh } from "../../../shared/units.js";
import { kwhText, majorText } from "../../results/decimal-text.js";
import { clearBook } from "../clear-book.js";
import type { Sample } from "./property.js";

/** The tariffs of the case study (elecbay.md 2.1), for pools. */
export const sampleTariffs: SupplierTariffs = {
  retailMicroPerKwh: microPerKwh(145_700),
  exportMicroPerKwh: microPerKwh(50_300),
};

export interface Outcome {
  readonly figures: ClearingFigures;
  readonly trades: readonly AuctionTrade[];
  /** Traded energy of every order, by id. */
  readonly tradedWh: ReadonlyMap<string, number>;
}

export function outcomeOf(
  mechanism: Mechanism,
  { terms }: Pick<Sample, "terms">,
  orders: readonly AuctionOrder[],
): Outcome {
  const { figures, trades } = clearBook(
    mechanism,
    orders,
    terms,
    mechanism.kind === "pool" ? sampleTariffs : undefined,
  );
  const tradedWh = new Map(
    orders.map(({ orderId, energyWh }) => [orderId, mechanism.kind === "pool" ? (energyWh as number) : 0]),
  );
  for (const { buyOrder, sellOrder, energyWh } of trades) {
    tradedWh.set(buyOrder, (tradedWh.get(buyOrder) ?? 0) + energyWh);
    tradedWh.set(sellOrder, (tradedWh.get(sellOrder) ?? 0) + energyWh);
  }
  return { figures, trades, tradedWh };
}

/** Traded energy of each side at each limit price: what a tie rule shares out, and may not change. */
export function tradedByStep(orders: readonly AuctionOrder[], { tradedWh }: Outcome): Map<string, number> {
  const steps = new Map<string, number>();
  for (const { side, priceMicroPerKwh, orderId } of orders) {
    const step = `${side} at ${majorText(priceMicroPerKwh)}`;
    steps.set(step, (steps.get(step) ?? 0) + (tradedWh.get(orderId) ?? 0));
  }
  return steps;
}

/** Where two outcomes of the same steps differ in volume, price interval or energy of a step; undefined where in nothing. */
export function differenceIn(
  before: { readonly orders: readonly AuctionOrder[]; readonly outcome: Outcome },
  after: typeof before,
): string | undefined {
  const figures = [before.outcome.figures, after.outcome.figures] as const;
  const volumes = figures.map(({ volumeWh }) => kwhText(volumeWh));
  if (volumes[0] !== volumes[1]) return `the volume goes from ${volumes[0]} to ${volumes[1]} kWh`;
  const intervals = figures.map(({ lowMicroPerKwh: low, highMicroPerKwh: high }) =>
    low === null || high === null ? "none" : `${majorText(low)} to ${majorText(high)}`,
  );
  if (intervals[0] !== intervals[1]) return `the prices go from ${intervals[0]} to ${intervals[1]}`;
  const later = tradedByStep(after.orders, after.outcome);
  for (const [step, energyWh] of tradedByStep(before.orders, before.outcome)) {
    const nowWh = later.get(step) ?? 0;
    if (nowWh !== energyWh) return `those who ${step} trade ${kwhText(nowWh)} kWh, before ${kwhText(energyWh)}`;
  }
  return undefined;
}
