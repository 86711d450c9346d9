/**
 * Bills and payments as they come out of the settlement manager's journal, in the order in which they went out: the same months, late bills and
 * comparisons as read-bills.ts finds in the files of a run, which tell no time of a payment.
 *
 * Orders and trades behind a bill stand in another journal: see state-bills.ts.
 */
import type { Reading } from "../../market/facts.js";
import { correctionLimitMs } from "../../market/managers/calendar.js";
import type { Tariff } from "../../market/rules/settlement.js";
import { feesOf, type PeriodFees } from "../../market/rules/settlement-fees.js";
import { type StatementLeaf, statementSalt, statementTree } from "../../market/rules/statement-tree.js";
import { supplierAlone } from "../../market/rules/supplier-alone.js";
import type { MarketTerms } from "../../market/terms.js";
import type { BillEntry, BillFact } from "../journal/bill-entries.js";
import { sha256 } from "../main/secrets.js";
import { type BookedPayment, bookedPayment } from "./booked-payments.js";
import { localDays } from "./local-days.js";
import type { OwnBill, Proof } from "./read-bills.js";

export interface JournalBillsOptions {
  readonly terms: MarketTerms;
  /** A participant; undefined: all. */
  readonly wanted: string | undefined;
  /** What the salts of statements are made from; undefined: no proofs are made. */
  readonly statementSecret?: string | undefined;
  /** Where reading does not begin at the journal's beginning; undefined: it does. */
  readonly before?: ReadBefore | undefined;
}

/** What is left of the entries before, periods that may still be corrected not counted. */
export interface ReadBefore {
  /** Of everybody's last bill. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly lastBilledMs: number | undefined;
}

export type FoundBill = OwnBill & { readonly sentAtMs: number };

export interface JournalBills {
  /** Takes the next entry of the journal. @returns the bills of it that are wanted */
  take(entry: BillEntry): readonly FoundBill[];
  /** Of the heads so far, for those who are wanted. */
  proofsOf(participant: string): readonly Proof[];
  /** Booked so far, of those who are wanted, by participant. */
  payments(): ReadonlyMap<string, readonly BookedPayment[]>;
  /** The delivery period that was billed last, and its month, as 2016-08; undefined: none was. */
  readSoFar(): ReadBefore;
  /** So many readings of participants in periods that may still be corrected are known. */
  held(): number;
  lastBilled(): { readonly periodMs: number; readonly month: string } | undefined;
}

/** What is known of one participant in one period. */
interface Known {
  reading: Reading | undefined;
  tariff: Tariff | undefined;
  /** As it was told with its last bill. */
  aloneMicro: number;
}

export function createJournalBills({ terms, wanted, statementSecret, before }: JournalBillsOptions): JournalBills {
  const dayOf = localDays(terms.timezone);
  /** By period, then by participant; until the correction limit. */
  const known = new Map<number, Map<string, Known>>();
  const billed = new Set<number>();
  const proofs = new Map<string, Proof[]>();
  const payments = new Map<string, BookedPayment[]>();
  const lastHash = new Map(before?.hashes);
  let lastBilledMs = before?.lastBilledMs;
  let fees: { readonly periodMs: number; readonly of: PeriodFees } | undefined;
  const isWanted = (participant: string): boolean => wanted === undefined || participant === wanted;

  function of(participant: string, periodMs: number): Known {
    const period = known.get(periodMs) ?? new Map<string, Known>();
    known.set(periodMs, period);
    const one = period.get(participant) ?? { reading: undefined, tariff: undefined, aloneMicro: 0 };
    period.set(participant, one);
    return one;
  }

  /** The same for all participants, whose bills come together. */
  function feesAt(periodMs: number): PeriodFees {
    const { settlement, calendar } = terms;
    if (fees?.periodMs !== periodMs) {
      const { periodMinutes } = calendar;
      fees = { periodMs, of: feesOf({ periodMs, periodMinutes, terms: settlement }) };
    }
    return fees.of;
  }

  function aloneOf(periodMs: number, { reading, tariff }: Known): number {
    if (reading === undefined || tariff === undefined) return 0;
    return supplierAlone(reading, tariff, feesAt(periodMs));
  }

  function found({ bill }: Extract<BillFact, { type: "bill" }>, sentAtMs: number): readonly FoundBill[] {
    lastHash.set(bill.participant, bill.hash);
    if (!isWanted(bill.participant)) return [];
    const one = of(bill.participant, bill.periodMs);
    const alone = aloneOf(bill.periodMs, one);
    const aloneMicro = alone - one.aloneMicro;
    one.aloneMicro = alone;
    const isLate = billed.has(bill.periodMs);
    const month = dayOf(isLate ? (lastBilledMs ?? bill.periodMs) : bill.periodMs).slice(0, 7);
    const day = dayOf(bill.periodMs);
    return [{ bill, month, day, isLate, reading: one.reading, aloneMicro, orders: [], trades: [], sentAtMs }];
  }

  function paid({ entry }: Extract<BillFact, { type: "entry" }>, atMs: number): void {
    const payment = bookedPayment(entry, atMs, dayOf);
    if (payment === undefined || !isWanted(payment.participant)) return;
    const own = payments.get(payment.participant);
    if (own === undefined) payments.set(payment.participant, [payment]);
    else own.push(payment);
  }

  function forget(nowMs: number): void {
    for (const periodMs of known.keys()) {
      if (periodMs + correctionLimitMs(terms.calendar) + terms.calendar.periodMinutes * 60_000 >= nowMs) return;
      known.delete(periodMs);
      billed.delete(periodMs);
    }
  }

  function prove({ head: { day, head, signature } }: Extract<BillFact, { type: "head" }>): void {
    if (statementSecret === undefined) return;
    const leaves: StatementLeaf[] = [...lastHash].map(([participant, hash]) => {
      return { participant, hash, salt: statementSalt(statementSecret, day, participant, sha256) };
    });
    const tree = statementTree(leaves, sha256);
    for (const { participant, hash, salt } of leaves) {
      if (!isWanted(participant)) continue;
      const own = proofs.get(participant) ?? [];
      own.push({ day, hash, salt, head, signature, proof: tree.proofOf(participant) });
      proofs.set(participant, own);
    }
  }

  return {
    take({ atMs, metered, facts }) {
      for (const reading of metered?.readings ?? [])
        if (isWanted(reading.participant)) of(reading.participant, metered?.periodMs ?? 0).reading = reading;
      const bills: FoundBill[] = [];
      for (const fact of facts) {
        if (fact.type === "settled") {
          for (const tariff of fact.prices.tariffs)
            if (isWanted(tariff.participant)) of(tariff.participant, fact.prices.periodMs).tariff = tariff;
        } else if (fact.type === "bill") bills.push(...found(fact, atMs));
        else if (fact.type === "head") prove(fact);
        else if (fact.type === "entry") paid(fact, atMs);
        else {
          billed.add(fact.periodMs);
          lastBilledMs = fact.periodMs;
          forget(atMs);
        }
      }
      return bills;
    },
    proofsOf: (participant) => proofs.get(participant) ?? [],
    payments: () => payments,
    readSoFar: () => ({ hashes: new Map(lastHash), lastBilledMs }),
    held: () => [...known.values()].reduce((sum, period) => sum + period.size, 0),
    lastBilled: () =>
      lastBilledMs === undefined ? undefined : { periodMs: lastBilledMs, month: dayOf(lastBilledMs).slice(0, 7) },
  };
}
