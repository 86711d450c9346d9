/**
 * How well a period's market did with the orders it had, judged by their limits, which stand in for true values and costs.
 *
 * Surplus of a trade: bid less ask, times energy. Its maximum: best bids with best asks up to where they cross. p*: the middle of the
 * crossing's price interval. Smith's alpha: 100 x root of the volume-weighted mean square of (price - p*), over p* (volume-weighted). Profit
 * dispersion: root mean square over participants of their profit less what they would have had at p* with the efficient trades.
 * Where orders are shaded the limits are not the values: "mechanical". Source: elecbay.md 5 and 3.7.
 */
import type { Trade } from "../facts.js";
import { type EfficientMatching, efficientMatching } from "./efficient-matching.js";
import type { AuctionOrder } from "./merit-order.js";

/** Sums over periods. Money in millionths as floats: these are figures, not books. */
export interface MarketQuality {
  surplusMicro: number;
  mostSurplusMicro: number;
  /** Sum of energy x (price - p*)², and of energy x p*, over trades in periods that have a p*. */
  squaresSum: number;
  equilibriumSum: number;
  tradedWh: number;
  /** By participant: profit, and profit at p*. */
  readonly profits: Map<string, { actualMicro: number; equilibriumMicro: number }>;
}

export function createMarketQuality(): MarketQuality {
  return {
    ...{ surplusMicro: 0, mostSurplusMicro: 0, squaresSum: 0, equilibriumSum: 0, tradedWh: 0 },
    profits: new Map(),
  };
}

/** Adds a period: its book at the gate and its trades, the list's included. */
export function addMarket(quality: MarketQuality, orders: readonly AuctionOrder[], trades: readonly Trade[]): void {
  const limits = new Map(orders.map((order) => [order.orderId, order.priceMicroPerKwh]));
  const matching = efficientMatching(orders, "time");
  const { lowMicroPerKwh: low, highMicroPerKwh: high } = matching;
  const equilibrium = low === null || high === null ? undefined : (low + high) / 2;
  quality.mostSurplusMicro += efficientSurplus(quality, matching, equilibrium);
  for (const trade of trades) addTrade(quality, trade, limits, equilibrium);
}

function addTrade(
  quality: MarketQuality,
  trade: Trade,
  limits: ReadonlyMap<string, number>,
  equilibrium: number | undefined,
): void {
  const { energyWh, priceMicroPerKwh: paid } = trade;
  const got = trade.sellerPriceMicroPerKwh ?? paid;
  // Who listed or ordered is in the book; a price stands in for a limit that is not.
  const bid = limits.get(trade.buyOrder) ?? paid;
  const ask = limits.get(trade.sellOrder) ?? got;
  quality.surplusMicro += (energyWh * (bid - ask)) / 1000;
  profitOf(quality, trade.buyer).actualMicro += (energyWh * (bid - paid)) / 1000;
  profitOf(quality, trade.seller).actualMicro += (energyWh * (got - ask)) / 1000;
  if (equilibrium === undefined) return;
  const price = (paid + got) / 2;
  quality.tradedWh += energyWh;
  quality.squaresSum += energyWh * (price - equilibrium) ** 2;
  quality.equilibriumSum += energyWh * equilibrium;
}

/** What the efficient trades would gain; what each participant would earn by them at `equilibrium` is noted on the way. */
function efficientSurplus(
  quality: MarketQuality,
  matching: EfficientMatching,
  equilibrium: number | undefined,
): number {
  const { bids, asks, bidWh, askWh } = matching;
  let surplusMicro = 0;
  const add = ({ participant, priceMicroPerKwh }: AuctionOrder, energyWh: number): void => {
    surplusMicro += (energyWh * priceMicroPerKwh) / 1000;
    if (equilibrium === undefined || energyWh === 0) return;
    profitOf(quality, participant).equilibriumMicro += (energyWh * (priceMicroPerKwh - equilibrium)) / 1000;
  };
  for (const [at, bid] of bids.entries()) add(bid, bidWh[at] ?? 0);
  for (const [at, ask] of asks.entries()) add(ask, -(askWh[at] ?? 0));
  return surplusMicro;
}

function profitOf(quality: MarketQuality, participant: string) {
  const known = quality.profits.get(participant);
  if (known !== undefined) return known;
  const profit = { actualMicro: 0, equilibriumMicro: 0 };
  quality.profits.set(participant, profit);
  return profit;
}

export interface QualityFigures {
  /** Surplus over the largest possible, by the orders' limits; 1 where neither could be had. */
  readonly welfareEfficiency: number;
  /** Percent; null without trades, or where p* is not above 0. */
  readonly smithsAlpha: number | null;
  /** Major units of money; null where nobody bid. */
  readonly profitDispersion: number | null;
}

export function qualityFigures(quality: MarketQuality): QualityFigures {
  const { surplusMicro, mostSurplusMicro, squaresSum, equilibriumSum, tradedWh, profits } = quality;
  const squares = [...profits.values()].reduce((sum, one) => sum + (one.actualMicro - one.equilibriumMicro) ** 2, 0);
  return {
    welfareEfficiency: rounded(mostSurplusMicro === 0 ? 1 : surplusMicro / mostSurplusMicro),
    smithsAlpha:
      equilibriumSum > 0 ? rounded((100 * Math.sqrt(squaresSum / tradedWh)) / (equilibriumSum / tradedWh)) : null,
    profitDispersion: profits.size === 0 ? null : rounded(Math.sqrt(squares / profits.size) / 1_000_000),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
