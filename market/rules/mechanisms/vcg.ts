/**
 * Vickrey, Clarke and Groves: the efficient matching of the uniform auction, and each participant keeps all that it adds to the market.
 *
 * Clarke payment per participant, all of its orders together: without a buyer, the dearest of the losing bids and winning asks take the place
 * of its energy, and their prices are what it pays; mirrored for a seller. Told as one average price each, a buyer's rounded down and a
 * seller's up to a millionth: the deficit, which is the mechanism's, bears that. Who buys and sells gains on its net against the uniform
 * price, spread over all its kWh, so that no order leaves its limit. Interval and ties: as in the uniform auction, of which buyers pay no
 * more than the high end and sellers get no less than the low one. Who bids on both sides may trade with itself. Truth, in price and energy,
 * is dominant under one name, to within the rounding; who trades with itself under two is paid for it. Source: elecbay.md 3.4, 0 (rule 7).
 */
import type { MicroPerKwh } from "../../../shared/units.js";
import { type EfficientMatching, efficientMatching, priceBetween } from "../efficient-matching.js";
import type { AuctionOrder } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import type { Auction, AuctionClearing, AuctionTerms, AuctionTrade } from "./mechanism.js";
import { priceDown, priceUp } from "./pool-prices.js";
import { type PriceLadder, priceLadder, turnoverOfFirst } from "./price-ladder.js";

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
  return { trades, priceMicroPerKwh: null, lowMicroPerKwh: low, highMicroPerKwh: high, volumeWh, matching };
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
