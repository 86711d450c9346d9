/**
 * What a mechanism made of one book, in figures that can be set side by side.
 *
 * Welfare: bid x energy less ask x energy over the trades, exact in billionths of the currency (Wh x millionths per kWh); a pool's counts all
 * energy of the book at the limits, less what is paid for it. Efficiency: welfare by the greatest that the limits allow, 1 for 0/0; a pool
 * asks nobody's limit, so it has none. Money is rounded per trade, in value.ts; the remainder, payments less receipts, is the mechanism's.
 * A pool takes every row whatever its limit, each participant's net; what it lacks comes from the supplier at retail, what it has left goes
 * there at export, counted in receipts and payments, so that its remainder is the rounding of its prices. Source: elecbay.md 2, 3.
 */
import { type Micro, type MicroPerKwh, micro, microPerKwh, type Wh, wh } from "../../shared/units.js";
import { efficientMatching } from "./efficient-matching.js";
import type { AuctionClearing, AuctionTrade, PoolPeriod, PoolPrices } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";
import { averagePrice, turnoverOf, valueOfEnergy } from "./value.js";

export interface ClearingFigures {
  /** The one price at which all trade; null where there is none. */
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  /** Volume-weighted averages, rounded down to a millionth; null where nothing was bought or sold. */
  readonly buyerPriceMicroPerKwh: MicroPerKwh | null;
  readonly sellerPriceMicroPerKwh: MicroPerKwh | null;
  /** What goes from participant to participant. */
  readonly volumeWh: Wh;
  readonly trades: number;
  readonly welfareBillionths: bigint;
  /** Null where the mechanism asks nobody's limit. */
  readonly efficiency: number | null;
  readonly paymentsMicro: Micro;
  readonly receiptsMicro: Micro;
  /** Payments less receipts. */
  readonly remainderMicro: Micro;
}

/** The supplier's prices. */
export interface SupplierTariffs {
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly exportMicroPerKwh: MicroPerKwh;
}

/** Price of a trade's seller. */
export const sellerPriceOf = (trade: Pick<AuctionTrade, "priceMicroPerKwh" | "sellerPriceMicroPerKwh">): MicroPerKwh =>
  trade.sellerPriceMicroPerKwh ?? trade.priceMicroPerKwh;

/** @throws RangeError where a trade names an order that is not in the book, or a sum is too large to be exact. */
export function auctionFigures(orders: readonly AuctionOrder[], clearing: AuctionClearing): ClearingFigures {
  const { trades, volumeWh } = clearing;
  const received = trades.map((trade) => ({ energyWh: trade.energyWh, priceMicroPerKwh: sellerPriceOf(trade) }));
  const paymentsMicro = sumOfValues(trades);
  const receiptsMicro = sumOfValues(received);
  const welfare = tradedWelfare(orders, trades);
  return {
    priceMicroPerKwh: clearing.priceMicroPerKwh,
    lowMicroPerKwh: clearing.lowMicroPerKwh,
    highMicroPerKwh: clearing.highMicroPerKwh,
    buyerPriceMicroPerKwh: averagePrice(turnoverOf(trades), energyOf(trades)),
    sellerPriceMicroPerKwh: averagePrice(turnoverOf(received), energyOf(received)),
    volumeWh,
    trades: trades.length,
    welfareBillionths: welfare,
    efficiency: shareOf(welfare, greatestWelfare(orders)),
    ...{ paymentsMicro, receiptsMicro, remainderMicro: micro(paymentsMicro - receiptsMicro) },
  };
}

/** @param prices of the book as one period: see `poolPeriod` */
export function poolFigures(
  orders: readonly AuctionOrder[],
  prices: PoolPrices,
  tariffs: SupplierTariffs,
): ClearingFigures {
  return { ...atPrices(orders, prices, tariffs), efficiency: null };
}

/** Everybody with the supplier. Without tariffs nothing is known but that nobody trades. */
export function noMarketFigures(
  orders: readonly AuctionOrder[],
  tariffs: SupplierTariffs | undefined,
): ClearingFigures {
  if (tariffs === undefined) {
    const nothing: AuctionClearing = {
      ...{ trades: [], priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: wh(0) },
    };
    return auctionFigures(orders, nothing);
  }
  const { retailMicroPerKwh, exportMicroPerKwh } = tariffs;
  const prices = { buyMicroPerKwh: retailMicroPerKwh, sellMicroPerKwh: exportMicroPerKwh };
  const { demandWh, supplyWh } = netEnergies(orders);
  // Both meet the supplier alone: it pays for all that is sold to it, and is paid for all that is bought.
  const paymentsMicro = micro(valueOfEnergy(demandWh, retailMicroPerKwh) + valueOfEnergy(supplyWh, exportMicroPerKwh));
  return {
    ...atPrices(orders, prices, tariffs),
    volumeWh: wh(0),
    efficiency: null,
    ...{ paymentsMicro, receiptsMicro: paymentsMicro, remainderMicro: micro(0) },
  };
}

/** The book as a pool meters it: each participant's buying less its selling. */
export function poolPeriod(orders: readonly AuctionOrder[], tariffs: SupplierTariffs): PoolPeriod {
  return { ...netEnergies(orders), ...tariffs };
}

/** The most that trades within the limits can gain: best bids with best asks while they reach each other. Billionths. */
export function greatestWelfare(orders: readonly AuctionOrder[]): bigint {
  const { bids, asks, bidWh, askWh } = efficientMatching(orders, "time");
  const worth = (side: readonly AuctionOrder[], energyWh: readonly number[]): bigint =>
    side.reduce((sum, order, at) => sum + BigInt(energyWh[at] ?? 0) * BigInt(order.priceMicroPerKwh), 0n);
  return worth(bids, bidWh) - worth(asks, askWh);
}

/** What the trades gain at the orders' limits. Billionths. @throws RangeError for an order that is not in the book. */
export function tradedWelfare(orders: readonly AuctionOrder[], trades: readonly AuctionTrade[]): bigint {
  const limits = new Map(orders.map(({ orderId, priceMicroPerKwh }) => [orderId, priceMicroPerKwh]));
  return trades.reduce((sum, { buyOrder, sellOrder, energyWh }) => {
    const bid = limits.get(buyOrder);
    const ask = limits.get(sellOrder);
    if (bid === undefined || ask === undefined)
      throw new RangeError(`no order ${bid === undefined ? buyOrder : sellOrder} in the book`);
    return sum + BigInt(energyWh) * BigInt(bid - ask);
  }, 0n);
}

function atPrices(
  orders: readonly AuctionOrder[],
  { buyMicroPerKwh, sellMicroPerKwh }: PoolPrices,
  { retailMicroPerKwh, exportMicroPerKwh }: SupplierTariffs,
): ClearingFigures {
  const { demandWh, supplyWh } = netEnergies(orders);
  const paid = valueOfEnergy(demandWh, buyMicroPerKwh);
  const got = valueOfEnergy(supplyWh, sellMicroPerKwh);
  const paymentsMicro = micro(paid + valueOfEnergy(Math.max(0, supplyWh - demandWh), exportMicroPerKwh));
  const receiptsMicro = micro(got + valueOfEnergy(Math.max(0, demandWh - supplyWh), retailMicroPerKwh));
  const net = BigInt(demandWh) * BigInt(buyMicroPerKwh) - BigInt(supplyWh) * BigInt(sellMicroPerKwh);
  const used = [demandWh === 0 ? [] : [buyMicroPerKwh], supplyWh === 0 ? [] : [sellMicroPerKwh]].flat();
  return {
    priceMicroPerKwh: used.length > 0 && used[0] === used.at(-1) ? (used[0] ?? null) : null,
    lowMicroPerKwh: used.length === 0 ? null : microPerKwh(Math.min(...used)),
    highMicroPerKwh: used.length === 0 ? null : microPerKwh(Math.max(...used)),
    buyerPriceMicroPerKwh: demandWh === 0 ? null : buyMicroPerKwh,
    sellerPriceMicroPerKwh: supplyWh === 0 ? null : sellMicroPerKwh,
    volumeWh: wh(Math.min(demandWh, supplyWh)),
    trades: 0,
    welfareBillionths: worthOf(orders) - net,
    efficiency: null,
    ...{ paymentsMicro, receiptsMicro, remainderMicro: micro(paymentsMicro - receiptsMicro) },
  };
}

/** Bids x energy less asks x energy of the whole book. */
function worthOf(orders: readonly AuctionOrder[]): bigint {
  const turnover = (side: "buy" | "sell"): bigint => turnoverOf(orders.filter((order) => order.side === side));
  return turnover("buy") - turnover("sell");
}

function netEnergies(orders: readonly AuctionOrder[]): Pick<PoolPeriod, "demandWh" | "supplyWh"> {
  const nets = new Map<string, number>();
  for (const { participant, side, energyWh } of orders) {
    nets.set(participant, (nets.get(participant) ?? 0) + (side === "buy" ? energyWh : -energyWh));
  }
  let demandWh = 0;
  let supplyWh = 0;
  for (const netWh of nets.values()) {
    demandWh += Math.max(0, netWh);
    supplyWh += Math.max(0, -netWh);
  }
  return { demandWh, supplyWh };
}

/** 1 for 0/0; a quotient of large whole numbers, in whole millionths of a millionth. */
function shareOf(part: bigint, whole: bigint): number {
  if (whole === 0n) return part === 0n ? 1 : 0;
  return Number((part * 1_000_000_000_000n) / whole) / 1e12;
}

const energyOf = (trades: readonly { readonly energyWh: number }[]): number =>
  trades.reduce((sum, { energyWh }) => sum + energyWh, 0);

const sumOfValues = (trades: readonly { readonly energyWh: number; readonly priceMicroPerKwh: number }[]): Micro =>
  micro(trades.reduce((sum, trade) => sum + valueOfEnergy(trade.energyWh, trade.priceMicroPerKwh), 0));
