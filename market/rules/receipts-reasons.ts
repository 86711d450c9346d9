/**
 * Why an order of a clearing fared as it did, in words that begin with the category.
 *
 * At the margin: the order's limit is the worst that still traded on its side, in the mechanisms that serve the best first.
 * Sentences that are the same for many orders are made once.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import type { TradedPart } from "./auction-receipts.js";
import type { EfficientMatching } from "./efficient-matching.js";
import type { Auction, AuctionClearing, AuctionTerms } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";

/** Both sides best first, with what each order traded. */
export type Cleared = Pick<EfficientMatching, "bids" | "asks" | "bidWh" | "askWh">;

/** @param at the order's place in its side @param part what it traded at; undefined: at the clearing price, or nothing */
export type ReasonOf = (order: AuctionOrder, at: number, part: TradedPart | undefined) => string;

/** @param auction undefined for the uniform auction */
export function createReasons(
  cleared: Cleared,
  clearing: AuctionClearing,
  auction: Auction | undefined,
  terms: AuctionTerms,
): ReasonOf {
  const { reasons } = clearing;
  const servesBestFirst = auction === undefined || auction.clears === "gate";
  const buyers = sideReasons(cleared.bids, cleared.bidWh, cleared.asks, clearing, terms, servesBestFirst);
  const sellers = sideReasons(cleared.asks, cleared.askWh, cleared.bids, clearing, terms, servesBestFirst);
  return (order, at, part) => {
    const why = (order.side === "buy" ? buyers : sellers)(order, at, part);
    const own = reasons?.get(order.orderId);
    if (own === undefined) return why;
    return part === undefined ? own : `${why}; ${own}`;
  };
}

function sideReasons(
  own: readonly AuctionOrder[],
  ownWh: readonly number[],
  opposite: readonly AuctionOrder[],
  clearing: AuctionClearing,
  terms: AuctionTerms,
  servesBestFirst: boolean,
): ReasonOf {
  const best = opposite[0]?.priceMicroPerKwh;
  if (best === undefined) return () => "no counterparty";
  const buying = own[0]?.side === "buy";
  const sign = buying ? 1 : -1;
  const last = own[lastTraded(ownWh)]?.priceMicroPerKwh;
  const unmet = `the best ${buying ? "ask" : "bid"} was ${majorFromMicro(best)}`;
  if (last === undefined) {
    return ({ priceMicroPerKwh }) =>
      sign * priceMicroPerKwh < sign * best ? `no bid met an ask: ${unmet}` : "nothing was traded";
  }
  const { priceMicroPerKwh: price } = clearing;
  const wholly = price === null ? "" : `cleared at ${majorFromMicro(price)}`;
  const worst = majorFromMicro(last);
  const pricedOut = `priced out: the ${price === null ? `last ${buying ? "bid" : "ask"} served was ${worst}` : `clearing price was ${majorFromMicro(price)}`}`;
  const better = buying ? "higher bids" : "lower asks";
  const outranked = `outranked at the clearing price of ${majorFromMicro(price ?? last)} by ${better}`;
  return (order, at, part) => {
    const tradedWh = ownWh[at] as number;
    if (tradedWh === order.energyWh) return price === null || part !== undefined ? clearedAt(part) : wholly;
    if (!servesBestFirst) return arrivalReason(order, tradedWh, part);
    if (order.priceMicroPerKwh === last) return marginReason(own, at, tradedWh, terms);
    if (order.priceMicroPerKwh === price) return outranked;
    if (sign * order.priceMicroPerKwh < sign * last) return pricedOut;
    return tradedWh > 0 ? `${clearedAt(part)}, in part` : `outranked: orders as far as ${worst} were served`;
  };

  /** The price may be met by an order that came too late, or went to better ones. */
  function arrivalReason(order: AuctionOrder, tradedWh: number, part: TradedPart | undefined): string {
    if (tradedWh > 0) return `${clearedAt(part)}, in part: the other side did not reach for all of it`;
    if (sign * order.priceMicroPerKwh < sign * (best ?? 0)) return `priced out: ${unmet}`;
    return `outranked: what reached its price went to ${better} or earlier arrivals`;
  }
}

function marginReason(own: readonly AuctionOrder[], at: number, tradedWh: number, { tie }: AuctionTerms): string {
  const price = own[at]?.priceMicroPerKwh;
  if (own[at - 1]?.priceMicroPerKwh !== price && own[at + 1]?.priceMicroPerKwh !== price) {
    return "at the margin, the other side did not reach for all of it";
  }
  if (tie === "pro-rata") return "at the margin, shared pro rata";
  return tradedWh > 0 ? "at the margin, served by arrival" : "outranked at the margin by earlier arrival";
}

function clearedAt(part: TradedPart | undefined): string {
  if (part === undefined) return "cleared";
  const low = majorFromMicro(part.lowMicroPerKwh);
  return part.lowMicroPerKwh === part.highMicroPerKwh
    ? `cleared at ${low}`
    : `cleared at ${low} to ${majorFromMicro(part.highMicroPerKwh)}`;
}

function lastTraded(tradedWh: readonly number[]): number {
  let at = tradedWh.length - 1;
  while (at >= 0 && tradedWh[at] === 0) at -= 1;
  return at;
}
