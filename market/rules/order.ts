/**
 * An order of one delivery period: on a listed item, or without one straight to the period's auction.
 *
 * Its price is a limit: the most a buyer pays, the least a seller takes. Source: elecbay.md 0, rule 1.
 */
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side } from "../facts.js";

export interface Order {
  readonly kind: "order";
  readonly id: string;
  readonly participant: string;
  readonly side: Side;
  energyWh: Wh;
  /** What of `energyWh` is reserved on its item, at the item's price. The rest waits for the auction. */
  reservedWh: Wh;
  /** What of `energyWh` was traded on arrival, for good: only where orders are matched as they come. */
  filledWh: Wh;
  priceMicroPerKwh: MicroPerKwh;
  readonly itemId: string | undefined;
  /** False: what its item does not give stays out of the period's auction. */
  readonly auction: boolean;
  arrival: number;
  readonly acceptedAtMs: number;
  readonly biddingCycle: number;
  version: number;
  /** False once cancelled. */
  live: boolean;
}

/** What of the order has not been traded yet. */
export function openWh(order: Order): Wh {
  return (order.energyWh - order.filledWh) as Wh;
}

/** Whether a change keeps its place in time: the same price, and no more energy than before. */
export function keepsArrival(order: Order, energyWh: Wh, priceMicroPerKwh: MicroPerKwh): boolean {
  return priceMicroPerKwh === order.priceMicroPerKwh && energyWh <= order.energyWh;
}
