/**
 * Who takes part in the settlement of a period: everyone with a reading, sorted by id, with what it traded.
 *
 * Each trade is booked here, in the trades' order: the buyer pays the seller; where the seller's price is another (truthful auctions,
 * rule 7) the buyer pays the account `mechanism` and that pays the seller. A negative price turns the payment round. A trade with
 * oneself at one price moves no money. Values are rounded trade by trade, each side its own (value.ts).
 */

import type { BillLine, Reading, Trade } from "../facts.js";
import type { BillSheet } from "./bill-sheet.js";
import { type EntryBook, enter, otherTally } from "./entry-book.js";
import { brokenInvariant } from "./invariants.js";
import { accounts, participantAccount, supplierAccount } from "./ledger.js";
import type { SettlementInput, Tariff } from "./settlement.js";
import { addTurnover, type Turnover, valueOfEnergy } from "./value.js";

/** All trades of one own order. */
export interface OwnOrder {
  readonly orderId: string;
  readonly sold: boolean;
  energyWh: number;
  turnover: Turnover;
  valueMicro: number;
  /** The participant's own that traded first before this one did. */
  readonly before: OwnOrder | undefined;
}

/** One participant while its period is being settled. */
export interface Party extends BillSheet {
  readonly participant: string;
  readonly reading: Reading;
  readonly tariff: Tariff;
  /** Its supplier's. */
  readonly supplierAccount: string;
  /** The one that traded last for the first time; it leads to those before. Mostly there is one: a list would cost more. */
  lastOrder: OwnOrder | undefined;
  /** Net, positive = sold. */
  contractedWh: number;
  /** Bought and sold. */
  tradedWh: number;
  /** What its trades are worth to it, without signs. */
  tradedValueMicro: number;
}

/**
 * The parties in the ids' order, with their trades entered in `book`.
 * @throws Error when someone traded but has no reading, has two of them or no tariff, or when a trade moves no energy.
 */
export function partiesOf({ readings, tariffs, trades }: SettlementInput, book: EntryBook): readonly Party[] {
  const accountOf = supplierAccounts();
  const lines: BillLine[] = []; // one for all: sheets are written one after the other, each taken before the next
  const parties = sortedById(readings).map((reading): Party => {
    const { participant } = reading;
    const tariff = tariffs.get(participant);
    if (tariff === undefined) brokenInvariant(`who has a meter has a tariff, ${participant} has none`);
    return {
      participant,
      reading,
      tariff,
      supplierAccount: accountOf(tariff.supplier),
      account: participantAccount(participant),
      netMicro: 0,
      lines,
      book,
      lastOrder: undefined,
      contractedWh: 0,
      tradedWh: 0,
      tradedValueMicro: 0,
    };
  });
  if (trades.length > 0) bookTrades(parties, trades, book);
  return parties;
}

/** By id, in code units: the same on every machine. They mostly come so, and are not sorted again. @throws Error where an id is there twice. */
function sortedById(readings: readonly Reading[]): readonly Reading[] {
  if (isRising(readings)) return readings;
  const sorted = [...readings].sort((one, other) => (one.participant < other.participant ? -1 : 1));
  if (!isRising(sorted)) brokenInvariant("a participant has one reading a period");
  return sorted;
}

function isRising(readings: readonly Reading[]): boolean {
  let before: string | undefined;
  for (const { participant } of readings) {
    if (before !== undefined && before >= participant) return false;
    before = participant;
  }
  return true;
}

/** The accounts of suppliers, each text made once: thousands of entries are told by it. */
function supplierAccounts(): (supplier: string) => string {
  const known = new Map<string, string>();
  return (supplier) => {
    const account = known.get(supplier) ?? supplierAccount(supplier);
    known.set(supplier, account);
    return account;
  };
}

/** Most trades have a side in common with the one before: it is not looked up again. */
function bookTrades(parties: readonly Party[], trades: readonly Trade[], book: EntryBook): void {
  const byId = new Map<string, Party>();
  for (const party of parties) byId.set(party.participant, party);
  let buyer: Party | undefined;
  let seller: Party | undefined;
  for (const trade of trades) {
    buyer = buyer?.participant === trade.buyer ? buyer : partyOf(byId, trade.buyer);
    seller = seller?.participant === trade.seller ? seller : partyOf(byId, trade.seller);
    bookTrade(buyer, seller, trade, book);
  }
}

function bookTrade(buyer: Party, seller: Party, trade: Trade, book: EntryBook): void {
  const { energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } = trade;
  if (energyWh <= 0) {
    brokenInvariant(`a trade moves energy, got ${energyWh} Wh from ${trade.seller} to ${trade.buyer}`);
  }
  const paidMicro = addTrade(buyer, trade.buyOrder, false, energyWh, priceMicroPerKwh);
  const gotMicro = addTrade(seller, trade.sellOrder, true, energyWh, sellerPriceMicroPerKwh);
  if (sellerPriceMicroPerKwh === priceMicroPerKwh) {
    enter(book, buyer, seller, paidMicro, "trade");
  } else {
    const mechanism = otherTally(book, accounts.mechanism);
    enter(book, buyer, mechanism, paidMicro, "trade");
    enter(book, mechanism, seller, gotMicro, "trade");
  }
}

function partyOf(byId: ReadonlyMap<string, Party>, participant: string): Party {
  return byId.get(participant) ?? brokenInvariant(`who traded has a reading, ${participant} has none`);
}

/** Adds one side of a trade to its party. @returns its value at this side's price. */
function addTrade(party: Party, orderId: string, sold: boolean, energyWh: number, priceMicroPerKwh: number): number {
  const valueMicro = valueOfEnergy(energyWh, priceMicroPerKwh);
  party.contractedWh += sold ? energyWh : -energyWh;
  party.tradedWh += energyWh;
  party.tradedValueMicro += Math.abs(valueMicro);
  const order = orderOf(party, orderId, sold);
  order.energyWh += energyWh;
  order.turnover = addTurnover(order.turnover, energyWh, priceMicroPerKwh);
  order.valueMicro += valueMicro;
  return valueMicro;
}

/** Nobody has many orders that trade in one period, and the trades of one order mostly follow each other. */
function orderOf(party: Party, orderId: string, sold: boolean): OwnOrder {
  for (let known = party.lastOrder; known !== undefined; known = known.before) {
    if (known.orderId === orderId && known.sold === sold) return known;
  }
  const order: OwnOrder = { orderId, sold, energyWh: 0, turnover: 0, valueMicro: 0, before: party.lastOrder };
  party.lastOrder = order;
  return order;
}
