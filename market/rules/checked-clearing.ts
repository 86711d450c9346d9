/**
 * A clearing from the trades that a mechanism of one's own returns: nothing of it counts before it is checked.
 *
 * Refused with a sentence: what is no list of trades, an order that does not exist or is of the other side, energy or prices that are no whole
 * numbers, more energy than an order has, buyers above their bids and sellers below their asks. Energy in Wh, prices in millionths per kWh.
 * Buyer, seller, volume and price interval are derived here, so that they cannot disagree with the trades.
 */
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { AuctionClearing, AuctionTrade } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";

/** What a mechanism did wrong, as a sentence that its author can act on. */
export class ClearingError extends Error {
  constructor(mechanism: string, problem: string) {
    super(`the mechanism ${mechanism} made a clearing that cannot count: ${problem}`);
    this.name = "ClearingError";
  }
}

export interface ClearingChecks {
  /** Whether a buyer may not pay more than it bid, nor a seller get less than it asked. */
  readonly limits: boolean;
}

/**
 * @param returned whatever the mechanism gave back
 * @throws ClearingError for the first thing wrong with it
 */
export function checkedClearing(
  mechanism: string,
  orders: readonly AuctionOrder[],
  returned: unknown,
  checks: ClearingChecks = { limits: true },
): AuctionClearing {
  const fail = (problem: string): never => {
    throw new ClearingError(mechanism, problem);
  };
  if (!Array.isArray(returned)) return fail(`clear must return a list of trades, it returned ${described(returned)}`);
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  const leftWh = new Map(orders.map(({ orderId, energyWh }) => [orderId, energyWh as number]));
  const trades: AuctionTrade[] = [];
  // By index: `map` would pass over the holes of a list, and a list may claim any length.
  for (let index = 0; index < returned.length; index += 1) {
    const trade: unknown = returned[index];
    const where = `trade ${index + 1}`;
    if (typeof trade !== "object" || trade === null) return fail(`${where} is ${described(trade)}, not an object`);
    const checked = checkedTrade(trade as Record<string, unknown>, where, byId, fail);
    for (const id of [checked.buyOrder, checked.sellOrder]) {
      const left = (leftWh.get(id) ?? 0) - checked.energyWh;
      if (left < 0) fail(`${where} takes ${-left} Wh more of order ${id} than it has`);
      leftWh.set(id, left);
    }
    if (checks.limits) withinLimits(checked, where, byId, fail);
    trades.push(checked);
  }
  return { trades, ...summaryOf(trades) };
}

function checkedTrade(
  trade: Record<string, unknown>,
  where: string,
  byId: ReadonlyMap<string, AuctionOrder>,
  fail: (problem: string) => never,
): AuctionTrade {
  const order = (field: "buyOrder" | "sellOrder", side: "buy" | "sell"): AuctionOrder => {
    const id = trade[field];
    const found = typeof id === "string" ? byId.get(id) : undefined;
    if (found === undefined) return fail(`${where} has ${field} ${described(id)}; there is no such order in the book`);
    return found.side === side ? found : fail(`${where} has ${field} ${found.orderId}, which is a ${found.side} order`);
  };
  const whole = (field: string): number => {
    const value = trade[field];
    return typeof value === "number" && Number.isSafeInteger(value)
      ? value + 0
      : fail(`${where} has ${field} ${described(value)}; it must be a whole number`);
  };
  const bid = order("buyOrder", "buy");
  const ask = order("sellOrder", "sell");
  for (const [field, owner] of [["buyer", bid.participant] as const, ["seller", ask.participant] as const]) {
    if (trade[field] !== undefined && trade[field] !== owner) {
      fail(`${where} has ${field} ${described(trade[field])}, but the order is ${owner}'s; leave ${field} out`);
    }
  }
  const energyWh = whole("energyWh");
  if (energyWh <= 0) fail(`${where} has energyWh ${energyWh}; it must be above 0`);
  const price = microPerKwh(whole("priceMicroPerKwh"));
  const sellerPrice = trade.sellerPriceMicroPerKwh === undefined ? price : whole("sellerPriceMicroPerKwh");
  return {
    ...{ buyer: bid.participant, seller: ask.participant, energyWh: wh(energyWh), priceMicroPerKwh: price },
    ...(sellerPrice === price ? {} : { sellerPriceMicroPerKwh: microPerKwh(sellerPrice) }),
    ...{ buyOrder: bid.orderId, sellOrder: ask.orderId },
  };
}

function withinLimits(
  trade: AuctionTrade,
  where: string,
  byId: ReadonlyMap<string, AuctionOrder>,
  fail: (problem: string) => never,
): void {
  const sellerPrice = trade.sellerPriceMicroPerKwh ?? trade.priceMicroPerKwh;
  const bid = byId.get(trade.buyOrder)?.priceMicroPerKwh ?? trade.priceMicroPerKwh;
  const ask = byId.get(trade.sellOrder)?.priceMicroPerKwh ?? sellerPrice;
  if (trade.priceMicroPerKwh > bid) {
    fail(`${where} makes order ${trade.buyOrder} pay ${trade.priceMicroPerKwh}, more than its bid of ${bid}`);
  }
  if (sellerPrice < ask) {
    fail(`${where} gives order ${trade.sellOrder} ${sellerPrice}, less than its ask of ${ask}`);
  }
}

function summaryOf(trades: readonly AuctionTrade[]): Omit<AuctionClearing, "trades"> {
  let volumeWh = 0;
  let low: MicroPerKwh | null = null;
  let high: MicroPerKwh | null = null;
  for (const { energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } of trades) {
    volumeWh += energyWh;
    low = microPerKwh(Math.min(low ?? priceMicroPerKwh, priceMicroPerKwh, sellerPriceMicroPerKwh));
    high = microPerKwh(Math.max(high ?? priceMicroPerKwh, priceMicroPerKwh, sellerPriceMicroPerKwh));
  }
  return {
    priceMicroPerKwh: low === high ? low : null,
    lowMicroPerKwh: low,
    highMicroPerKwh: high,
    volumeWh: volumeWh as Wh,
  };
}

function described(value: unknown): string {
  if (value instanceof Promise) return "a promise (clear must answer at once, not be async)";
  if (typeof value === "string") return `"${value.slice(0, 40)}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "bigint") return `${value}n (a bigint)`;
  return typeof value === "function" ? "a function" : String(value);
}
