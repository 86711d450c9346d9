/** One book under one mechanism of any kind, in figures and trades. */
import {
  auctionFigures,
  type ClearingFigures,
  noMarketFigures,
  poolFigures,
  poolPeriod,
  type SupplierTariffs,
} from "../../market/rules/clearing-figures.js";
import type { AuctionTerms, AuctionTrade, Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../market/rules/merit-order.js";

export interface ClearedBook {
  readonly mechanism: string;
  readonly figures: ClearingFigures;
  /** None in a pool. */
  readonly trades: readonly AuctionTrade[];
}

/** @throws RangeError where a pool is to clear without tariffs. */
export function clearBook(
  mechanism: Mechanism,
  orders: readonly AuctionOrder[],
  terms: AuctionTerms,
  tariffs: SupplierTariffs | undefined,
): ClearedBook {
  if (mechanism.kind === "none") {
    return { mechanism: mechanism.name, figures: noMarketFigures(orders, tariffs), trades: [] };
  }
  if (mechanism.kind === "pool") {
    if (tariffs === undefined) throw new RangeError(`${mechanism.name} needs the supplier's retail and export price`);
    const prices = mechanism.prices([poolPeriod(orders, tariffs)]);
    return { mechanism: mechanism.name, figures: poolFigures(orders, prices, tariffs), trades: [] };
  }
  const clearing = mechanism.clear(orders, terms);
  return { mechanism: mechanism.name, figures: auctionFigures(orders, clearing), trades: clearing.trades };
}

/** Terms for a book that no scenario belongs to: its own prices are the band. */
export function termsFor(
  orders: readonly AuctionOrder[],
  given: Pick<AuctionTerms, "k" | "tie" | "minEnergyWh">,
): AuctionTerms {
  let floor = orders[0]?.priceMicroPerKwh;
  let cap = floor;
  for (const { priceMicroPerKwh } of orders) {
    if (floor === undefined || priceMicroPerKwh < floor) floor = priceMicroPerKwh;
    if (cap === undefined || priceMicroPerKwh > cap) cap = priceMicroPerKwh;
  }
  const none = 0 as AuctionTerms["priceCapMicroPerKwh"];
  return { ...given, priceFloorMicroPerKwh: floor ?? none, priceCapMicroPerKwh: cap ?? none };
}
