/**
 * The month's statements of a running market: of all participants as one line each, and of one with all that it is made of.
 *
 * Read from the settlement manager's journal from its beginning, for each month carries what the one before left: page by page, so that
 * nobody waits meanwhile, and one reader at a time.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { lastPeriod } from "../../market/managers/calendar.js";
import { monthlyTotal } from "../../market/rules/monthly-statement.js";
import type { MarketTerms } from "../../market/terms.js";
import { micro } from "../../shared/units.js";
import { type BillEntry, billEntries } from "../journal/bill-entries.js";
import type { ResultTerms } from "../results/terms-file.js";
import { type BookedPayment, type PaymentSums, paymentSums } from "./booked-payments.js";
import { createJournalBills, type FoundBill, type JournalBills } from "./journal-bills.js";
import { minorUnit } from "./money-text.js";
import { type MonthStatement, monthStatements } from "./month-statement.js";
import type { OwnBills } from "./read-bills.js";

/** One participant's month. Money positive = received. */
export interface StatementRow extends ReturnType<typeof monthlyTotal>, PaymentSums {
  readonly participant: string;
  readonly bills: number;
  /** What the supplier alone would have billed. */
  readonly aloneMicro: number;
  /** Of its last bill, market time; undefined: the month has none of it. */
  readonly lastSentAtMs: number | undefined;
  /** Of its last payment, market time; undefined: the month has none of it. */
  readonly lastPaidAtMs: number | undefined;
}

export interface MonthOfAll {
  /** Sorted by participant. */
  readonly rows: readonly StatementRow[];
  /** No period of the month waits for its bills any more; corrections of it stand on later months. */
  readonly isComplete: boolean;
}

export interface MonthsOfOne {
  readonly own: OwnBills;
  /** Oldest first. */
  readonly statements: readonly (MonthStatement & { readonly isComplete: boolean })[];
}

export interface StatementBook {
  readonly terms: ResultTerms;
  /** @param month as 2016-08 @throws JournalError */
  all(month: string): Promise<MonthOfAll>;
  /** Undefined: nothing was billed to it, nor paid. @throws JournalError */
  one(participant: string): Promise<MonthsOfOne | undefined>;
}

export interface StatementBookOptions {
  readonly terms: ResultTerms;
  /** The journal of settlement; it need not be there yet. */
  readonly file: string;
  readonly isThere: () => boolean;
  /** What the salts of statements are made from. */
  readonly statementSecret: string;
  /** Pages of the journal in `file`, by default as billEntries gives them. */
  readonly read?: (file: string) => Iterable<readonly BillEntry[]>;
}

export function createStatementBook(options: StatementBookOptions): StatementBook {
  const { terms, read = billEntries } = options;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const done = turn.then(ask);
    turn = done.catch(() => {}); // whoever asked hears of it
    return done;
  };

  async function readAll(wanted: string | undefined, onBill: (bill: FoundBill) => void): Promise<JournalBills> {
    const { market } = terms;
    const statementSecret = wanted === undefined ? undefined : options.statementSecret;
    const reader = createJournalBills({ terms: market, wanted, statementSecret });
    if (!options.isThere()) return reader;
    for (const page of read(options.file)) {
      for (const entry of page) for (const bill of reader.take(entry)) onBill(bill);
      await nextTurn();
    }
    return reader;
  }

  return {
    terms,
    all: (month) =>
      inTurn(async () => {
        const accounts = new Map<string, Account>();
        const reader = await readAll(undefined, (bill) => add(accounts, bill, month, terms.market));
        for (const participant of reader.payments().keys())
          if (!accounts.has(participant))
            accounts.set(participant, { ...emptyMonth(month), participant, carriedMicro: 0 });
        const rows = [...accounts.values()].flatMap((account) => {
          const payments = reader.payments().get(account.participant) ?? [];
          return rowOf(
            account,
            month,
            payments.filter((payment) => payment.month === month),
            terms.market,
          );
        });
        rows.sort((one, other) => (one.participant < other.participant ? -1 : 1));
        return { rows, isComplete: isOver(month, reader, terms.market) };
      }),
    one: (participant) =>
      inTurn(async () => {
        const bills: FoundBill[] = [];
        const reader = await readAll(participant, (bill) => bills.push(bill));
        const payments = reader.payments().get(participant) ?? [];
        if (bills.length === 0 && payments.length === 0) return undefined;
        const own: OwnBills = { participant, bills, proofs: [...reader.proofsOf(participant)], payments };
        const statements = monthStatements(own, terms).map((statement) => ({
          ...statement,
          isComplete: isOver(statement.month, reader, terms.market),
        }));
        return { own, statements };
      }),
  };
}

function isOver(month: string, reader: JournalBills, { calendar }: MarketTerms): boolean {
  const newest = reader.lastBilled();
  return newest !== undefined && (newest.month > month || newest.periodMs >= lastPeriod(calendar));
}

/** One participant's running account: the month that is being added up, and what those before it have left. */
interface Account {
  readonly participant: string;
  month: string;
  carriedMicro: number;
  exactMicro: number;
  aloneMicro: number;
  bills: number;
  lastSentAtMs: number | undefined;
}

/** Months come one after the other: what lies behind the wanted one is left out. */
function add(accounts: Map<string, Account>, found: FoundBill, wanted: string, market: MarketTerms): void {
  const { month, aloneMicro, sentAtMs } = found;
  if (month > wanted) return;
  const { participant, totalMicro } = found.bill;
  const account = accounts.get(participant) ?? { ...emptyMonth(month), participant, carriedMicro: 0 };
  accounts.set(participant, account);
  begin(account, month, market);
  account.exactMicro += totalMicro;
  account.aloneMicro += aloneMicro;
  account.bills += 1;
  account.lastSentAtMs = sentAtMs;
}

/** What the month before leaves is carried into it; nothing happens where it is on already. */
function begin(account: Account, month: string, market: MarketTerms): void {
  if (account.month === month) return;
  Object.assign(account, { carriedMicro: closed(account, market).carriedOutMicro, ...emptyMonth(month) });
}

const emptyMonth = (month: string) => ({ month, exactMicro: 0, aloneMicro: 0, bills: 0, lastSentAtMs: undefined });

function closed({ exactMicro, carriedMicro }: Account, { currency }: MarketTerms) {
  return monthlyTotal(micro(exactMicro), carriedMicro, minorUnit(currency).minorUnitMicro);
}

/** None for whom the month holds neither a bill nor a payment. */
function rowOf(
  account: Account,
  wanted: string,
  payments: readonly BookedPayment[],
  market: MarketTerms,
): StatementRow[] {
  begin(account, wanted, market);
  if (account.bills === 0 && payments.length === 0) return [];
  const { participant, bills, aloneMicro, lastSentAtMs } = account;
  const lastPaidAtMs = payments.at(-1)?.bookedAtMs;
  const total = { ...closed(account, market), ...paymentSums(payments) };
  return [{ ...total, participant, bills, aloneMicro, lastSentAtMs, lastPaidAtMs }];
}
