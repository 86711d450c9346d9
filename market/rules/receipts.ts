/**
 * The receipt of every item and order of a period: what became of it, why, and which price would have traded more.
 *
 * Outcome: `filled` wholly traded, `partly`, `unfilled`; `lapsed` where the remainder was too small for the auction (part of it may
 * have traded on the list); `cancelled`, `withdrawn` by its owner. `why` tells the list's part, then the auction's, with prices in
 * major units per kWh. Average prices are rounded down to a millionth. The rank is that of the auction.
 * Source: elecbay.md 0, faults ("losers are not told why, nor at which price they would have traded").
 */
import { kwhFromWh } from "../../shared/decimal.js";
import { type MicroPerKwh, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { OrderFate, OrderOutcome } from "../facts.js";
import { type AuctionReceipt, partsOf, type TradedPart } from "./auction-receipts.js";
import type { Item } from "./item.js";
import type { Allocation, Remainder } from "./listing.js";
import type { AuctionTrade, Mechanism } from "./mechanisms/mechanism.js";
import type { Order } from "./order.js";
import type { PeriodBook } from "./period-book.js";
import { type ListPart, type ListStory, listStory } from "./receipts-list.js";
import { averagePrice } from "./value.js";

/** How one period closed, before it is told. */
export interface Gate {
  readonly mechanism: Mechanism;
  readonly given: readonly Allocation[];
  readonly left: readonly Remainder[];
  /** Of what bid in the auction, and its trades. */
  readonly receipts: readonly AuctionReceipt[];
  readonly trades: readonly AuctionTrade[];
}

interface Told {
  readonly book: PeriodBook;
  readonly mechanism: Mechanism;
  readonly list: ListStory;
  readonly remainderOf: ReadonlyMap<string, Remainder>;
  readonly receiptOf: ReadonlyMap<string, AuctionReceipt>;
  /** What was turned over in the auction, by order id: asked for only where the list gave something too. */
  readonly turnovers: ReadonlyMap<string, Pick<TradedPart, "turnover">>;
}

/** One fate for every item and order the book ever took in, in order of arrival. */
export function fates(book: PeriodBook, gate: Gate): OrderFate[] {
  const told: Told = {
    book,
    mechanism: gate.mechanism,
    list: listStory(book, gate.given),
    remainderOf: new Map(gate.left.map((remainder) => [remainder.object.id, remainder])),
    receiptOf: new Map(gate.receipts.map((receipt) => [receipt.orderId, receipt])),
    turnovers: gate.given.length === 0 ? new Map() : partsOf(gate.trades),
  };
  return [...book.items.values(), ...book.orders.values()]
    .sort(inOrderOfArrival)
    .map((object) => (object.live ? fateOf(object, told) : endedByOwner(object, told)));
}

/** As `byArrival` of the auction's orders: the same arrival, the smaller id. */
function inOrderOfArrival(one: Item | Order, other: Item | Order): number {
  return one.arrival - other.arrival || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** What a cancelled order had traded before stays traded. */
function endedByOwner(object: Item | Order, told: Told): OrderFate {
  const outcome = object.kind === "item" ? "withdrawn" : "cancelled";
  const energyWh = object.kind === "item" ? object.listedWh : object.energyWh;
  const receipt = told.receiptOf.get(object.id);
  return fate(object, energyWh, {
    outcome,
    tradedWh: receipt?.tradedWh ?? wh(0),
    tradedPriceMicroPerKwh: receipt?.priceMicroPerKwh ?? null,
    why: receipt === undefined ? `${outcome} by its owner` : `${receipt.why}; the rest was ${outcome} by its owner`,
    wouldTradeAtMicroPerKwh: null,
    rank: receipt?.rank ?? null,
  });
}

function fateOf(object: Item | Order, told: Told): OrderFate {
  const { id, energyWh } = object;
  const listed = told.list.of(object);
  const receipt = told.receiptOf.get(id);
  const tradedWh = listed.energyWh + (receipt?.tradedWh ?? 0);
  const remainder = told.remainderOf.get(id);
  const open = energyWh - tradedWh;
  const auctionWhy = whyOf(object, remainder, told);
  return fate(object, energyWh, {
    outcome: outcomeOf(tradedWh, open, remainder),
    tradedWh: wh(tradedWh),
    tradedPriceMicroPerKwh:
      listed.energyWh === 0
        ? (receipt?.priceMicroPerKwh ?? null)
        : averagePrice(listed.value + (told.turnovers.get(id)?.turnover ?? 0n), tradedWh),
    why: listed.why.length === 0 && auctionWhy !== undefined ? auctionWhy : allWhy(listed.why, auctionWhy),
    wouldTradeAtMicroPerKwh: open === 0 ? null : wouldTradeAt(object, listed, receipt, told),
    rank: receipt?.rank ?? null,
  });
}

type Ending = Pick<
  OrderFate,
  "outcome" | "tradedWh" | "tradedPriceMicroPerKwh" | "why" | "wouldTradeAtMicroPerKwh" | "rank"
>;

/** What it was, and what became of it. Name by name: spreading one object into another takes ten times as long here. */
function fate(object: Item | Order, energyWh: Wh, ending: Ending): OrderFate {
  return {
    orderId: object.id,
    participant: object.participant,
    side: object.side,
    energyWh,
    limitPriceMicroPerKwh: object.priceMicroPerKwh,
    acceptedAtMs: object.acceptedAtMs,
    biddingCycle: object.biddingCycle,
    outcome: ending.outcome,
    tradedWh: ending.tradedWh,
    tradedPriceMicroPerKwh: ending.tradedPriceMicroPerKwh,
    why: ending.why,
    wouldTradeAtMicroPerKwh: ending.wouldTradeAtMicroPerKwh,
    rank: ending.rank,
  };
}

function outcomeOf(tradedWh: number, openWh: number, remainder: Remainder | undefined): OrderOutcome {
  if (openWh === 0) return "filled";
  if (remainder?.destination === "lapsed") return "lapsed";
  return tradedWh === 0 ? "unfilled" : "partly";
}

/** The easier of the auction's price and, for an offer that others outbid on an item, the list's. */
function wouldTradeAt(
  object: Item | Order,
  listed: ListPart,
  receipt: AuctionReceipt | undefined,
  told: Told,
): MicroPerKwh | null {
  const inAuction = receipt?.wouldTradeAtMicroPerKwh ?? null;
  // Who got of both: more from the list leaves less for the auction, and may come to no more in all.
  const gotOfBoth = listed.energyWh > 0 && (receipt?.tradedWh ?? 0) > 0;
  const onList = gotOfBoth ? null : told.list.wouldWinAt(object);
  if (inAuction === null || onList === null) return inAuction ?? onList;
  return object.side === "buy" ? microPerKwh(Math.min(inAuction, onList)) : microPerKwh(Math.max(inAuction, onList));
}

function allWhy(listWhy: readonly string[], auctionWhy: string | undefined): string {
  return (auctionWhy === undefined ? listWhy : [...listWhy, auctionWhy]).join("; ");
}

/** What the auction has to say; undefined where the list gave all. */
function whyOf(object: Item | Order, remainder: Remainder | undefined, told: Told): string | undefined {
  const { mechanism } = told;
  if (remainder === undefined) {
    // Nothing is left of it: the list gave all, or it was filled before the gate.
    return told.receiptOf.get(object.id)?.why;
  }
  if (mechanism.kind === "pool") return "nobody trades in this market: it is a pool";
  if (mechanism.kind === "none") return "nobody trades: there is no market";
  if (mechanism.clears === "list") return "this market has no auction";
  if (remainder.destination === "auction") return receiptFor(object, told).why;
  if (remainder.destination === "kept-out") return "kept out of the auction";
  const minimumWh = object.kind === "item" ? object.minEnergyWh : told.book.terms.minEnergyWh;
  return `the remainder of ${kwhFromWh(remainder.energyWh)} kWh lapsed: its smallest part is ${kwhFromWh(minimumWh)} kWh`;
}

function receiptFor({ id }: Item | Order, told: Told): AuctionReceipt {
  const receipt = told.receiptOf.get(id);
  if (receipt === undefined) throw new Error(`${id} was sent to the auction and has no receipt of it`);
  return receipt;
}
