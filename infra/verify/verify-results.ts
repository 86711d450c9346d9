/**
 * A run's results recomputed from its files alone: every period is settled again, every bill hashed and chained again, every sum made
 * again. Files are read side by side, period by period: memory does not grow with the run but for ids, numbers and periods.csv.
 */
import { firstPeriod } from "../../market/managers/calendar.js";
import { createCutSums, cutFigures } from "../../market/rules/cut-figures.js";
import { createKpis, type Kpis } from "../../market/rules/kpi.js";
import { kpiSummary } from "../../market/rules/kpi-figures.js";
import { createMarketQuality, qualityFigures } from "../../market/rules/market-quality.js";
import { createAudit } from "../results/audit.js";
import { createPeriodRows } from "../results/period-rows.js";
import { runHash } from "../results/results.js";
import { createLedgerCheck } from "./ledger-check.js";
import { openStreams, periodsCorrectedLater, type StreamedFile } from "./period-streams.js";
import { type PeriodTable, readPeriodTable } from "./period-table.js";
import { createPoolCheck, poolOf } from "./pool-check.js";
import type { ResultFolder } from "./result-folder.js";
import { createSettler } from "./settle-again.js";
import { createStatementCheck } from "./statement-check.js";
import { checkSummary, readSummary } from "./summary-check.js";
import type { Verification } from "./verification.js";
import { verifyPeriod } from "./verify-period.js";

export interface Finding {
  readonly what: string;
  readonly count: number;
}

/**
 * @param onPeriod told after each period: how many are done, of how many
 * @param statementSecret what a market salted its statements with; in lockstep that is the seed. Undefined: of a market's heads the signature
 *   alone is checked, for the folder does not say it
 * @returns what was checked, with counts
 * @throws Difference at the first thing that is not as it should be
 */
export function verifyResults(
  folder: ResultFolder,
  onPeriod: (done: number, of: number) => void,
  statementSecret?: string,
): readonly Finding[] {
  const { path, terms } = folder;
  const salted = (terms.mode ?? "lockstep") === "lockstep" ? String(terms.market.seed) : statementSecret;
  const summary = readSummary(path);
  const table = readPeriodTable(path, terms);
  const kpis = createKpis(terms.market.calendar.periodMinutes);
  const verification: Verification = {
    folder,
    streams: openStreams(path),
    settler: createSettler(terms.market, kpis),
    pool: createPoolCheck(path, terms),
    isPricedByMonth: poolOf(terms)?.horizon === "month",
    ledger: createLedgerCheck(`${path}/ledger.csv`),
    statements: createStatementCheck(path, terms, salted),
    ...{
      audit: createAudit(),
      rows: createPeriodRows(),
      quality: createMarketQuality(),
      cuts: createCutSums(),
      orderIds: new Set(),
      tariffs: new Map(),
    },
    ...{ correctedLater: periodsCorrectedLater(path), readings: new Map() },
  };
  for (const [index, entry] of table.entries.entries()) {
    verifyPeriod(verification, entry, index === 0);
    onPeriod(index + 1, table.entries.length);
  }
  return conclude(verification, { table, kpis, isComplete: summary.complete === true });
}

function conclude(
  verification: Verification,
  end: { table: PeriodTable; kpis: Kpis; isComplete: boolean },
): readonly Finding[] {
  const { folder, streams, ledger, statements, audit, rows } = verification;
  const { table, kpis, isComplete } = end;
  const digests = streams.end();
  table.compare(rows);
  const { accounts } = ledger.end(isComplete);
  const { heads, digest, chains } = statements.end();
  const counted = (name: StreamedFile): number => streams.rowCount(name);
  const figures = checkSummary(folder.path, {
    terms: folder.terms,
    firstPeriodMs: table.entries[0]?.periodMs ?? firstPeriod(folder.terms.market.calendar),
    billedPeriods: table.entries.length,
    ...audit.findings(),
    hash: runHash(digests["ledger.csv"] ?? "", digests["trades.csv"] ?? ""),
    files: { ...digests, "heads.csv": digest, "periods.csv": table.digest },
    ...{ orders: counted("orders"), trades: counted("trades") },
    kpis: { ...kpiSummary(kpis), ...qualityFigures(verification.quality), ...cutFigures(verification.cuts) },
  });
  return [
    { what: "periods settled again", count: table.entries.length },
    { what: "orders against their trades", count: counted("orders") },
    { what: "trades against orders and contracts", count: counted("trades") },
    { what: "orders cut by the DSO", count: counted("cuts") },
    { what: "meter readings billed", count: counted("meters") },
    { what: "bills with their chain of hashes", count: counted("statements") },
    { what: "lines of bills", count: counted("bills") },
    { what: "participants with a chain", count: chains },
    { what: "day's heads with their signature", count: heads },
    { what: "ledger entries", count: counted("ledger") },
    { what: "accounts that sum to 0", count: accounts },
    { what: "figures of the summary", count: figures },
  ];
}
