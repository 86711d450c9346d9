/**
 * Vickrey, Clarke and Groves: the efficient matching of the uniform auction, and each participant keeps all that it adds to the market.
 *
 * Clarke payment per participant, all of its orders together: what the others would gain by a market without it. That is the price list of
 * what would take its place: without a buyer, the losing bids are let in and the winning asks leave, dearest first; mirrored without a seller.
 * Told as an average price per participant and kWh: a buyer's rounded down, a seller's rounded up to a millionth. The deficit bears that.
 * Who both buys and sells pays for its net; its gain over the uniform price is spread evenly over all its kWh, so that no order leaves its
 * limit. Ties at the margin as in the uniform auction; they are worth nothing to anybody. Who bids on both sides may trade with itself.
 * Truth, in prices and energy, is dominant for a participant under one name with all its orders, to within the rounding. Who trades with
 * itself under two names is paid for it. Runs a deficit, never a surplus. n log n. Source: elecbay.md 3.4, 0 (rule 7).
 */
import type { MicroPerKwh } from "../../../shared/units.js";
import { type EfficientMatching, efficientMatching, priceBetween } from "../efficient-matching.js";
import type { AuctionOrder } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import type { Auction, AuctionClearing, AuctionTerms, AuctionTrade } from "./mechanism.js";
import { priceDown, priceUp } from "./pool-prices.js";
import { type PriceLadder, priceLadder, turnoverOfFirst } from "./price-ladder.js";
import { tradedRange } from "./traded-range.js";

export const vcg: Auction = { kind: "auction", name: "vcg", clears: "gate", clear: clearVcg };

interface Position {
  boughtWh: number;
  soldWh: number;
}

interface OwnPrices {
  readonly buyMicroPerKwh: MicroPerKwh;
  readonly sellMicroPerKwh: MicroPerKwh;
}

function clearVcg(orders: readonly AuctionOrder[], { k, tie }: AuctionTerms): AuctionClearing {
  const matching = efficientMatching(orders, tie);
  const { lowMicroPerKwh: low, highMicroPerKwh: high, volumeWh } = matching;
  if (low === null || high === null) {
    return { trades: [], priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh, matching };
  }
  const uniformPrice = priceBetween(low, high, k);
  const inPlaceOf = replacements(matching);
  const matched = pairedTrades(matching, () => uniformPrice);
  const prices = new Map<string, OwnPrices>();
  for (const [participant, position] of positions(matched)) {
    prices.set(participant, ownPrices(participant, position, uniformPrice, inPlaceOf));
  }
  const trades = matched.map((trade): AuctionTrade => {
    const paid = prices.get(trade.buyer)?.buyMicroPerKwh ?? uniformPrice;
    const got = prices.get(trade.seller)?.sellMicroPerKwh ?? uniformPrice;
    return { ...trade, priceMicroPerKwh: paid, ...(got !== paid && { sellerPriceMicroPerKwh: got }) };
  });
  return { trades, priceMicroPerKwh: null, ...tradedRange(trades), volumeWh, matching };
}

/** What would take the place of a buyer's energy, and of a seller's. */
function replacements({ bids, asks, bidWh, askWh }: EfficientMatching) {
  const winning = (side: readonly AuctionOrder[], tradedWh: readonly number[]) =>
    side.map((order, index) => part(order, tradedWh[index] ?? 0));
  const losing = (side: readonly AuctionOrder[], tradedWh: readonly number[]) =>
    side.map((order, index) => part(order, order.energyWh - (tradedWh[index] ?? 0)));
  return {
    buyer: priceLadder([...losing(bids, bidWh), ...winning(asks, askWh)], "dearest first"),
    seller: priceLadder([...losing(asks, askWh), ...winning(bids, bidWh)], "cheapest first"),
  };
}

function part({ participant, priceMicroPerKwh }: AuctionOrder, energyWh: number) {
  return { participant, priceMicroPerKwh, energyWh };
}

function positions(matched: readonly AuctionTrade[]): Map<string, Position> {
  const all = new Map<string, Position>();
  const of = (participant: string): Position => {
    const position = all.get(participant) ?? { boughtWh: 0, soldWh: 0 };
    all.set(participant, position);
    return position;
  };
  for (const { buyer, seller, energyWh } of matched) {
    of(buyer).boughtWh += energyWh;
    of(seller).soldWh += energyWh;
  }
  return all;
}

function ownPrices(
  participant: string,
  { boughtWh, soldWh }: Position,
  uniformPrice: MicroPerKwh,
  inPlaceOf: { readonly buyer: PriceLadder; readonly seller: PriceLadder },
): OwnPrices {
  const netWh = boughtWh - soldWh;
  const energy = BigInt(boughtWh + soldWh);
  const atUniformPrice = BigInt(uniformPrice) * BigInt(netWh);
  // What the others would gain without it, at the uniform price: the most it can save on that price.
  const saving =
    netWh > 0
      ? atUniformPrice - turnoverOfFirst(inPlaceOf.buyer, netWh, participant)
      : atUniformPrice + turnoverOfFirst(inPlaceOf.seller, -netWh, participant);
  return {
    buyMicroPerKwh: priceDown([BigInt(uniformPrice) * energy - saving, energy]),
    sellMicroPerKwh: priceUp([BigInt(uniformPrice) * energy + saving, energy]),
  };
}
