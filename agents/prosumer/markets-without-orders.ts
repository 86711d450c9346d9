/**
 * Markets that take no orders: pools price what was metered, and in a market of none everyone is with the supplier.
 *
 * A bot learns it from the mechanism's name in `public/market-info`, and of a mechanism it has never heard of from the first
 * `no-orders-in-pool`: then it only meters. Source: elecbay.md 0, rule 6.
 */
import type { MarketInfo } from "../../shared/messages/public.js";

const withoutOrders: ReadonlySet<string> = new Set(["mid-market-rate", "supply-demand-ratio", "bill-sharing", "none"]);

export function takesOrders({ mechanism }: Pick<MarketInfo, "mechanism">): boolean {
  return !withoutOrders.has(mechanism);
}
