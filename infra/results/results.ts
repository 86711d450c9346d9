/**
 * The results of a run: every fact of the market, told in order, becomes rows of CSV files and figures of summary.json.
 *
 * Only periods wholly billed count: the rows of a period wait in memory until its bills are out, so that a run stopped in
 * the middle leaves files that agree with each other. Periods outside the run's N enter nothing. What comes of a period
 * after its bills (a corrected reading and its bill) is written as it comes.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fact, Reading } from "../../market/facts.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { dayMs, minuteMs } from "../../shared/time.js";
import { makeFolder } from "../make-folder.js";
import { createAudit } from "./audit.js";
import { CsvFile } from "./csv-file.js";
import { overviewSvg } from "./overview-svg.js";
import { createPeriodRows } from "./period-rows.js";
import {
  billRows,
  contractRow,
  headers,
  ledgerRow,
  meterRow,
  orderRow,
  periodRow,
  type ResultFile,
  tradeRow,
} from "./rows.js";
import { type Summary, type SummaryInput, summaryOf } from "./summary.js";

export interface ResultsOptions {
  /** Made where it is missing; files in it are replaced. */
  readonly directory: string;
  /** Start of the first period that counts. */
  readonly firstPeriodMs: number;
  /** The run's number of delivery periods. */
  readonly periods: number;
  readonly periodMinutes: number;
}

export interface Results {
  /** Takes the facts in their order. Never waits: await `drain` now and then. */
  record(fact: Fact): void;
  /** Resolves when the disk has taken what was handed to it. @throws Error when it refuses. */
  drain(): Promise<void>;
  /** Number of periods wholly billed so far. */
  billedPeriods(): number;
  /** Closes the files, writes periods.csv, summary.json and overview.svg. To be called once. @throws Error of the disk. */
  finish(input: SummaryInput): Promise<Summary>;
}

/** A reading is corrected no later than that after its period (contract.md: 90 days by default). */
const correctionLimitMs = 91 * dayMs;

/** A fact that belongs to one period. */
type PeriodFact = Exclude<Fact, { type: "rejected" | "billed" | "head" }>;

/** @throws Error when the directory cannot be made. */
export function createResults(options: ResultsOptions): Results {
  makeFolder(options.directory);
  const pathOf = (name: string) => join(options.directory, name);
  const fileOf = (name: ResultFile) => new CsvFile(pathOf(`${name}.csv`), headers[name].split(","));
  const files = {
    ...{ orders: fileOf("orders"), trades: fileOf("trades"), contracts: fileOf("contracts") },
    ...{ meters: fileOf("meters"), bills: fileOf("bills"), ledger: fileOf("ledger"), periods: fileOf("periods") },
  };
  const books = createBooks(files);
  const { firstPeriodMs, periods, periodMinutes } = options;
  const endMs = firstPeriodMs + periods * periodMinutes * minuteMs;
  const counts = (periodMs: number) => periodMs >= firstPeriodMs && periodMs < endMs;
  const rejected = new Map<RejectCode, number>();
  const waiting = new Map<number, PeriodFact[]>();
  const billed = new Set<number>();

  const take = (fact: PeriodFact): void => {
    const periodMs = periodOf(fact);
    if (!counts(periodMs)) return;
    const facts = waiting.get(periodMs);
    if (billed.has(periodMs)) books.enter(fact);
    else if (facts === undefined) waiting.set(periodMs, [fact]);
    else facts.push(fact);
  };

  const release = (periodMs: number): void => {
    if (!counts(periodMs)) return;
    for (const fact of waiting.get(periodMs) ?? []) books.enter(fact);
    waiting.delete(periodMs);
    billed.add(periodMs);
    books.close(periodMs);
  };

  return {
    record: (fact) => {
      if (fact.type === "rejected") rejected.set(fact.code, (rejected.get(fact.code) ?? 0) + 1);
      else if (fact.type === "billed") release(fact.periodMs);
      else if (fact.type === "head")
        return; // of a day, not of a period: statements are written by their own file
      else take(fact);
    },
    drain: async () => {
      for (const file of Object.values(files)) await file.drain();
    },
    billedPeriods: () => billed.size,
    finish: async (input) => {
      const rows = [...billed].sort((left, right) => left - right).map((periodMs) => books.rows.rowOf(periodMs));
      for (const row of rows) files.periods.write(periodRow(row));
      const digests = await closeAll(files);
      const summary = summaryOf(input, {
        ...{ firstPeriodMs, periods, periodMinutes, rejected, billedPeriods: billed.size },
        ...books.audit.findings(),
        hash: runHash(digests.ledger, digests.trades),
        orders: files.orders.rowCount,
        trades: files.trades.rowCount,
      });
      await writeFile(pathOf("summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
      const { scenario, currency } = input;
      await writeFile(pathOf("overview.svg"), overviewSvg(rows, { title: scenario, currency, periodMinutes }));
      return summary;
    },
  };
}

type Files = Readonly<Record<ResultFile, CsvFile>>;

/** Enters the facts of billed periods into files and sums. */
function createBooks(files: Files) {
  const audit = createAudit();
  const rows = createPeriodRows();
  /** Readings by period and participant, as long as a correction may come. */
  const readings = new Map<number, Map<string, Reading>>();

  const meter = (periodMs: number, reading: Reading): void => {
    const known = readings.get(periodMs) ?? new Map<string, Reading>();
    readings.set(periodMs, known);
    const before = known.get(reading.participant);
    known.set(reading.participant, reading);
    rows.metered(periodMs, reading, before);
    audit.metered(periodMs, reading, before);
    files.meters.write(meterRow(periodMs, reading));
  };

  const enter = (fact: PeriodFact): void => {
    switch (fact.type) {
      case "fate":
        files.orders.write(orderRow(fact.periodMs, fact.fate));
        break;
      case "trade":
        audit.traded(fact.periodMs, fact.trade);
        files.trades.write(tradeRow(fact.periodMs, fact.trade));
        break;
      case "cleared":
        rows.priced(fact.price);
        break;
      case "contract":
        files.contracts.write(contractRow(fact.periodMs, fact.participant, fact.energyWh, fact.valueMicro));
        break;
      case "metered":
        meter(fact.periodMs, fact.reading);
        break;
      case "entry":
        audit.booked(fact.entry);
        files.ledger.write(ledgerRow(fact.entry));
        break;
      case "bill":
        audit.billed(fact.bill);
        for (const row of billRows(fact.bill)) files.bills.write(row);
    }
  };

  /** Forgets the readings that no correction can reach any more. */
  const close = (periodMs: number): void => {
    readings.delete(periodMs - correctionLimitMs);
  };

  return { audit, rows, enter, close };
}

function periodOf(fact: PeriodFact): number {
  if (fact.type === "cleared") return fact.price.periodMs;
  if (fact.type === "entry") return fact.entry.periodMs;
  if (fact.type === "settled") return fact.prices.periodMs;
  return fact.type === "bill" ? fact.bill.periodMs : fact.periodMs;
}

async function closeAll(files: Files): Promise<Record<ResultFile, string>> {
  const names = Object.keys(files) as ResultFile[];
  const digests = await Promise.all(names.map(async (name) => [name, await files[name].close()] as const));
  return Object.fromEntries(digests) as Record<ResultFile, string>;
}

/** As in a shell: `sha256sum ledger.csv trades.csv | cut -c1-64 | sha256sum`. */
function runHash(ledgerDigest: string, tradesDigest: string): string {
  return createHash("sha256").update(`${ledgerDigest}\n${tradesDigest}\n`).digest("hex");
}
