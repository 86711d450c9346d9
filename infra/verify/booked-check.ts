/** Ledger, statements and bills of one period against what it gives when settled again. */
import type { LedgerEntry } from "../../market/facts.js";
import { accounts } from "../../market/rules/ledger.js";
import { paymentBooked } from "../../market/rules/payments.js";
import { isoUtc } from "../../shared/time.js";
import type { CsvRow } from "../results/csv-reader.js";
import { Cells } from "../results/row-facts.js";
import { billRows, ledgerRow, statementRow } from "../results/rows.js";
import { compareRow, compareRows, lacking, pairUp, surplus } from "./expected-rows.js";
import type { Taken } from "./period-streams.js";
import type { Batch } from "./settle-again.js";
import type { BillContent } from "./statement-check.js";
import type { Verification } from "./verification.js";

interface Expectation<T> {
  readonly own: readonly T[];
  readonly late: readonly T[];
}

/** @throws Difference at the first row that the period settled again does not give. */
export function checkLedger(
  { streams, ledger, audit }: Verification,
  periodMs: number,
  found: readonly CsvRow[],
  expected: Expectation<Batch>,
): void {
  const meaning = "settled again, the period gives another entry";
  const compared = { path: streams.path("ledger"), name: "ledger", meaning } as const;
  const period = isoUtc(periodMs);
  const isOfPeriod = ({ cells }: { cells: readonly string[] }): boolean => cells[1] === period;
  const rest = found.filter((row) => !checkPayment({ ledger, audit }, new Cells(compared.path, row), row));
  const { pairs, missing, early } = pairUp(rest, isOfPeriod, flat(expected.own), flat(expected.late));
  streams.putBack("ledger", early);
  for (const { row, wanted } of pairs) {
    if (wanted === undefined) throw surplus(compared, row);
    const cells = new Cells(compared.path, row);
    compareRow(compared, row, rowOf(wanted));
    ledger.entry(row, cells, wanted.follows);
    audit.booked(wanted.entry);
  }
  if (missing !== undefined) throw lacking(compared, rowOf(missing), found.at(-1)?.line);
}

/** What the operator noted as paid in or out is of no settlement: it has the form of a payment, each of its own. @returns false: it is none */
function checkPayment({ ledger, audit }: Pick<Verification, "ledger" | "audit">, cells: Cells, row: CsvRow): boolean {
  const [debit, credit, reason] = [cells.text("debit"), cells.text("credit"), cells.text("reason")];
  const amountMicro = cells.micro("amount");
  const payment = paymentBooked({ debit, credit, amountMicro, reason });
  if (payment === undefined) return false;
  ledger.entry(row, cells, false);
  ledger.paid(
    row,
    payment.paymentId,
    debit === accounts.bank ? credit : debit,
    debit === accounts.bank ? amountMicro : -amountMicro,
  );
  audit.booked({ entry: cells.count("entry"), periodMs: 0, debit, credit, amountMicro, reason });
  return true;
}

interface ExpectedEntry {
  /** Its number is left open: the order of booking is not that of the file. */
  readonly entry: LedgerEntry;
  /** Booked at once with the one before. */
  readonly follows: boolean;
}

function flat(batches: readonly Batch[]): ExpectedEntry[] {
  return batches.flatMap(({ periodMs, entries }) =>
    entries.map((draft, index) => ({ entry: { entry: 0, periodMs, ...draft }, follows: index > 0 })),
  );
}

function rowOf({ entry }: ExpectedEntry): (string | undefined)[] {
  const [, ...cells] = ledgerRow(entry);
  return [undefined, ...cells];
}

/** @throws Difference at the first row that the period settled again does not give. */
export function checkStatements(
  { streams, statements, ledger, audit }: Verification,
  periodMs: number,
  taken: Taken,
  expected: Expectation<BillContent>,
): void {
  const meaning = "settled, chained and hashed again, the bill is another one";
  const file = { path: streams.path("statements"), name: "statements", meaning } as const;
  const period = isoUtc(periodMs);
  const isOfPeriod = ({ cells }: { cells: readonly string[] }): boolean => cells[1] === period;
  const { pairs, missing, early } = pairUp(taken.statements, isOfPeriod, expected.own, expected.late);
  streams.putBack("statements", early);
  const lines: (readonly string[])[] = [];
  for (const { row, wanted } of pairs) {
    if (wanted === undefined) throw surplus(file, row);
    const bill = statements.next(wanted);
    compareRow(file, row, statementRow(bill));
    for (const line of billRows(bill)) lines.push(line);
    ledger.billed(bill.participant, bill.totalMicro);
    audit.billed(bill);
    statements.checkHeads();
  }
  if (missing !== undefined) throw lacking(file, [missing.participant], taken.statements.at(-1)?.line);
  const told = "settled again, the bill has another line";
  streams.putBack("bills", taken.bills.slice(lines.length));
  compareRows({ path: streams.path("bills"), name: "bills", meaning: told }, taken.bills.slice(0, lines.length), lines);
}
