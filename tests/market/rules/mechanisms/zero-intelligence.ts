/**
 * Zero-intelligence traders with a budget (ZI-C, Gode and Sunder 1993): each wants one unit and quotes a random price that loses it no money.
 * They meet in a continuous auction or in calls, by the market's own rules. Source: elecbay.md 3.7.
 */
import type { Side } from "../../../../market/facts.js";
import { addOrder, createContinuousBook } from "../../../../market/rules/mechanisms/continuous-book.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import type { RandomStream } from "../../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { terms } from "./clearing-accounts.js";

export interface Trader {
  readonly id: string;
  readonly side: Side;
  /** Value of a buyer, cost of a seller. */
  readonly limit: number;
}

/** Prices that may be quoted, both ends included. */
export type Band = readonly [lowest: number, highest: number];

/** Vernon Smith's schedule: 11 values and 11 costs at 75, 100, … 325. Equilibrium 200, largest surplus 750. */
export const smithTraders: readonly Trader[] = (["buy", "sell"] as const).flatMap((side) =>
  Array.from({ length: 11 }, (_, index) => ({ id: `${side}${index}`, side, limit: 75 + 25 * index })),
);
export const smithBand: Band = [1, 400];

/** Sum of values less costs where the best trade, the most there is to gain. */
export function largestSurplus(traders: readonly Trader[]): number {
  const limits = (side: Side, sign: number) =>
    traders
      .filter((trader) => trader.side === side)
      .map(({ limit }) => limit)
      .sort((one, other) => sign * (one - other));
  const costs = limits("sell", 1);
  return limits("buy", -1).reduce((sum, value, index) => sum + Math.max(value - (costs[index] ?? value), 0), 0);
}

function quote({ id, side, limit }: Trader, band: Band, arrival: number, random: RandomStream): AuctionOrder {
  const price = side === "buy" ? random.integer(band[0], limit) : random.integer(limit, band[1]);
  return {
    ...{ orderId: `${id}/${arrival}`, participant: id, side, arrival },
    ...{ energyWh: wh(1), priceMicroPerKwh: microPerKwh(price) },
  };
}

export interface Session {
  readonly surplus: number;
  readonly prices: readonly number[];
}

/** Random traders quote one after the other; a trade cancels all standing quotes; ends when nobody is left to gain by a trade. */
export function continuousSession(traders: readonly Trader[], band: Band, random: RandomStream): Session {
  const limits = new Map(traders.map(({ id, limit }) => [id, limit]));
  const prices: number[] = [];
  let surplus = 0;
  let active = [...traders];
  let book = createContinuousBook();
  for (let arrival = 1; someGainIsLeft(active); arrival += 1) {
    const trader = active[random.integer(0, active.length - 1)];
    if (trader === undefined) throw new Error("nobody is active");
    const [trade] = addOrder(book, quote(trader, band, arrival, random));
    if (trade === undefined) continue;
    prices.push(trade.priceMicroPerKwh);
    surplus += (limits.get(trade.buyer) ?? 0) - (limits.get(trade.seller) ?? 0);
    active = active.filter(({ id }) => id !== trade.buyer && id !== trade.seller);
    book = createContinuousBook();
  }
  return { surplus, prices };
}

function someGainIsLeft(traders: readonly Trader[]): boolean {
  let value = -Infinity;
  let cost = Infinity;
  for (const { side, limit } of traders) {
    if (side === "buy") value = Math.max(value, limit);
    else cost = Math.min(cost, limit);
  }
  return value > cost;
}

/** Call after call, those who have not traded quote anew. @returns surplus and trades so far, after each round. */
export function callRounds(
  traders: readonly Trader[],
  band: Band,
  rounds: number,
  random: RandomStream,
): { readonly surplus: number; readonly trades: number }[] {
  const limits = new Map(traders.map(({ id, limit }) => [id, limit]));
  let active = [...traders];
  let surplus = 0;
  let count = 0;
  return Array.from({ length: rounds }, () => {
    const { trades } = uniform.clear(
      active.map((trader, arrival) => quote(trader, band, arrival, random)),
      terms,
    );
    const gone = new Set<string>();
    for (const { buyer, seller } of trades) {
      surplus += (limits.get(buyer) ?? 0) - (limits.get(seller) ?? 0);
      count += 1;
      gone.add(buyer).add(seller);
    }
    if (gone.size > 0) active = active.filter(({ id }) => !gone.has(id));
    return { surplus, trades: count };
  });
}
