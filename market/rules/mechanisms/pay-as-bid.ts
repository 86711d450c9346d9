/**
 * Pay-as-bid (discriminatory) call auction: the same orders trade as in the uniform auction, each pair at a price of its own.
 *
 * Who trades: ../efficient-matching.ts, ties included. Pairs: best bid with best ask, and so on. Price of a pair: ask + k (bid - ask),
 * rounded down to a millionth, k taken to six decimals. The buyer pays what the seller gets, nothing is left over; nobody pays above
 * his bid or gets less than his ask. Who bids on both sides may trade with itself. Source: elecbay.md 3.5.
 */
import { efficientMatching, priceBetween } from "../efficient-matching.js";
import type { AuctionOrder } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import type { Auction, AuctionClearing, AuctionTerms } from "./mechanism.js";
import { tradedRange } from "./traded-range.js";

export const payAsBid: Auction = { kind: "auction", name: "pay-as-bid", clears: "gate", clear: clearPayAsBid };

function clearPayAsBid(orders: readonly AuctionOrder[], { k, tie }: AuctionTerms): AuctionClearing {
  const matching = efficientMatching(orders, tie);
  const trades = pairedTrades(matching, (bid, ask) => priceBetween(ask.priceMicroPerKwh, bid.priceMicroPerKwh, k));
  return { trades, priceMicroPerKwh: null, ...tradedRange(trades), volumeWh: matching.volumeWh, matching };
}
