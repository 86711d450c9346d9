/**
 * The entries of one period in the making, with what they do to each account.
 *
 * Who takes part has its tally at hand, so that nobody's account is looked up by name for each entry; those that are nobody's
 * own are few and found by name. `enter` alone adds entries, and what it adds it puts into both tallies: a tally is the sum of
 * the account's entries, in millionths, credited less debited. What is posted is counted again for itself, from the entries alone
 * (`postPeriod` in ledger.ts): the sum over all tallies is 0 whatever `enter` was told.
 */
import { micro } from "../../shared/units.js";
import { type EntryDraft, transfer } from "./ledger.js";

/** What the entries of the period do to one account. */
export interface Tally {
  readonly account: string;
  netMicro: number;
}

export interface EntryBook {
  readonly entries: EntryDraft[];
  /** Of the accounts that are no participant's, by name. */
  readonly others: Map<string, Tally>;
}

export function createEntryBook(): EntryBook {
  return { entries: [], others: new Map() };
}

/** The tally of an account that is no participant's. */
export function otherTally({ others }: EntryBook, account: string): Tally {
  const known = others.get(account);
  if (known !== undefined) return known;
  const tally = { account, netMicro: 0 };
  others.set(account, tally);
  return tally;
}

/** Moves `amountMicro` from one account to another, the other way where it is negative; nothing for 0 and within one account. */
export function enter({ entries }: EntryBook, from: Tally, to: Tally, amountMicro: number, reason: string): void {
  const entry = transfer(from.account, to.account, amountMicro, reason);
  if (entry === undefined) return;
  entries.push(entry);
  from.netMicro = micro(from.netMicro - amountMicro);
  to.netMicro = micro(to.netMicro + amountMicro);
}

/** Sum over all accounts, the participants' and the others: 0 unless something is broken. */
export function tallySum(participants: readonly Tally[], { others }: EntryBook): number {
  let sum = 0;
  for (const { netMicro } of participants) sum += netMicro;
  for (const { netMicro } of others.values()) sum += netMicro;
  return micro(sum);
}
