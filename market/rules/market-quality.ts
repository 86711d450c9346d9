/**
 * How well a period's market did with the orders it had, judged by their limits, which stand in for true values and costs.
 *
 * Surplus of a trade: bid less ask, times energy. Its maximum: best bids with best asks up to where they cross. p*: the middle of the
 * crossing's price interval. Smith's alpha: 100 x root of the volume-weighted mean square of (price - p*), over p* (volume-weighted). Profit
 * dispersion: root mean square over participants of their profit less what they would have had at p* with the efficient trades.
 * Where orders are shaded the limits are not the values: "mechanical". Source: elecbay.md 5 and 3.7.
 */
import type { MicroPerKwh } from "../../shared/units.js";
import type { Trade } from "../facts.js";
import { type Crossing, efficientMatching } from "./efficient-matching.js";
import type { AuctionOrder } from "./merit-order.js";

/** How one period did: sums of its trades. Money in millionths, not rounded: figures, not books. */
export interface PeriodQuality {
  readonly surplusMicro: number;
  readonly mostSurplusMicro: number;
  /** The crossing's price interval, p* its middle; null where no bid meets an ask. */
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  /** Traded where there is a p*, and the sum of energy x (price - p*)² over it. */
  readonly tradedWh: number;
  readonly squaresSum: number;
  /** By participant: profit less that at p* with the efficient trades. */
  readonly profitGapsMicro: ReadonlyMap<string, number>;
}

/** Sums over periods. */
export interface MarketQuality {
  surplusMicro: number;
  mostSurplusMicro: number;
  /** Sum of energy x (price - p*)², and of energy x p*, over trades in periods that have a p*. */
  squaresSum: number;
  equilibriumSum: number;
  tradedWh: number;
  readonly profitGapsMicro: Map<string, number>;
}

export function createMarketQuality(): MarketQuality {
  return {
    ...{ surplusMicro: 0, mostSurplusMicro: 0, squaresSum: 0, equilibriumSum: 0, tradedWh: 0 },
    profitGapsMicro: new Map(),
  };
}

/** Adds a period: its book at the gate and its trades, the list's included. */
export function addMarket(quality: MarketQuality, orders: readonly AuctionOrder[], trades: readonly Trade[]): void {
  addQuality(quality, qualityOf(orders, trades));
}

/** Adds a period whose own sums are known. */
export function addQuality(quality: MarketQuality, period: PeriodQuality): void {
  quality.surplusMicro += period.surplusMicro;
  quality.mostSurplusMicro += period.mostSurplusMicro;
  quality.squaresSum += period.squaresSum;
  quality.equilibriumSum += period.tradedWh * (middle(period) ?? 0);
  quality.tradedWh += period.tradedWh;
  const { profitGapsMicro: gaps } = quality;
  for (const [participant, gapMicro] of period.profitGapsMicro) {
    gaps.set(participant, (gaps.get(participant) ?? 0) + gapMicro);
  }
}

/** What one period did with its book at the gate: n log n in its orders. @param trades as they stand, the list's included */
export function qualityOf(orders: readonly AuctionOrder[], trades: readonly Trade[]): PeriodQuality {
  const { bids, asks, bidWh, askWh, lowMicroPerKwh, highMicroPerKwh } = efficientMatching(orders, "time");
  const equilibrium = middle({ lowMicroPerKwh, highMicroPerKwh });
  const [buying, selling] = [gainsOf(bids), gainsOf(asks)];
  const sums = { surplusMicro: 0, mostSurplusMicro: 0, tradedWh: 0, squaresSum: 0 };
  const gaps: Gaps = new Map();
  for (const trade of trades) {
    const { energyWh, priceMicroPerKwh: paid, sellerPriceMicroPerKwh: got = paid } = trade;
    // Who listed or ordered is in the book; a price stands in for a limit that is not.
    const bid = addGain(buying, trade.buyOrder, energyWh, paid) ?? without(gaps, trade.buyer, paid);
    const ask = addGain(selling, trade.sellOrder, -energyWh, got) ?? without(gaps, trade.seller, got);
    sums.surplusMicro += (energyWh * (bid - ask)) / 1000;
    if (equilibrium === null) continue;
    sums.tradedWh += energyWh;
    sums.squaresSum += energyWh * ((paid + got) / 2 - equilibrium) ** 2;
  }
  if (equilibrium !== null) {
    sums.mostSurplusMicro =
      loseEfficient(buying, bidWh, equilibrium, 1) + loseEfficient(selling, askWh, equilibrium, -1);
  }
  addGaps(gaps, buying);
  addGaps(gaps, selling);
  return {
    ...{ tradedWh: sums.tradedWh, squaresSum: sums.squaresSum, lowMicroPerKwh, highMicroPerKwh },
    surplusMicro: exact(sums.surplusMicro),
    mostSurplusMicro: exact(sums.mostSurplusMicro),
    profitGapsMicro: new Map([...gaps].map(([participant, gap]) => [participant, exact(gap.gainedMicro)])),
  };
}

function middle({ lowMicroPerKwh: low, highMicroPerKwh: high }: Pick<Crossing, "lowMicroPerKwh" | "highMicroPerKwh">) {
  return low === null || high === null ? null : (low + high) / 2;
}

/** Wh times halves of a millionth per kWh make half thousandths of a millionth: floats' last digits beyond them are taken off. */
function exact(amountMicro: number): number {
  return Math.round(amountMicro * 2000) / 2000 + 0;
}

type Gaps = Map<string, { gainedMicro: number }>;

/** One side in merit order, and what each of its orders gained less what it should have; NaN: it neither traded nor should have. */
interface Gains {
  readonly orders: readonly AuctionOrder[];
  readonly gainsMicro: Float64Array;
  /** Of the order found last. */
  place: number;
  places: ReadonlyMap<string, number> | undefined;
}

function gainsOf(orders: readonly AuctionOrder[]): Gains {
  return { orders, gainsMicro: new Float64Array(orders.length).fill(Number.NaN), place: 0, places: undefined };
}

/** @returns the order's limit; undefined where it is not in the book */
function addGain(side: Gains, orderId: string, signedWh: number, priceMicroPerKwh: number): number | undefined {
  const place = placeOf(side, orderId);
  const limit = side.orders[place]?.priceMicroPerKwh;
  if (limit !== undefined) gain(side, place, (signedWh * (limit - priceMicroPerKwh)) / 1000);
  return limit;
}

function gain({ gainsMicro }: Gains, place: number, gainMicro: number): void {
  const known = gainsMicro[place] as number;
  gainsMicro[place] = Number.isNaN(known) ? gainMicro : known + gainMicro;
}

/** Auctions mostly pair orders in merit order: an order is looked for behind the last one before all are given their places. */
function placeOf(side: Gains, orderId: string): number {
  for (let place = side.place; place < side.place + 8; place += 1) {
    if (side.orders[place]?.orderId !== orderId) continue;
    side.place = place;
    return place;
  }
  side.places ??= new Map(side.orders.map((order, place) => [order.orderId, place]));
  const found = side.places.get(orderId) ?? -1;
  side.place = Math.max(0, found);
  return found;
}

/** Takes from each what it would earn at `equilibrium` by the efficient trades. @returns the side's part of what they would gain */
function loseEfficient(side: Gains, tradedWh: readonly number[], equilibrium: number, sign: 1 | -1): number {
  let surplusMicro = 0;
  for (let place = 0; place < tradedWh.length; place += 1) {
    const signedWh = sign * (tradedWh[place] as number);
    if (signedWh === 0) break; // best first: nobody behind it trades either
    const { priceMicroPerKwh } = side.orders[place] as AuctionOrder;
    surplusMicro += (signedWh * priceMicroPerKwh) / 1000;
    gain(side, place, (signedWh * (equilibrium - priceMicroPerKwh)) / 1000);
  }
  return surplusMicro;
}

function addGaps(gaps: Gaps, { orders, gainsMicro }: Gains): void {
  for (let place = 0; place < orders.length; place += 1) {
    const gainMicro = gainsMicro[place] as number;
    if (!Number.isNaN(gainMicro)) gapOf(gaps, (orders[place] as AuctionOrder).participant).gainedMicro += gainMicro;
  }
}

function without(gaps: Gaps, participant: string, priceMicroPerKwh: number): number {
  gapOf(gaps, participant);
  return priceMicroPerKwh;
}

function gapOf(gaps: Gaps, participant: string): { gainedMicro: number } {
  const known = gaps.get(participant);
  if (known !== undefined) return known;
  const gap = { gainedMicro: 0 };
  gaps.set(participant, gap);
  return gap;
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
  const { surplusMicro, mostSurplusMicro, squaresSum, equilibriumSum, tradedWh } = quality;
  const gaps = [...quality.profitGapsMicro.values()];
  const squares = gaps.reduce((sum, gapMicro) => sum + gapMicro ** 2, 0);
  return {
    welfareEfficiency: rounded(mostSurplusMicro === 0 ? 1 : surplusMicro / mostSurplusMicro),
    smithsAlpha:
      equilibriumSum > 0 ? rounded((100 * Math.sqrt(squaresSum / tradedWh)) / (equilibriumSum / tradedWh)) : null,
    profitDispersion: gaps.length === 0 ? null : rounded(Math.sqrt(squares / gaps.length) / 1_000_000),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
