/**
 * The ledger: double entry between named accounts, in millionths of the currency.
 *
 * An entry moves a positive amount from its debit account to its credit account; a negative price swaps the two. A balance
 * is what was credited less what was debited, so that the sum over all accounts is 0 at all times. Only balances and the
 * number of entries are kept: the entries themselves are facts, recorded by the caller.
 */
import { type Micro, micro } from "../../shared/units.js";
import type { LedgerEntry } from "../facts.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";

/** The accounts that are nobody's own. Those of participants, suppliers, levies and funders are made of their names: below. */
export const accounts = {
  /** Keeps the service charge. */
  market: "market",
  /** The grid fees: the network operator's. */
  dso: "dso",
  /** Value added tax. */
  tax: "tax",
  /** What trades with two prices leave over or lack (rule 7). At 0 after every period where somebody bears it. */
  mechanism: "mechanism",
  /** What the community settles within itself: at 0 after every period. */
  balancing: "balancing",
  /** Between those who take from a pool, those who feed into it, and their supplier: at 0 once its horizon is settled. */
  pool: "pool",
  /** Where deposits come from. */
  bank: "bank",
  /** Takes what roundings leave over. */
  rounding: "rounding",
} as const;

export function participantAccount(participant: string): string {
  return `participant:${participant}`;
}

/** A supplier's: supply and export, the net imbalance and the standing charge of its own customers. */
export function supplierAccount(supplier: string): string {
  return `supplier:${supplier}`;
}

export function levyAccount(levy: string): string {
  return `levy:${levy}`;
}

/** Who bears what a truthful auction leaves over or lacks, by its name in the scenario. */
export function funderAccount(funder: string): string {
  return `funder:${funder}`;
}

/** An entry not yet posted: without number and period. */
export type EntryDraft = Omit<LedgerEntry, "entry" | "periodMs">;

/** The entry that moves `amountMicro` from one account to another, the other way where it is negative; undefined for 0
 * and within one account. */
export function transfer(from: string, to: string, amountMicro: number, reason: string): EntryDraft | undefined {
  if (amountMicro === 0 || from === to) return undefined;
  return amountMicro > 0
    ? { debit: from, credit: to, amountMicro: micro(amountMicro), reason }
    : { debit: to, credit: from, amountMicro: micro(-amountMicro), reason };
}

/** One account's: changed in place, for tens of thousands of entries meet few accounts. */
export interface Balance {
  micro: Micro;
}

/** What entries do to each account they touch. */
export function netOf(entries: readonly EntryDraft[]): ReadonlyMap<string, Balance> {
  const net = new Map<string, Balance>();
  for (const entry of entries) apply(net, entry);
  return net;
}

/** What `netOf` found for an account; 0 where no entry touches it. */
export function netFor(net: ReadonlyMap<string, Balance>, account: string): Micro {
  return net.get(account)?.micro ?? micro(0);
}

export interface Ledger {
  readonly balances: Map<string, Balance>;
  /** Number of the last entry. */
  entryCount: number;
}

export function createLedger(): Ledger {
  return { balances: new Map(), entryCount: 0 };
}

/**
 * Posts `entries` for a period, all at once, numbered on from the last, from 1.
 * @throws Error when an amount is not positive or an entry stays within one account; then none of them is posted.
 */
export function post(ledger: Ledger, periodMs: number, entries: readonly EntryDraft[]): Posted {
  assertEntries(entries);
  for (const entry of entries) apply(ledger.balances, entry);
  return numbered(ledger, periodMs, entries);
}

/** A period settled: its entries, and what they come to for each account. */
export interface PeriodEntries {
  readonly periodMs: number;
  readonly entries: readonly EntryDraft[];
  readonly participants: readonly { readonly account: string; readonly totalMicro: Micro }[];
  /** Of the accounts that are no participant's. */
  readonly others: ReadonlyMap<string, { readonly netMicro: number }>;
}

/**
 * Posts a settled period: the same as `post` of its entries, but the ledger looks up each account once instead of for every entry.
 * @throws Error as `post` does, and when the entries, counted here once more, bring an account something else than the period says of
 * it; then none of them is posted.
 */
export function postPeriod(ledger: Ledger, period: PeriodEntries): Posted {
  const { periodMs, entries, participants, others } = period;
  assertEntries(entries);
  assertCounted(period);
  for (const { account, totalMicro } of participants) add(ledger.balances, account, totalMicro);
  for (const [account, { netMicro }] of others) add(ledger.balances, account, netMicro);
  return numbered(ledger, periodMs, entries);
}

/** What is billed and posted is what the entries themselves tell: only they are recorded. */
function assertCounted({ entries, participants, others }: PeriodEntries): void {
  const net = netOf(entries);
  let known = 0;
  const compare = (account: string, saidMicro: number): void => {
    const counted = net.get(account);
    if (counted !== undefined) known += 1;
    const countedMicro = counted?.micro ?? 0;
    if (countedMicro === saidMicro) return;
    brokenInvariant(`the entries bring ${account} ${countedMicro} millionths, the period says ${saidMicro}`);
  };
  for (const { account, totalMicro } of participants) compare(account, totalMicro);
  for (const [account, { netMicro }] of others) compare(account, netMicro);
  assertInvariant(known === net.size, "the entries move money of accounts that the period knows, once each");
}

function assertEntries(entries: readonly EntryDraft[]): void {
  for (const { debit, credit, amountMicro } of entries) {
    if (amountMicro <= 0) {
      brokenInvariant(`an entry moves a positive amount, got ${amountMicro} from ${debit} to ${credit}`);
    }
    if (debit === credit) brokenInvariant(`an entry has two accounts, got ${debit} twice`);
  }
}

/** Entries just posted, for whoever records them. */
export interface Posted {
  readonly periodMs: number;
  /** The number of the first, if there is one. */
  readonly first: number;
  readonly drafts: readonly EntryDraft[];
}

function numbered(ledger: Ledger, periodMs: number, drafts: readonly EntryDraft[]): Posted {
  const first = ledger.entryCount + 1;
  ledger.entryCount += drafts.length;
  return { periodMs, first, drafts };
}

/** Tells the entries with their numbers one by one: nobody needs millions of them at once. */
export function tellEntries({ periodMs, first, drafts }: Posted, tell: (entry: LedgerEntry) => void): void {
  let entry = first;
  for (const { debit, credit, amountMicro, reason } of drafts) {
    tell({ entry, periodMs, debit, credit, amountMicro, reason });
    entry += 1;
  }
}

/** What was credited to `account` less what was debited; 0 for an account never used. */
export function balanceOf(ledger: Ledger, account: string): Micro {
  return netFor(ledger.balances, account);
}

/** Sum over all accounts: 0 unless the books are broken. */
export function moneySum(ledger: Ledger): Micro {
  return sumOf(ledger.balances);
}

/** Sum over all accounts of a net or a ledger. */
export function sumOf(balances: ReadonlyMap<string, Balance>): Micro {
  let sum = 0;
  for (const balance of balances.values()) sum += balance.micro;
  return micro(sum);
}

/** @throws Error with the sum when the accounts do not sum to 0, or when balancing did not end at 0. */
export function assertBalanced(ledger: Ledger): void {
  const sum = moneySum(ledger);
  assertInvariant(sum === 0, `money over all accounts must sum to 0, got ${sum} millionths`);
  const balancing = balanceOf(ledger, accounts.balancing);
  assertInvariant(balancing === 0, `balancing must end each period at 0, got ${balancing} millionths`);
}

function apply(balances: Map<string, Balance>, { debit, credit, amountMicro }: EntryDraft): void {
  add(balances, debit, -amountMicro);
  add(balances, credit, amountMicro);
}

function add(balances: Map<string, Balance>, account: string, amountMicro: number): void {
  const balance = balances.get(account);
  if (balance === undefined) balances.set(account, { micro: micro(amountMicro) });
  else balance.micro = micro(balance.micro + amountMicro);
}
