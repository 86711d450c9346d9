/**
 * The receipt of every order of a clearing: how much it traded, at which price on average, why, which price would have traded more.
 *
 * `why` begins with its category: cleared; priced out; at the margin (outranked, or shared); outranked; no counterparty. What the
 * mechanism itself says of an order is added. Prices in words are in major units per kWh.
 * The price that would have traded more, everybody else's order being what it was:
 * to a millionth for the mechanisms of the efficient matching (uniform, pay-as-bid, vcg, optimal), see ./receipts-better-price.ts;
 * `continuous`: the best price of the other side that rests at the end; any other auction: found by clearing again, see
 * ./receipts-by-trial.ts, in books of at most 500 orders, else null.
 * Averages are rounded down to a millionth. The rank is the place in the merit order of the order's side.
 * Source: elecbay.md 0, faults ("losers are not told why, nor at which price they would have traded").
 */
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import { type EfficientMatching, efficientMatching, efficientMechanisms } from "./efficient-matching.js";
import type { Auction, AuctionClearing, AuctionTerms, AuctionTrade } from "./mechanisms/mechanism.js";
import { type AuctionOrder, meritOrder } from "./merit-order.js";
import { type BetterPrice, betterPrices } from "./receipts-better-price.js";
import { betterPriceByTrial } from "./receipts-by-trial.js";
import { type Cleared, createReasons } from "./receipts-reasons.js";
import { averagePrice } from "./value.js";

export interface AuctionReceipt {
  readonly orderId: string;
  readonly tradedWh: Wh;
  /** What it paid, or got, on average; null where nothing was traded. */
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly why: string;
  /** Null where no price within the band would have traded more, or all was traded, or it is not known. */
  readonly wouldTradeAtMicroPerKwh: MicroPerKwh | null;
  /** From 1. */
  readonly rank: number;
}

/** Bids first, then asks, each side best first. @param clearing what `auction` made of `orders` under `terms` */
export function auctionReceipts(
  orders: readonly AuctionOrder[],
  clearing: AuctionClearing,
  auction: Auction,
  terms: AuctionTerms,
): AuctionReceipt[] {
  const { matching } = clearing;
  if (matching !== undefined && clearing.priceMicroPerKwh !== null && auction.name === "uniform") {
    return receiptsAtOnePrice(matching, clearing, terms, clearing.priceMicroPerKwh);
  }
  const parts = partsOf(clearing.trades);
  const known = efficientMechanisms.has(auction.name) ? (matching ?? efficientMatching(orders, terms.tie)) : undefined;
  const bids = known?.bids ?? meritOrder(orders, "buy");
  const asks = known?.asks ?? meritOrder(orders, "sell");
  const traded = (order: AuctionOrder): number => parts.get(order.orderId)?.energyWh ?? 0;
  const cleared: Cleared = { bids, asks, bidWh: bids.map(traded), askWh: asks.map(traded) };
  const betterPrice = known
    ? betterPrices({ ...known, ...cleared }, terms)
    : auction.clears === "arrival"
      ? bestResting(cleared)
      : betterPriceByTrial(orders, auction, terms);
  const reasonOf = createReasons(cleared, clearing, auction, terms);
  const receiptOf = (order: AuctionOrder, at: number): AuctionReceipt => {
    const part = parts.get(order.orderId);
    const tradedWh = part?.energyWh ?? 0;
    return {
      orderId: order.orderId,
      tradedWh: wh(tradedWh),
      priceMicroPerKwh: part === undefined ? null : averagePrice(part.turnover, tradedWh),
      why: reasonOf(order, at, part),
      wouldTradeAtMicroPerKwh: tradedWh === order.energyWh ? null : betterPrice(order, tradedWh),
      rank: at + 1,
    };
  };
  return [...bids.map(receiptOf), ...asks.map(receiptOf)];
}

/** The uniform auction's: all that traded did so at `price`. */
function receiptsAtOnePrice(
  matching: EfficientMatching,
  clearing: AuctionClearing,
  terms: AuctionTerms,
  price: MicroPerKwh,
): AuctionReceipt[] {
  const betterPrice = betterPrices(matching, terms);
  const reasonOf = createReasons(matching, clearing, undefined, terms);
  const receipts: AuctionReceipt[] = new Array(matching.bids.length + matching.asks.length);
  let count = 0;
  const tell = (side: readonly AuctionOrder[], filledWh: readonly number[]): void => {
    for (let at = 0; at < side.length; at += 1) {
      const order = side[at] as AuctionOrder;
      const tradedWh = filledWh[at] as number;
      receipts[count] = {
        orderId: order.orderId,
        tradedWh: tradedWh as Wh,
        priceMicroPerKwh: tradedWh === 0 ? null : price,
        why: reasonOf(order, at, undefined),
        wouldTradeAtMicroPerKwh: tradedWh === order.energyWh ? null : betterPrice(order, tradedWh),
        rank: at + 1,
      };
      count += 1;
    }
  };
  tell(matching.bids, matching.bidWh);
  tell(matching.asks, matching.askWh);
  return receipts;
}

/** What an order traded in all its trades, at its own side's prices. */
export interface TradedPart {
  energyWh: number;
  /** Wh x millionths per kWh. */
  turnover: bigint;
  lowMicroPerKwh: MicroPerKwh;
  highMicroPerKwh: MicroPerKwh;
}

/** By order id. */
export function partsOf(trades: readonly AuctionTrade[]): Map<string, TradedPart> {
  const parts = new Map<string, TradedPart>();
  for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } of trades) {
    addPart(parts, buyOrder, energyWh, priceMicroPerKwh);
    addPart(parts, sellOrder, energyWh, sellerPriceMicroPerKwh ?? priceMicroPerKwh);
  }
  return parts;
}

function addPart(parts: Map<string, TradedPart>, orderId: string, energyWh: number, price: MicroPerKwh): void {
  const turnover = BigInt(energyWh) * BigInt(price);
  const part = parts.get(orderId);
  if (part === undefined) {
    parts.set(orderId, { energyWh, turnover, lowMicroPerKwh: price, highMicroPerKwh: price });
    return;
  }
  part.energyWh += energyWh;
  part.turnover += turnover;
  if (price < part.lowMicroPerKwh) part.lowMicroPerKwh = price;
  if (price > part.highMicroPerKwh) part.highMicroPerKwh = price;
}

/** What rests at the end on the other side, best first: whoever reaches its price trades. */
function bestResting({ bids, asks, bidWh, askWh }: Cleared): BetterPrice {
  const best = (side: readonly AuctionOrder[], filledWh: readonly number[]): MicroPerKwh | null =>
    side.find(({ energyWh }, at) => (filledWh[at] ?? 0) < energyWh)?.priceMicroPerKwh ?? null;
  const at: Record<Side, MicroPerKwh | null> = { buy: best(asks, askWh), sell: best(bids, bidWh) };
  return ({ side }) => at[side];
}
