/**
 * The gate of one period: the list closes first, its leftovers and losing offers enter the auction at their own limit with their
 * original arrival, unless `auction: false`; then everything gets its fate. The book itself is left as it is.
 *
 * The period's price is the volume-weighted average over all trades, rounded to the nearest millionth, halves up.
 * Source: elecbay.md 0, rule 1.
 */
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { OrderFate, Side, Trade } from "../facts.js";
import { type AuctionReceipt, auctionReceipts } from "./auction-receipts.js";
import { auctionOrder } from "./indicative.js";
import { type Allocation, allocations, type Remainder, remainders } from "./listing.js";
import { cameToMatch, type MatchedTrade, tradesAtGate } from "./matching.js";
import { continuousClearing } from "./mechanisms/continuous.js";
import type { AuctionClearing, Mechanism } from "./mechanisms/mechanism.js";
import { type AuctionOrder, meritOrder, type Step, steps } from "./merit-order.js";
import type { PeriodBook } from "./period-book.js";
import { fates } from "./receipts.js";
import { nearestAveragePrice, turnoverOf } from "./value.js";

export interface AuctionResult {
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
  /** Energy that sellers, and buyers, brought to the auction. */
  readonly offeredWh: Wh;
  readonly wantedWh: Wh;
  /** Merit order, best first, equal prices in one step. */
  readonly bids: readonly Step[];
  readonly asks: readonly Step[];
}

export interface Closing {
  /** In the order in which they were made: fills before the gate, those of the list (mechanism `listing`), the auction's, under its name. */
  readonly trades: readonly Trade[];
  /** Those of `trades` that leftovers of the list made at the gate with orders that are matched as they come; nobody has heard of them yet. */
  readonly matchedAtGate: readonly MatchedTrade[];
  readonly fates: readonly OrderFate[];
  readonly auction: AuctionResult;
  /** Over all trades; null where there are none. */
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
  /** Energy of all live sell, and buy, items and orders at the gate, the list's included. */
  readonly offeredWh: Wh;
  readonly wantedWh: Wh;
}

/**
 * Closes the list, clears the auction and tells every fate, from the book as it stands.
 *
 * `mechanism` is asked to clear what the list leaves. Where fills were final before the gate, they are the auction's trades, with what
 * the leftovers add to them, and orders count with all the energy that they were accepted with. A market of listings has no auction;
 * in a pool and where there is no market nobody trades.
 */
export function closeBook(book: PeriodBook, mechanism: Mechanism): Closing {
  const given = mechanism.kind === "auction" ? allocations(book) : [];
  const left = remainders(book, given);
  const { bidding, clearing, receipts, matchedAtGate } = auctionOf(book, mechanism, left);
  const { lowMicroPerKwh, highMicroPerKwh, priceMicroPerKwh, volumeWh } = clearing;
  const bids = clearing.matching?.bids ?? meritOrder(bidding, "buy");
  const asks = clearing.matching?.asks ?? meritOrder(bidding, "sell");
  const trades = [
    ...book.fills,
    ...given.map(listTrade),
    ...clearing.trades.slice(book.fills.length).map((trade): Trade => ({ ...trade, mechanism: mechanism.name })),
  ];
  return {
    trades,
    matchedAtGate,
    fates: fates(book, { mechanism, given, left, receipts, trades: clearing.trades }),
    auction: {
      priceMicroPerKwh,
      lowMicroPerKwh,
      highMicroPerKwh,
      volumeWh,
      offeredWh: energyOf(asks),
      wantedWh: energyOf(bids),
      bids: steps(bids),
      asks: steps(asks),
    },
    priceMicroPerKwh: nearestAveragePrice(turnoverOf(trades), energyOf(trades)),
    volumeWh: energyOf(trades),
    offeredWh: brought(book, "sell"),
    wantedWh: brought(book, "buy"),
  };
}

const nothing: AuctionClearing = {
  trades: [],
  priceMicroPerKwh: null,
  lowMicroPerKwh: null,
  highMicroPerKwh: null,
  volumeWh: wh(0),
};

interface AuctionAtGate {
  readonly bidding: readonly AuctionOrder[];
  readonly clearing: AuctionClearing;
  readonly receipts: readonly AuctionReceipt[];
  readonly matchedAtGate: readonly MatchedTrade[];
}

function auctionOf(book: PeriodBook, mechanism: Mechanism, left: readonly Remainder[]): AuctionAtGate {
  if (mechanism.kind !== "auction" || mechanism.clears === "list")
    return { bidding: [], clearing: nothing, receipts: [], matchedAtGate: [] };
  const leftovers = left.filter(({ destination }) => destination === "auction");
  const matchedAtGate = tradesAtGate(book, leftovers);
  const bidding = book.matching === undefined ? leftovers.map(auctionOrder) : cameToMatch(book, leftovers);
  const clearing =
    book.matching === undefined
      ? mechanism.clear(bidding, book.terms)
      : continuousClearing([...book.fills, ...matchedAtGate.map(({ trade }) => trade)]);
  return { bidding, clearing, receipts: auctionReceipts(bidding, clearing, mechanism, book.terms), matchedAtGate };
}

function listTrade({ item, order, energyWh, priceMicroPerKwh }: Allocation): Trade {
  const [buying, selling] = item.side === "sell" ? [order, item] : [item, order];
  return {
    buyer: buying.participant,
    seller: selling.participant,
    energyWh,
    priceMicroPerKwh,
    mechanism: "listing",
    buyOrder: buying.id,
    sellOrder: selling.id,
  };
}

function energyOf(parts: readonly Pick<AuctionOrder, "energyWh">[]): Wh {
  return wh(parts.reduce((sum, { energyWh }) => sum + energyWh, 0));
}

function brought(book: PeriodBook, side: Side): Wh {
  const all = [...book.items.values(), ...book.orders.values()];
  return energyOf(all.filter((object) => object.live && object.side === side));
}
