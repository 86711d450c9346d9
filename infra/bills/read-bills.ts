/**
 * Bills of one or all participants read from a folder of results, each with what led to it: orders, trades, meter.
 *
 * A bill belongs to the statement of the month (local time of the scenario) of the delivery period whose bills were going out when it was
 * sent. So a correction of July that comes in August stands on August's statement, and what was stated before is never changed. It is
 * compared with what the participant would have been billed with its supplier alone (rules/supplier-alone.ts).
 */
import type { Bill, BillLine, OrderFate, Reading, Trade } from "../../market/facts.js";
import type { Tariff } from "../../market/rules/settlement.js";
import { feesOf } from "../../market/rules/settlement-fees.js";
import { type StatementLeaf, statementSalt, statementTree } from "../../market/rules/statement-tree.js";
import { supplierAlone } from "../../market/rules/supplier-alone.js";
import { type BillLineKind, billLineKinds } from "../../shared/messages/private.js";
import { instantFromIso, isoUtc } from "../../shared/time.js";
import { sha256 } from "../main/secrets.js";
import { cutAgain } from "../results/after-cuts.js";
import { csvReader } from "../results/csv-reader.js";
import { Cells, cutFrom, fateFrom, readingFrom, tariffFrom, tradeFrom } from "../results/row-facts.js";
import { headers } from "../results/rows.js";
import {
  openStreams,
  type PeriodStreams,
  periodsCorrectedLater,
  readRows,
  type Taken,
} from "../verify/period-streams.js";
import { type PeriodEntry, readPeriodTable } from "../verify/period-table.js";
import type { ResultFolder } from "../verify/result-folder.js";
import type { StatementFile } from "../verify/verify-statement-file.js";
import type { BookedPayment } from "./booked-payments.js";
import { localDays } from "./local-days.js";

/** One bill with what led to it. */
export interface OwnBill {
  readonly bill: Bill;
  /** Month of the statement that it stands on, as 2016-08. */
  readonly month: string;
  /** Local day on which its delivery period begins. */
  readonly day: string;
  /** Sent after the period's own bill, for a reading that came late. */
  readonly isLate: boolean;
  readonly reading: Reading | undefined;
  readonly orders: readonly OrderFate[];
  /** Own trades; the other side is nobody's business. */
  readonly trades: readonly Trade[];
  /** What the supplier alone would have billed. */
  readonly aloneMicro: number;
}

export type Proof = StatementFile["proofs"][number];

export interface OwnBills {
  readonly participant: string;
  readonly bills: OwnBill[];
  /** Of each day's head, from the participant's last bill until then. */
  readonly proofs: Proof[];
  /** In the order of booking; none where they are read from results, which do not tell when. */
  readonly payments: readonly BookedPayment[];
}

/** What reading goes on with from period to period. */
interface Reader {
  readonly folder: ResultFolder;
  readonly streams: PeriodStreams;
  readonly wanted: string | undefined;
  readonly found: Map<string, OwnBills>;
  readonly tariffs: Map<string, Tariff>;
  /** What is known of periods of which readings come later, by participant and period. */
  readonly kept: Map<string, { tariff: Tariff; entry: PeriodEntry; aloneMicro: number; reading: Reading }>;
  readonly correctedLater: ReadonlySet<string>;
  readonly heads: HeadReader;
}

/**
 * @param wanted a participant; undefined: all
 * @returns by participant, in the order of their first bills; empty where the one wanted has none
 * @throws Difference where a file cannot be read as what it is
 */
export function readBills(
  folder: ResultFolder,
  wanted: string | undefined,
  onPeriod: (done: number, of: number) => void = () => {},
): ReadonlyMap<string, OwnBills> {
  const { entries } = readPeriodTable(folder.path, folder.terms);
  const dayOf = localDays(folder.terms.market.timezone);
  const found = new Map<string, OwnBills>();
  const reader: Reader = {
    ...{ folder, wanted, found, tariffs: new Map(), kept: new Map() },
    streams: openStreams(folder.path),
    correctedLater: periodsCorrectedLater(folder.path),
    heads: headReader(folder, found),
  };
  for (const [index, entry] of entries.entries()) {
    readPeriod(reader, entry, dayOf);
    onPeriod(index + 1, entries.length);
  }
  return found;
}

function readPeriod(reader: Reader, entry: PeriodEntry, dayOf: (instantMs: number) => string): void {
  const { streams, wanted, tariffs } = reader;
  const taken = streams.take(entry.periodMs);
  const isOwn = (participant: string): boolean => wanted === undefined || participant === wanted;
  for (const { fact } of readRows(streams.path("tariffs"), taken.tariffs, tariffFrom))
    tariffs.set(fact.participant, fact);
  const alone = amountsAlone(reader, entry, taken, isOwn);
  const fates = readRows(streams.path("orders"), taken.orders, fateFrom).map(({ fact }) => fact);
  const orders = byParticipant(fates);
  const trades = tradesByParticipant(standingTrades(streams, taken, fates));
  const lines = linesByBill(streams.path("bills"), taken);
  const period = isoUtc(entry.periodMs);
  const month = dayOf(entry.periodMs).slice(0, 7);
  const billed = new Set<string>();
  for (const row of taken.statements) {
    const cells = new Cells(streams.path("statements"), row);
    const [participant, of, billId] = [cells.text("participant"), cells.text("period"), cells.text("billId")];
    const isLate = of !== period || billed.has(participant);
    if (of === period) billed.add(participant);
    if (isOwn(participant)) {
      const bill = billFrom(cells, lines.get(billId) ?? []);
      const { aloneMicro, reading } = alone.take(participant, of);
      ownBillsOf(reader.found, participant).bills.push({
        ...{ bill, month, day: dayOf(bill.periodMs), isLate, reading, aloneMicro },
        orders: isLate ? [] : (orders.get(participant) ?? []),
        trades: isLate ? [] : (trades.get(participant) ?? []),
      });
    }
    reader.heads.sent(participant, cells.text("hash"));
  }
}

/** What the DSO has left of the trades. */
function standingTrades(streams: PeriodStreams, taken: Taken, fates: readonly OrderFate[]): readonly Trade[] {
  const made = readRows(streams.path("trades"), taken.trades, tradeFrom).map(({ fact }) => fact);
  const cuts = readRows(streams.path("cuts"), taken.cuts, cutFrom).map(({ fact }) => fact);
  return cuts.length === 0 ? made : cutAgain(fates, made, cuts).trades;
}

function ownBillsOf(found: Map<string, OwnBills>, participant: string): OwnBills {
  const known = found.get(participant);
  if (known !== undefined) return known;
  const own: OwnBills = { participant, bills: [], proofs: [], payments: [] };
  found.set(participant, own);
  return own;
}

function billFrom(cells: Cells, lines: readonly BillLine[]): Bill {
  return {
    billId: cells.text("billId"),
    periodMs: cells.instantMs("period"),
    participant: cells.text("participant"),
    contractedWh: cells.wh("contractedKwh"),
    meteredWh: cells.wh("meteredKwh"),
    lines,
    totalMicro: cells.micro("total"),
    ...{ previous: cells.text("previous"), hash: cells.text("hash") },
  };
}

function linesByBill(file: string, taken: Taken): ReadonlyMap<string, BillLine[]> {
  const lines = new Map<string, BillLine[]>();
  for (const row of taken.bills) {
    const cells = new Cells(file, row);
    const [orderId, name, billId] = [cells.text("orderId"), cells.text("name"), cells.text("billId")];
    const line: BillLine = {
      kind: cells.oneOf<BillLineKind>("kind", billLineKinds),
      energyWh: cells.wh("energyKwh"),
      priceMicroPerKwh: cells.price("pricePerKwh"),
      amountMicro: cells.micro("amount"),
      ...(orderId === "" ? {} : { orderId }),
      ...(name === "" ? {} : { name }),
    };
    const known = lines.get(billId);
    if (known === undefined) lines.set(billId, [line]);
    else known.push(line);
  }
  return lines;
}

function byParticipant<T extends { readonly participant: string }>(all: readonly T[]): ReadonlyMap<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const one of all) grouped.set(one.participant, [...(grouped.get(one.participant) ?? []), one]);
  return grouped;
}

function tradesByParticipant(trades: readonly Trade[]): ReadonlyMap<string, Trade[]> {
  const grouped = new Map<string, Trade[]>();
  for (const trade of trades) {
    for (const id of new Set([trade.buyer, trade.seller])) grouped.set(id, [...(grouped.get(id) ?? []), trade]);
  }
  return grouped;
}

/** What the supplier alone would bill for the readings of a period, and for what late ones change. */
function amountsAlone(reader: Reader, entry: PeriodEntry, taken: Taken, isOwn: (participant: string) => boolean) {
  const amounts = new Map<string, { aloneMicro: number; reading: Reading }>();
  const { streams, tariffs, kept, correctedLater } = reader;
  for (const { row, fact } of readRows(streams.path("meters"), taken.meters, readingFrom)) {
    const period = row.cells[0] ?? "";
    const key = `${fact.participant} ${period}`;
    const before = kept.get(key);
    const tariff = before?.tariff ?? tariffs.get(fact.participant);
    if (!isOwn(fact.participant) || tariff === undefined) continue;
    const of = before?.entry ?? entry;
    const aloneMicro = aloneOf(reader.folder, of, fact, tariff);
    const isLate = instantFromIso(period) !== entry.periodMs;
    const told = isLate ? aloneMicro - (before?.aloneMicro ?? 0) + (amounts.get(key)?.aloneMicro ?? 0) : aloneMicro;
    amounts.set(key, { aloneMicro: told, reading: fact });
    if (correctedLater.has(period)) kept.set(key, { tariff, entry: of, aloneMicro, reading: fact });
  }
  return {
    /** Once for each bill: what was told is not told again. */
    take(participant: string, period: string) {
      const key = `${participant} ${period}`;
      const told = amounts.get(key) ?? { aloneMicro: 0, reading: kept.get(key)?.reading };
      amounts.delete(key);
      return told;
    },
  };
}

function aloneOf({ terms }: ResultFolder, { periodMs }: PeriodEntry, reading: Reading, tariff: Tariff): number {
  const { settlement, calendar } = terms.market;
  return supplierAlone(reading, tariff, feesOf({ periodMs, periodMinutes: calendar.periodMinutes, terms: settlement }));
}

interface HeadReader {
  /** A bill went out: heads that cover the bills up to it are proved. */
  sent(participant: string, hash: string): void;
}

function headReader({ path, terms }: ResultFolder, found: Map<string, OwnBills>): HeadReader {
  const file = `${path}/heads.csv`;
  const rows = csvReader(file, headers.heads).rows();
  const last = new Map<string, string>();
  let [row, bills] = [rows.next().value, 0];
  return {
    sent(participant, hash) {
      last.set(participant, hash);
      bills += 1;
      for (; row; row = rows.next().value) {
        const cells = new Cells(file, row);
        if (cells.count("statements") !== bills) return;
        const [day, head, signature] = [cells.text("day"), cells.text("head"), cells.text("signature")];
        const leaves: StatementLeaf[] = [...last].map(([id, ofLast]) => {
          const salt = statementSalt(String(terms.market.seed), day, id, sha256);
          return { participant: id, hash: ofLast, salt };
        });
        const tree = statementTree(leaves, sha256);
        for (const { participant: id, hash: ofLast, salt } of leaves) {
          found.get(id)?.proofs.push({ day, hash: ofLast, salt, head, signature, proof: tree.proofOf(id) });
        }
      }
    },
  };
}
