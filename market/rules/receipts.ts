/**
 * The receipt of every item and order of a period: what became of it, why, and which price would have traded more.
 *
 * Outcome: `filled` wholly traded, `partly`, `unfilled`; `lapsed` where the remainder was too small for the auction (part of it may
 * have traded on the list); `cancelled`, `withdrawn` by its owner. `why` tells the list's part, then the auction's, with prices in
 * major units per kWh. Average prices are rounded down to a millionth. The rank is that of the auction.
 * Source: elecbay.md 0, faults ("losers are not told why, nor at which price they would have traded").
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { OrderFate, OrderOutcome } from "../facts.js";
import type { Item } from "./item.js";
import type { Allocation, Remainder } from "./listing.js";
import { type AuctionOrder, byArrival } from "./merit-order.js";
import type { Order } from "./order.js";
import type { PeriodBook } from "./period-book.js";
import { type BetterPrice, betterPrices } from "./receipts-better-price.js";
import { type ListStory, listStory } from "./receipts-list.js";
import type { UniformClearing } from "./uniform-auction.js";

/** How one period closed, before it is told. */
export interface Gate {
  readonly given: readonly Allocation[];
  readonly left: readonly Remainder[];
  readonly clearing: UniformClearing;
}

interface Told {
  readonly book: PeriodBook;
  readonly clearing: UniformClearing;
  readonly list: ListStory;
  readonly remainderOf: ReadonlyMap<string, Remainder>;
  readonly bidding: ReadonlyMap<string, AuctionOrder>;
  /** Numbers of orders at each price of each side. */
  readonly atPrice: ReadonlyMap<string, number>;
  readonly betterPrice: BetterPrice;
}

/** One fate for every item and order the book ever took in, in order of arrival. */
export function fates(book: PeriodBook, gate: Gate): OrderFate[] {
  const { clearing, given, left } = gate;
  const bidding = new Map([...clearing.bids, ...clearing.asks].map((order) => [order.orderId, order]));
  const atPrice = new Map<string, number>();
  for (const order of bidding.values()) atPrice.set(step(order), (atPrice.get(step(order)) ?? 0) + 1);
  const told: Told = {
    book,
    clearing,
    list: listStory(book, given),
    remainderOf: new Map(left.map((remainder) => [remainder.object.id, remainder])),
    bidding,
    atPrice,
    betterPrice: betterPrices(clearing, book.terms),
  };
  return [...book.items.values(), ...book.orders.values()]
    .sort((one, other) =>
      byArrival({ arrival: one.arrival, orderId: one.id }, { arrival: other.arrival, orderId: other.id }),
    )
    .map((object) => (object.live ? fateOf(object, told) : endedByOwner(object)));
}

function endedByOwner(object: Item | Order): OrderFate {
  const outcome = object.kind === "item" ? "withdrawn" : "cancelled";
  const energyWh = object.kind === "item" ? object.listedWh : object.energyWh;
  return {
    ...described(object, energyWh),
    outcome,
    tradedWh: wh(0),
    tradedPriceMicroPerKwh: null,
    why: `${outcome} by its owner`,
    wouldTradeAtMicroPerKwh: null,
    rank: null,
  };
}

function fateOf(object: Item | Order, told: Told): OrderFate {
  const { id, energyWh } = object;
  const listed = told.list.of(object);
  const auctionWh = told.clearing.tradedWh.get(id) ?? 0;
  const tradedWh = listed.energyWh + auctionWh;
  const remainder = told.remainderOf.get(id);
  const why = [...listed.why, ...auctionWhy(object, remainder, told)].join("; ");
  const open = energyWh - tradedWh;
  const value = listed.value + BigInt(auctionWh) * BigInt(told.clearing.priceMicroPerKwh ?? 0);
  return {
    ...described(object, energyWh),
    outcome: outcomeOf(tradedWh, open, remainder),
    tradedWh: wh(tradedWh),
    tradedPriceMicroPerKwh: tradedWh === 0 ? null : microPerKwh(roundedDown(value, BigInt(tradedWh))),
    why,
    wouldTradeAtMicroPerKwh: open === 0 ? null : wouldTradeAt(object, auctionWh, told),
    rank: told.clearing.ranks.get(id) ?? null,
  };
}

function described(object: Item | Order, energyWh: Wh) {
  const { id: orderId, participant, side, acceptedAtMs, biddingCycle } = object;
  return {
    orderId,
    participant,
    side,
    energyWh,
    limitPriceMicroPerKwh: object.priceMicroPerKwh,
    acceptedAtMs,
    biddingCycle,
  };
}

function outcomeOf(tradedWh: number, openWh: number, remainder: Remainder | undefined): OrderOutcome {
  if (openWh === 0) return "filled";
  if (remainder?.destination === "lapsed") return "lapsed";
  return tradedWh === 0 ? "unfilled" : "partly";
}

/** The easier of the auction's price and, for an offer that lost an item, the list's. */
function wouldTradeAt(object: Item | Order, auctionWh: number, told: Told): MicroPerKwh | null {
  const bid = told.bidding.get(object.id);
  const inAuction = bid === undefined ? null : told.betterPrice(bid, auctionWh);
  const onList = told.list.wouldWinAt(object);
  if (inAuction === null || onList === null) return inAuction ?? onList;
  return object.side === "buy" ? microPerKwh(Math.min(inAuction, onList)) : microPerKwh(Math.max(inAuction, onList));
}

function auctionWhy(object: Item | Order, remainder: Remainder | undefined, told: Told): string[] {
  if (remainder === undefined) return [];
  if (remainder.destination === "auction") return [bidWhy(remainder.energyWh, told, told.bidding.get(object.id))];
  if (remainder.destination === "kept-out") return ["kept out of the auction"];
  if (remainder.destination === "no-auction") return ["this market has no auction"];
  const minimumWh = object.kind === "item" ? object.minEnergyWh : told.book.terms.minEnergyWh;
  return [
    `the remainder of ${kwhFromWh(remainder.energyWh)} kWh lapsed: its smallest part is ${kwhFromWh(minimumWh)} kWh`,
  ];
}

function bidWhy(energyWh: number, told: Told, order: AuctionOrder | undefined): string {
  if (order === undefined) throw new Error("a remainder sent to the auction did not bid in it");
  const { clearing, book } = told;
  const opposite = order.side === "buy" ? clearing.asks : clearing.bids;
  const best = opposite[0];
  if (best === undefined) return "no counterparty";
  const { priceMicroPerKwh: price } = clearing;
  if (price === null) {
    const met = order.side === "buy" ? "ask" : "bid";
    return `no bid met an ask: the best ${met} was ${majorFromMicro(best.priceMicroPerKwh)}`;
  }
  const tradedWh = clearing.tradedWh.get(order.orderId) ?? 0;
  if (tradedWh === energyWh) return `cleared at ${majorFromMicro(price)}`;
  if (atMargin(order, clearing)) {
    if (told.atPrice.get(step(order)) === 1) return "at the margin, the other side did not reach for all of it";
    if (book.terms.tie === "pro-rata") return "at the margin, shared pro rata";
    return tradedWh > 0 ? "at the margin, served by arrival" : "outranked at the margin by earlier arrival";
  }
  // The price may touch a limit that is not served: the energy went to better ones.
  if (order.priceMicroPerKwh === price) {
    return `outranked at the clearing price of ${majorFromMicro(price)} by ${order.side === "buy" ? "higher bids" : "lower asks"}`;
  }
  return `priced out: the clearing price was ${majorFromMicro(price)}`;
}

/** Whether the last energy traded on the order's side had the order's limit. */
function atMargin(order: AuctionOrder, { trades, bids, asks, ranks }: UniformClearing): boolean {
  const last = trades.at(-1);
  const id = order.side === "buy" ? last?.buyOrder : last?.sellOrder;
  const rank = id === undefined ? undefined : ranks.get(id);
  const marginal = rank === undefined ? undefined : (order.side === "buy" ? bids : asks)[rank - 1];
  return marginal?.priceMicroPerKwh === order.priceMicroPerKwh;
}

function step(order: AuctionOrder): string {
  return `${order.side}${order.priceMicroPerKwh}`;
}

/** Quotient rounded towards minus infinity. */
function roundedDown(value: bigint, by: bigint): number {
  const quotient = value / by;
  return Number(value < 0n && quotient * by !== value ? quotient - 1n : quotient);
}
