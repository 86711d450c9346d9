/**
 * What a running market's months come to, participant by participant: read on from where it was left, so that asking again costs what is new.
 *
 * Held are sums by month, payments, and a place in the journal at each month's beginning, from which one month can be read again without
 * those before it. What is known of periods that may still be corrected is held as long as it is little; else it is read again (`most`).
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { correctionLimitMs } from "../../market/managers/calendar.js";
import { monthlyTotal } from "../../market/rules/monthly-statement.js";
import type { MarketTerms } from "../../market/terms.js";
import { minuteMs } from "../../shared/time.js";
import type { BillEntry } from "../journal/bill-entries.js";
import { type BookedPayment, bookedPayment } from "./booked-payments.js";
import { createJournalBills, type FoundBill, type JournalBills, type ReadBefore } from "./journal-bills.js";
import { localDays } from "./local-days.js";
import { minorUnit } from "./money-text.js";

/** Of one participant in one month. */
export interface MonthSums {
  exactMicro: number;
  aloneMicro: number;
  bills: number;
  lastSentAtMs: number;
}

/** Before the first bill of a month. */
interface MonthBegin extends ReadBefore {
  readonly month: string;
  /** Number of the last input before it. */
  readonly after: number;
  /** Of the first input behind it. */
  readonly atMs: number;
  /** When bills of a period went out last before it; undefined: never. */
  readonly billedAtMs: number | undefined;
}

/** Where reading begins. */
export interface Place {
  /** Behind this input. */
  readonly after: number;
  readonly before: ReadBefore | undefined;
}

export interface MonthLedger {
  /** Reads on to the journal's end. @param between waited for after each page of it @throws JournalError, or what `between` does */
  readOn(between?: () => Promise<unknown>): Promise<void>;
  /** Reading on costs what is new: false where too much is known to be held, so that much would be read again. */
  goesOnFromLast(): boolean;
  /** Empty where nothing was billed in it. */
  sumsOf(month: string): ReadonlyMap<string, MonthSums>;
  /** What the months before have left. */
  carriedInto(month: string, participant: string): number;
  /** In the order of booking. */
  paymentsOf(participant: string): readonly BookedPayment[];
  /** Of whom something was paid. */
  payers(): Iterable<string>;
  lastBilled(): ReturnType<JournalBills["lastBilled"]>;
  /** From where a month's bills can be read with all that they are made of; undefined: it has none. */
  placeFor(month: string): Place | undefined;
}

export interface MonthLedgerOptions {
  readonly terms: MarketTerms;
  /** Pages of the journal behind an input. */
  readonly read: (after: number) => Iterable<readonly BillEntry[]>;
  /** What is known of so many readings is held from one asking to the next. */
  readonly mostHeld?: number;
}

/** Some 30 MB. */
const mostReadingsHeld = 200_000;
const start: Place = { after: 0, before: undefined };

export function createMonthLedger({ terms, read, mostHeld = mostReadingsHeld }: MonthLedgerOptions): MonthLedger {
  const dayOf = localDays(terms.timezone);
  const { minorUnitMicro } = minorUnit(terms.currency);
  const months = new Map<string, Map<string, MonthSums>>();
  const begins: MonthBegin[] = [];
  const payments = new Map<string, BookedPayment[]>();
  let reader: JournalBills | undefined;
  /** Number of the last input that is in all this. */
  let last = 0;
  let billedAtMs: number | undefined;
  let lastBilled: ReturnType<JournalBills["lastBilled"]>;

  /** The newest place from which all is known of what may be corrected when bills went out last. */
  function placeBefore(instantMs: number | undefined): Place {
    if (instantMs === undefined) return start;
    const { calendar } = terms;
    const knownFromMs = instantMs - correctionLimitMs(calendar) - calendar.periodMinutes * minuteMs;
    const begin = begins.findLast(({ atMs }) => atMs <= knownFromMs);
    return begin === undefined ? start : { after: begin.after, before: begin };
  }

  function take(from: JournalBills, entry: BillEntry): void {
    const isBilling = entry.facts.some(({ type }) => type === "bill");
    const before = isBilling ? { ...from.readSoFar(), after: last, atMs: entry.atMs, billedAtMs } : undefined;
    const bills = from.take(entry);
    const month = bills[0]?.month;
    if (before !== undefined && month !== undefined && month !== begins.at(-1)?.month)
      begins.push({ ...before, month });
    for (const bill of bills) add(bill);
    for (const fact of entry.facts) {
      if (fact.type === "billed") billedAtMs = entry.atMs;
      if (fact.type !== "entry") continue;
      const payment = bookedPayment(fact.entry, entry.atMs, dayOf);
      if (payment !== undefined)
        payments.set(payment.participant, [...(payments.get(payment.participant) ?? []), payment]);
    }
    lastBilled = from.lastBilled();
    last = entry.n;
  }

  function add({ bill, month, aloneMicro, sentAtMs }: FoundBill): void {
    const sums = months.get(month) ?? new Map<string, MonthSums>();
    months.set(month, sums);
    const own = sums.get(bill.participant) ?? { exactMicro: 0, aloneMicro: 0, bills: 0, lastSentAtMs: 0 };
    own.exactMicro += bill.totalMicro;
    own.aloneMicro += aloneMicro;
    own.bills += 1;
    own.lastSentAtMs = sentAtMs;
    sums.set(bill.participant, own);
  }

  return {
    async readOn(between = nextTurn) {
      const place = reader === undefined ? placeBefore(billedAtMs) : { after: last, before: undefined };
      const from = reader ?? createJournalBills({ terms, wanted: undefined, before: place.before });
      reader = undefined; // what fails in the midst of it is read again
      for (const page of read(place.after)) {
        for (const entry of page) {
          if (entry.n <= last) from.take(entry);
          else take(from, entry);
        }
        await between();
      }
      if (from.held() <= mostHeld) reader = from;
    },
    goesOnFromLast: () => reader !== undefined || last === 0,
    sumsOf: (month) => months.get(month) ?? new Map(),
    carriedInto(wanted, participant) {
      let carriedMicro = 0;
      for (const [month, sums] of months) {
        const own = month < wanted ? sums.get(participant) : undefined;
        if (own !== undefined)
          carriedMicro = monthlyTotal(own.exactMicro, carriedMicro, minorUnitMicro).carriedOutMicro;
      }
      return carriedMicro;
    },
    paymentsOf: (participant) => payments.get(participant) ?? [],
    payers: () => payments.keys(),
    lastBilled: () => lastBilled,
    placeFor(month) {
      const begin = begins.find((one) => one.month === month);
      return begin === undefined ? undefined : placeBefore(begin.billedAtMs);
    },
  };
}
