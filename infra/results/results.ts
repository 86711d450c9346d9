/**
 * The results of a run: every fact of the market, told in order, becomes rows of CSV files and figures of summary.json.
 *
 * Only periods wholly billed count: the rows of a period wait in memory until its bills are out, so that a run stopped in
 * the middle leaves files that agree with each other. Periods outside the run's N enter nothing. What comes of a period
 * after its bills (a corrected reading and its bill) is written as it comes.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fact } from "../../market/facts.js";
import { cutFigures } from "../../market/rules/cut-figures.js";
import { qualityFigures } from "../../market/rules/market-quality.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { minuteMs } from "../../shared/time.js";
import { makeFolder } from "../make-folder.js";
import { createBooks, isOfPeriod, type PeriodFact, periodOf } from "./books.js";
import { CsvFile } from "./csv-file.js";
import { overviewSvg } from "./overview-svg.js";
import { headers, headRow, periodRow, type ResultFile } from "./rows.js";
import { createShadow } from "./shadow.js";
import { shadowHeader } from "./shadow-tally.js";
import { type Summary, type SummaryInput, summaryOf } from "./summary.js";
import { type ResultTerms, termsText } from "./terms-file.js";

export interface ResultsOptions {
  /** Made where it is missing; files in it are replaced. */
  readonly directory: string;
  /** Start of the first period that counts. */
  readonly firstPeriodMs: number;
  /** The run's number of delivery periods; Infinity where it goes on for ever. */
  readonly periods: number;
  readonly periodMinutes: number;
  /** What the run is settled by: written to terms.json. */
  readonly terms: ResultTerms;
  /** Mechanisms that clear every period's book without effect, beside the one of this name that counts. */
  readonly shadow?: { readonly effective: string; readonly mechanisms: readonly Mechanism[] };
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

/** @throws Error when the directory cannot be made. */
export function createResults(options: ResultsOptions): Results {
  makeFolder(options.directory);
  const pathOf = (name: string) => join(options.directory, name);
  const fileOf = (name: ResultFile) => new CsvFile(pathOf(`${name}.csv`), headers[name].split(","));
  const names = Object.keys(headers) as ResultFile[];
  const files = Object.fromEntries(names.map((name) => [name, fileOf(name)])) as Record<ResultFile, CsvFile>;
  writeFileSync(pathOf("terms.json"), termsText(options.terms));
  const books = createBooks(files);
  const { effective = "", mechanisms = [] } = options.shadow ?? {};
  const shadow = mechanisms.length === 0 ? undefined : createShadow(effective, mechanisms, options.terms.market);
  const shadowFile = shadow === undefined ? undefined : new CsvFile(pathOf("shadow.csv"), shadowHeader.split(","));
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
    const facts = waiting.get(periodMs) ?? [];
    books.enterPeriod(periodMs, facts);
    for (const row of shadow?.add(periodMs, facts) ?? []) shadowFile?.write(row);
    waiting.delete(periodMs);
    billed.add(periodMs);
    books.close(periodMs);
  };

  return {
    record: (fact) => {
      if (fact.type === "rejected") rejected.set(fact.code, (rejected.get(fact.code) ?? 0) + 1);
      else if (fact.type === "billed") release(fact.periodMs);
      else if (fact.type === "head") files.heads.write(headRow(fact.head, files.statements.rowCount));
      else if (isOfPeriod(fact)) take(fact);
    },
    drain: async () => {
      for (const file of Object.values(files)) await file.drain();
      await shadowFile?.drain();
    },
    billedPeriods: () => billed.size,
    finish: async (input) => {
      const rows = [...billed].sort((left, right) => left - right).map((periodMs) => books.rows.rowOf(periodMs));
      for (const row of rows) files.periods.write(periodRow(row));
      const digests = await closeAll(files);
      const shadowed = shadow?.finish();
      for (const row of shadowed?.rows ?? []) shadowFile?.write(row);
      const shadowDigest = await shadowFile?.close();
      const kpis = { ...input.kpis, ...qualityFigures(books.quality), ...cutFigures(books.cuts) };
      const summary = summaryOf(
        { ...input, kpis },
        {
          ...{ firstPeriodMs, periodMinutes, rejected, billedPeriods: billed.size },
          periods: Number.isFinite(periods) ? periods : billed.size,
          ...books.audit.findings(),
          hash: runHash(digests.ledger, digests.trades),
          files: {
            ...Object.fromEntries(Object.entries(digests).map(([name, digest]) => [`${name}.csv`, digest])),
            ...(shadowDigest === undefined ? {} : { "shadow.csv": shadowDigest }),
          },
          orders: files.orders.rowCount,
          trades: files.trades.rowCount,
          shadow: shadowed?.summary ?? null,
        },
      );
      await writeFile(pathOf("summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
      const { scenario, currency } = input;
      await writeFile(pathOf("overview.svg"), overviewSvg(rows, { title: scenario, currency, periodMinutes }));
      return summary;
    },
  };
}

/** The period that it belongs to. */
async function closeAll(files: Readonly<Record<ResultFile, CsvFile>>): Promise<Record<ResultFile, string>> {
  const names = Object.keys(files) as ResultFile[];
  const digests = await Promise.all(names.map(async (name) => [name, await files[name].close()] as const));
  return Object.fromEntries(digests) as Record<ResultFile, string>;
}

/** As in a shell: `sha256sum ledger.csv trades.csv | cut -c1-64 | sha256sum`. */
export function runHash(ledgerDigest: string, tradesDigest: string): string {
  return createHash("sha256").update(`${ledgerDigest}\n${tradesDigest}\n`).digest("hex");
}
