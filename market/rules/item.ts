/**
 * A listed item: surplus energy that a seller lists, or a need that a buyer lists, of one delivery period.
 *
 * `fixed` items are reserved first come first served at their own price; a `best-offer` item collects offers until the gate
 * and its price is the least (for a need: the most) it takes. Source: elecbay.md 0, rule 1.
 */
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side } from "../facts.js";

export type Sale = "fixed" | "best-offer";

export interface Item {
  readonly kind: "item";
  readonly id: string;
  readonly participant: string;
  readonly side: Side;
  /** As first listed. */
  readonly listedWh: Wh;
  /** As it stands: less what was withdrawn. */
  energyWh: Wh;
  /** Part of `energyWh`. */
  reservedWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  /** Smallest part that may be ordered: its owner's wish, but never under the market's. */
  readonly minEnergyWh: Wh;
  readonly sale: Sale;
  /** False: what is left stays out of the period's auction. */
  readonly auction: boolean;
  readonly arrival: number;
  readonly acceptedAtMs: number;
  readonly biddingCycle: number;
  version: number;
  /** Its owner took back what was not reserved: what is released later goes back to the owner, not to the list. */
  withdrawn: boolean;
  /** False once nothing of it is left nor reserved after a withdrawal. */
  live: boolean;
}

/** What may still be ordered. */
export function leftWh(item: Item): Wh {
  return (item.energyWh - item.reservedWh) as Wh;
}

/** Whether `priceMicroPerKwh` is as good for the item's owner as the item's own price, or better. */
export function reachesPrice(item: Item, priceMicroPerKwh: MicroPerKwh): boolean {
  return item.side === "sell" ? priceMicroPerKwh >= item.priceMicroPerKwh : priceMicroPerKwh <= item.priceMicroPerKwh;
}
