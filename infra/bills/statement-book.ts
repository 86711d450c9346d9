/**
 * The month's statements of a running market: of all participants as one line each, and of one with all that it is made of.
 *
 * Read from the settlement manager's journal, page by page, so that nobody waits meanwhile, and one reader at a time. What the months come
 * to is read on from where it was left (month-ledger.ts), also while nobody asks, so that the first who does need not wait; one month of
 * one participant from where all is known that it is made of, and all months of one from the beginning: for its statements with everybody's
 * bills, which prove its own, for their sums without.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { lastPeriod } from "../../market/managers/calendar.js";
import { monthlyTotal } from "../../market/rules/monthly-statement.js";
import type { MarketTerms } from "../../market/terms.js";
import { minuteMs } from "../../shared/time.js";
import { micro } from "../../shared/units.js";
import { type BillEntry, billEntries } from "../journal/bill-entries.js";
import type { ResultTerms } from "../results/terms-file.js";
import { type PaymentSums, paymentSums } from "./booked-payments.js";
import { createJournalBills, type FoundBill } from "./journal-bills.js";
import { minorUnit } from "./money-text.js";
import { createMonthLedger, type MonthLedger, type Place } from "./month-ledger.js";
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
  /** @param month this one alone; undefined: all. @returns undefined: nothing was billed to it then, nor paid. @throws JournalError */
  one(participant: string, month?: string): Promise<MonthsOfOne | undefined>;
  /**
   * Reads on at once and every minute from now on, a page at a time with a rest behind it; where somebody asks meanwhile, without rests. What
   * cannot be read is told to whoever asks. @returns ends it
   */
  keepRead(): () => void;
  /** The statements of `one` without proofs, in a third of the time. Oldest first. @throws JournalError */
  months(participant: string): Promise<MonthsOfOne["statements"]>;
}

export interface StatementBookOptions {
  readonly terms: ResultTerms;
  /** The journal of settlement; it need not be there yet. */
  readonly file: string;
  readonly isThere: () => boolean;
  /** What the salts of statements are made from. */
  readonly statementSecret: string;
  /** Pages of the journal in `file` behind an input, by default as billEntries gives them. */
  readonly read?: (file: string, after: number, wanted?: string) => Iterable<readonly BillEntry[]>;
  /** As of the ledger of months. */
  readonly mostHeld?: number;
}

/** A page takes some 4 ms: so half of the thread's time at most, and 5 s for a hundred thousand bills. */
const restMs = 5;
const readEveryMs = minuteMs;

export function createStatementBook(options: StatementBookOptions): StatementBook {
  const { terms, read = billEntries, mostHeld } = options;
  const { market } = terms;
  let turn: Promise<unknown> = Promise.resolve();
  let asking = 0;
  const afterOthers = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => {}); // whoever asked hears of it
    return done;
  };
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    asking += 1;
    return afterOthers(ask).finally(() => {
      asking -= 1;
    });
  };
  const readFrom = (after: number, wanted?: string): Iterable<readonly BillEntry[]> =>
    options.isThere() ? read(options.file, after, wanted) : [];
  const ledger = createMonthLedger({ terms: market, read: readFrom, ...(mostHeld === undefined ? {} : { mostHeld }) });

  /** @param month its bills alone; undefined: of all */
  async function readOne(participant: string, place: Place, month: string | undefined): Promise<OwnBills> {
    const { statementSecret } = options;
    const reader = createJournalBills({ terms: market, wanted: participant, statementSecret, before: place.before });
    const bills: FoundBill[] = [];
    let isOver = false;
    for (const page of readFrom(place.after)) {
      for (const bill of page.flatMap((entry) => reader.take(entry))) {
        if (month === undefined || bill.month === month) bills.push(bill);
        isOver ||= month !== undefined && bill.month > month; // heads prove the last bill until then
      }
      if (isOver) break;
      await nextTurn();
    }
    const hashes = new Set(bills.map(({ bill }) => bill.hash));
    const proofs = reader.proofsOf(participant).filter(({ hash }) => month === undefined || hashes.has(hash));
    return { participant, bills, proofs, payments: ledger.paymentsOf(participant) };
  }

  async function monthOf(participant: string, month: string): Promise<OwnBills> {
    const payments = ledger.paymentsOf(participant).filter((payment) => payment.month === month);
    const place = ledger.sumsOf(month).has(participant) ? ledger.placeFor(month) : undefined;
    if (place === undefined) return { participant, bills: [], proofs: [], payments };
    return { ...(await readOne(participant, place, month)), payments };
  }

  function keepRead(): () => void {
    const ended = new AbortController();
    const { signal } = ended;
    const between = (): Promise<unknown> => {
      signal.throwIfAborted();
      return asking > 0 ? nextTurn() : pause(restMs, undefined, { signal, ref: false });
    };
    const reading = async (): Promise<void> => {
      while (!signal.aborted) {
        if (ledger.goesOnFromLast()) await afterOthers(() => ledger.readOn(between)).catch(() => {});
        await pause(readEveryMs, undefined, { signal, ref: false });
      }
    };
    reading().catch(() => {}); // its end
    return () => ended.abort();
  }

  const start: Place = { after: 0, before: undefined };

  return {
    ...{ terms, keepRead },
    all: (month) =>
      inTurn(async () => {
        await ledger.readOn();
        const participants = new Set([...ledger.sumsOf(month).keys(), ...ledger.payers()]);
        const rows = [...participants].flatMap((participant) => rowOf(ledger, participant, month, market));
        rows.sort((one, other) => (one.participant < other.participant ? -1 : 1));
        return { rows, isComplete: isOver(month, ledger.lastBilled(), market) };
      }),
    one: (participant, month) =>
      inTurn(async () => {
        await ledger.readOn();
        const own = await (month === undefined ? readOne(participant, start, undefined) : monthOf(participant, month));
        if (own.bills.length === 0 && own.payments.length === 0) return undefined;
        const carriedMicro = month === undefined ? 0 : ledger.carriedInto(month, participant);
        const statements = monthStatements(own, terms, carriedMicro).map((statement) => ({
          ...statement,
          isComplete: isOver(statement.month, ledger.lastBilled(), market),
        }));
        return { own, statements };
      }),
    months: (participant) =>
      inTurn(async () => {
        const reader = createJournalBills({ terms: market, wanted: participant });
        const bills: FoundBill[] = [];
        for (const page of readFrom(0, participant)) {
          for (const entry of page) bills.push(...reader.take(entry));
          await nextTurn();
        }
        const own = { participant, bills, proofs: [], payments: reader.payments().get(participant) ?? [] };
        return monthStatements(own, terms).map((statement) => ({
          ...statement,
          isComplete: isOver(statement.month, reader.lastBilled(), market),
        }));
      }),
  };
}

function isOver(month: string, newest: ReturnType<MonthLedger["lastBilled"]>, { calendar }: MarketTerms): boolean {
  return newest !== undefined && (newest.month > month || newest.periodMs >= lastPeriod(calendar));
}

/** None for whom the month holds neither a bill nor a payment. */
function rowOf(ledger: MonthLedger, participant: string, month: string, { currency }: MarketTerms): StatementRow[] {
  const sums = ledger.sumsOf(month).get(participant);
  const payments = ledger.paymentsOf(participant).filter((payment) => payment.month === month);
  if (sums === undefined && payments.length === 0) return [];
  const { exactMicro = 0, aloneMicro = 0, bills = 0, lastSentAtMs } = sums ?? {};
  const carriedMicro = ledger.carriedInto(month, participant);
  const total = monthlyTotal(micro(exactMicro), carriedMicro, minorUnit(currency).minorUnitMicro);
  const lastPaidAtMs = payments.at(-1)?.bookedAtMs;
  return [{ ...total, ...paymentSums(payments), participant, bills, aloneMicro, lastSentAtMs, lastPaidAtMs }];
}
