/** The measurements of the auctions: CPU time of all threads of the process, as medians of many turns, each with orders never seen before. */
import { auctionReceipts } from "../../market/rules/auction-receipts.js";
import {
  addOrder,
  createContinuousBook,
  openWhOf,
  removeOrder,
} from "../../market/rules/mechanisms/continuous-book.js";
import type { AuctionTerms } from "../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../market/rules/merit-order.js";
import { permuted, stream } from "../../shared/random-stream.js";
import { microPerKwh, wh } from "../../shared/units.js";
import { bareSide, sortAndSweep } from "./bare/sort-and-sweep.js";
import { median } from "./median.js";

export interface RulesCell {
  readonly kind: "uniform" | "continuous" | "continuous-cancelled";
  readonly orders: number;
  /** Measured turns; as many again, at most ten, run before them unmeasured, until the program is compiled. */
  readonly turns: number;
}

export interface UniformFigures {
  readonly marketMs: number;
  readonly bareMs: number;
  /** Median of the turns' ratios. */
  readonly ratio: number;
}

export interface ContinuousFigures {
  readonly commandsPerCpuSecond: number;
}

const terms: AuctionTerms = {
  k: 0.5,
  tie: "pro-rata",
  minEnergyWh: wh(1),
  priceFloorMicroPerKwh: microPerKwh(0),
  priceCapMicroPerKwh: microPerKwh(1_000_000),
};

/** Clearing with checks, allocation, trades and all receipts, beside a sort and sweep of the same numbers. */
export function uniformCell({ orders: count, turns }: RulesCell): UniformFigures {
  const market: number[] = [];
  const bare: number[] = [];
  const warmUp = Math.min(turns, 10);
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    const orders = randomOrders(count, turn);
    const [bids, asks] = [bareSide(orders, "buy"), bareSide(orders, "sell")];
    collectGarbage();
    const bareMs = cpuMs(() => sortAndSweep(bids, asks));
    const marketMs = cpuMs(() => auctionReceipts(orders, uniform.clear(orders, terms), uniform, terms));
    if (turn < warmUp) continue;
    bare.push(bareMs);
    market.push(marketMs);
  }
  const ratios = market.map((ms, turn) => ms / (bare[turn] ?? Number.NaN));
  return { marketMs: median(market), bareMs: median(bare), ratio: median(ratios) };
}

/**
 * Every order into an empty book, one by one: matching, trades, resting orders. About one in five rests at the end. `continuous-cancelled`:
 * ids are asked for from the start, as in a live market, and one order in four is cancelled three orders later: a command like an order.
 */
export function continuousCell({ kind, orders: count, turns }: RulesCell): ContinuousFigures {
  const speeds: number[] = [];
  const warmUp = 1;
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    const orders = randomOrders(count, turn);
    collectGarbage();
    const commands = kind === "continuous" ? count : count + Math.floor(count / 4);
    let trades = 0;
    const ms = cpuMs(() => {
      trades = kind === "continuous" ? added(orders) : addedAndCancelled(orders);
    });
    if (trades === 0) throw new Error("nothing was traded");
    if (turn >= warmUp) speeds.push(commands / (ms / 1000));
  }
  return { commandsPerCpuSecond: median(speeds) };
}

function added(orders: readonly AuctionOrder[]): number {
  const book = createContinuousBook();
  let trades = 0;
  for (const order of orders) trades += addOrder(book, order).length;
  return trades;
}

function addedAndCancelled(orders: readonly AuctionOrder[]): number {
  const book = createContinuousBook();
  let trades = 0;
  openWhOf(book, "nobody");
  for (let at = 0; at < orders.length; at += 1) {
    trades += addOrder(book, orders[at] as AuctionOrder).length;
    if (at % 4 === 3) removeOrder(book, (orders[at - 3] as AuctionOrder).orderId);
  }
  return trades;
}

/** Half bids, half asks, in order of arrival; prices from 0.05 to 0.15 in steps of a hundredth of a penny, up to 5 kWh. */
function randomOrders(count: number, turn: number): AuctionOrder[] {
  const random = stream(turn, "bench", "orders");
  const sides = permuted(
    Array.from({ length: count }, (_, at): "buy" | "sell" => (at % 2 === 0 ? "buy" : "sell")),
    random,
  );
  return sides.map((side, at) => ({
    orderId: `o-${turn}-${at}`,
    participant: `p${random.integer(0, 999)}`,
    side,
    energyWh: wh(random.integer(1, 5000)),
    priceMicroPerKwh: microPerKwh(50_000 + 100 * random.integer(0, 1000)),
    arrival: at,
  }));
}

/** What the making of the input left is not the rule's, nor is the input itself young any more: as in a market. */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: (how: { type: "minor" }) => void };
  // Who outlives two collections of the young is young no more.
  for (let times = 0; times < 2; times += 1) gc?.({ type: "minor" });
}

export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
