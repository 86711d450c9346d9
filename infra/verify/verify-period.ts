/** One period of a run: its orders and trades, its settlement again, and what of other periods was corrected about then. */
import type { Reading } from "../../market/facts.js";
import { addCuts } from "../../market/rules/cut-figures.js";
import { accounts, type EntryDraft, participantAccount } from "../../market/rules/ledger.js";
import { addMarket } from "../../market/rules/market-quality.js";
import { isoUtc } from "../../shared/time.js";
import type { CsvRow } from "../results/csv-reader.js";
import { Difference } from "../results/difference.js";
import { Cells, cutFrom, fateFrom, readingFrom, tariffFrom, tradeFrom } from "../results/row-facts.js";
import { bookFrom } from "./book-again.js";
import { checkLedger, checkStatements } from "./booked-check.js";
import { checkClearingPrice } from "./clearing-price-check.js";
import { checkOrders, type ReadRow, type Standing } from "./order-check.js";
import { readRows, type Taken } from "./period-streams.js";
import { type PeriodEntry, priceOf } from "./period-table.js";
import type { Batch, Outcome } from "./settle-again.js";
import type { Verification } from "./verification.js";

/** Checks all rows of one period, and late ones that stand after it. @throws Difference at the first that is not as it should be. */
export function verifyPeriod(verification: Verification, entry: PeriodEntry, isFirst: boolean): void {
  const { folder, streams, audit, rows, quality, tariffs } = verification;
  const { periodMs, prices } = entry;
  const { calendar, settlement } = folder.terms.market;
  const taken = streams.take(periodMs);
  const orders = readRows(streams.path("orders"), taken.orders, fateFrom);
  const trades = readRows(streams.path("trades"), taken.trades, tradeFrom);
  const cuts = readRows(streams.path("cuts"), taken.cuts, cutFrom);
  for (const name of ["orders", "trades", "cuts", "contracts", "positions", "tariffs"] as const) {
    refuseLate(streams.path(name), taken[name], name === "orders" ? 1 : 0, periodMs);
  }
  const { contracts } = taken;
  const isLockstep = (folder.terms.mode ?? "lockstep") === "lockstep";
  const { imbalance } = settlement;
  const toCheck = { folder: folder.path, periodMs, calendar, isLockstep, orders, trades, cuts, contracts, imbalance };
  const after = checkOrders(toCheck, verification.orderIds);
  const made = trades.map(({ fact }) => fact);
  checkClearingPrice(streams.path("orders"), taken.orders, made);
  for (const trade of after.trades) audit.traded(periodMs, trade);
  addMarket(quality, bookFrom(orders.map(({ fact }) => fact)), after.trades);
  addCuts(verification.cuts, made, after);
  for (const { fact } of readRows(streams.path("tariffs"), taken.tariffs, tariffFrom))
    tariffs.set(fact.participant, fact);
  rows.priced(priceOf(periodMs, made, after.trades));
  rows.settled({ periodMs, ...prices, tariffs: [] });
  const due = settleAgain(verification, entry, taken, after);
  const deposits = isFirst ? paidIn(verification, periodMs) : [];
  checkLedger(verification, periodMs, taken.ledger, { own: [...deposits, ...due.own.batches], late: due.late.batches });
  checkStatements(verification, periodMs, taken, { own: due.own.bills, late: due.late.bills });
  if (!verification.correctedLater.has(isoUtc(periodMs))) verification.readings.delete(periodMs);
}

/** Rows of trade and tariff never come late. */
function refuseLate(file: string, rows: readonly CsvRow[], column: number, periodMs: number): void {
  const period = isoUtc(periodMs);
  for (const { line, cells } of rows) {
    if (cells[column] === period) continue;
    const told = { expected: period, found: cells[column] ?? "", meaning: "rows go by period, and only billed ones" };
    throw new Difference(
      { file, line, column: column === 0 && file.endsWith("tariffs.csv") ? "from" : "period" },
      told,
    );
  }
}

interface Due {
  readonly own: Outcome;
  readonly late: Outcome;
}

function settleAgain(verification: Verification, entry: PeriodEntry, taken: Taken, { trades, lost }: Standing): Due {
  const { streams, settler, tariffs, correctedLater, isPricedByMonth } = verification;
  const { periodMs, prices } = entry;
  const period = isoUtc(periodMs);
  const meters = readRows(streams.path("meters"), taken.meters, readingFrom);
  const late: Outcome[] = [];
  const readings: Reading[] = [];
  let own: Outcome | undefined;
  const positions = readRows(streams.path("positions"), taken.positions, (cells) => {
    return { participant: cells.text("participant"), energyWh: cells.wh("energyKwh") };
  }).map(({ fact }) => fact);
  for (const meter of meters) {
    if (meter.row.cells[0] === period) readings.push(meter.fact);
    count(verification, meter);
  }
  const settle = (): void => {
    const correctionLines = correctionLinesOf(taken, period);
    const isKept = correctedLater.has(period);
    const pricedNetWh = isPricedByMonth ? pricedNets(verification, taken, period) : undefined;
    const heldTo = { positions, lost };
    const toSettle = { periodMs, trades, readings, ...heldTo, tariffs, prices, correctionLines, isKept, pricedNetWh };
    const done = settler.settle(toSettle);
    verification.pool.period(entry, done.input);
    own = done;
    late.push(done.late);
  };
  let line: number | undefined;
  try {
    for (const { row, fact } of meters) {
      line = row.line;
      const isOwn = row.cells[0] === period;
      if (isOwn && own === undefined) settle();
      if (!isOwn) late.push(settler.correct(Date.parse(row.cells[0] ?? ""), fact));
    }
    if (own === undefined) settle();
  } catch (error) {
    if (error instanceof Difference || !(error instanceof Error)) throw error;
    const told = {
      expected: `what ${period} can be settled from`,
      found: error.message,
      meaning: "the rules refuse it",
    };
    throw new Difference({ file: streams.path("meters"), line }, told);
  }
  return { own: own ?? nothing, late: together(late) };
}

const nothing: Outcome = { batches: [], bills: [] };

const together = (outcomes: readonly Outcome[]): Outcome => ({
  batches: outcomes.flatMap(({ batches }) => batches),
  bills: outcomes.flatMap(({ bills }) => bills),
});

/** Sums of periods.csv and of the audit. */
function count({ audit, rows, readings }: Verification, { row, fact }: ReadRow<Reading>): void {
  const period = row.cells[0] ?? "";
  const periodMs = Date.parse(period);
  const known = readings.get(periodMs) ?? new Map<string, Reading>();
  const before = known.get(fact.participant);
  known.set(fact.participant, fact);
  readings.set(periodMs, known);
  rows.metered(periodMs, fact, before);
  audit.metered(periodMs, fact, before);
}

/** How many lines of the period's first bills are corrections: made before the bills went out. */
function correctionLinesOf(taken: Taken, period: string): number {
  const first = firstBills(taken, period);
  return taken.bills.filter(({ cells }) => cells[3] === "correction" && first.has(cells[0] ?? "")).length;
}

/** What each one's first bill prices of its meter, in Wh: the energy of its line of kind `trade`. */
function pricedNets({ streams }: Verification, taken: Taken, period: string): ReadonlyMap<string, number> {
  const first = firstBills(taken, period);
  const nets = new Map([...first.values()].map((participant) => [participant, 0]));
  for (const row of taken.bills) {
    const cells = new Cells(streams.path("bills"), row);
    const participant = first.get(cells.text("billId"));
    if (participant === undefined || cells.text("kind") !== "trade") continue;
    nets.set(participant, (nets.get(participant) ?? 0) + cells.wh("energyKwh"));
  }
  return nets;
}

/** The first bill of each participant for a period: its id, and whose it is. */
function firstBills(taken: Taken, period: string): ReadonlyMap<string, string> {
  const billed = new Set<string>();
  const first = new Map<string, string>();
  for (const { cells } of taken.statements) {
    const [billId = "", of, participant = ""] = cells;
    if (of !== period || billed.has(participant)) continue;
    billed.add(participant);
    first.set(billId, participant);
  }
  return first;
}

/** What members paid in before the run: booked in its first period, before all else. */
function paidIn({ folder, ledger }: Verification, periodMs: number): Batch[] {
  const drafts: EntryDraft[] = [];
  for (const { id, depositMicro } of folder.terms.market.members) {
    if (depositMicro === 0) continue;
    drafts.push({ debit: accounts.bank, credit: participantAccount(id), amountMicro: depositMicro, reason: "deposit" });
    ledger.paidIn(id, depositMicro);
  }
  return [{ periodMs, entries: drafts }];
}
