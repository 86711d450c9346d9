/**
 * Who takes part in the settlement of a period: everyone with a reading, sorted by id, with what it traded.
 *
 * Each trade is booked here, in the trades' order: the buyer pays the seller; where the seller's price is another (truthful auctions,
 * rule 7) the buyer pays the account `mechanism` and that pays the seller. A negative price turns the payment round. A trade with
 * oneself at one price moves no money. Values are rounded trade by trade, each side its own (value.ts).
 */

import type { Reading, Trade } from "../facts.js";
import type { BillSheet } from "./bill-sheet.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";
import { accounts, type EntryDraft, participantAccount, supplierAccount, transfer } from "./ledger.js";
import type { SettlementInput, Tariff } from "./settlement.js";
import { addTurnover, type Turnover, valueOfEnergy } from "./value.js";

/** All trades of one own order. */
export interface OwnOrder {
  readonly orderId: string;
  readonly sold: boolean;
  energyWh: number;
  turnover: Turnover;
  valueMicro: number;
}

/** One participant while its period is being settled. */
export interface Party extends BillSheet {
  readonly participant: string;
  readonly reading: Reading;
  readonly tariff: Tariff;
  /** Its supplier's. */
  readonly supplierAccount: string;
  /** In the order of their first trades. */
  orders: OwnOrder[];
  /** Net, positive = sold. */
  contractedWh: number;
  /** Bought and sold. */
  tradedWh: number;
  /** What its trades are worth to it, without signs. */
  tradedValueMicro: number;
}

export type Parties = ReadonlyMap<string, Party>;

/**
 * The parties by id, in the ids' order, with their trades booked in `entries`.
 * @throws Error when someone traded but has no reading, has two of them or no tariff, or when a trade moves no energy.
 */
export function partiesOf(input: SettlementInput, entries: EntryDraft[]): Parties {
  const parties = new Map<string, Party>();
  const accountOf = supplierAccounts();
  for (const reading of [...input.readings].sort(byParticipant)) {
    const { participant } = reading;
    const tariff = input.tariffs.get(participant);
    if (tariff === undefined) brokenInvariant(`who has a meter has a tariff, ${participant} has none`);
    parties.set(participant, {
      participant,
      reading,
      tariff,
      supplierAccount: accountOf(tariff.supplier),
      account: participantAccount(participant),
      lines: [],
      entries,
      orders: noOrders,
      contractedWh: 0,
      tradedWh: 0,
      tradedValueMicro: 0,
    });
  }
  assertInvariant(parties.size === input.readings.length, "a participant has one reading a period");
  for (const trade of input.trades) bookTrade(parties, trade, entries);
  return parties;
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

/** By id, in code units: the same on every machine. */
function byParticipant(one: Reading, other: Reading): number {
  if (one.participant === other.participant) return 0;
  return one.participant < other.participant ? -1 : 1;
}

function bookTrade(parties: Parties, trade: Trade, entries: EntryDraft[]): void {
  const { energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh = priceMicroPerKwh } = trade;
  if (energyWh <= 0) {
    brokenInvariant(`a trade moves energy, got ${energyWh} Wh from ${trade.seller} to ${trade.buyer}`);
  }
  const buyer = partyOf(parties, trade.buyer);
  const seller = partyOf(parties, trade.seller);
  const paidMicro = addTrade(buyer, trade.buyOrder, false, energyWh, priceMicroPerKwh);
  const gotMicro = addTrade(seller, trade.sellOrder, true, energyWh, sellerPriceMicroPerKwh);
  if (sellerPriceMicroPerKwh === priceMicroPerKwh) {
    pay(entries, buyer.account, seller.account, paidMicro);
  } else {
    pay(entries, buyer.account, accounts.mechanism, paidMicro);
    pay(entries, accounts.mechanism, seller.account, gotMicro);
  }
}

function pay(entries: EntryDraft[], from: string, to: string, amountMicro: number): void {
  const entry = transfer(from, to, amountMicro, "trade");
  if (entry !== undefined) entries.push(entry);
}

function partyOf(parties: Parties, participant: string): Party {
  return parties.get(participant) ?? brokenInvariant(`who traded has a reading, ${participant} has none`);
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

/** Of all who traded nothing: never added to. */
const noOrders: OwnOrder[] = [];

/** Nobody has many orders that trade in one period, and the trades of one order mostly follow each other. */
function orderOf(party: Party, orderId: string, sold: boolean): OwnOrder {
  const { orders } = party;
  for (let index = orders.length - 1; index >= 0; index -= 1) {
    const known = orders[index];
    if (known !== undefined && known.orderId === orderId && known.sold === sold) return known;
  }
  const order = { orderId, sold, energyWh: 0, turnover: 0, valueMicro: 0 };
  if (orders === noOrders) party.orders = [order];
  else orders.push(order);
  return order;
}
