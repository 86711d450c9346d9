import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createJournalBills } from "../../../infra/bills/journal-bills.js";
import { monthStatements } from "../../../infra/bills/month-statement.js";
import { type OwnBills, readBills } from "../../../infra/bills/read-bills.js";
import { isStateFolder, openStateFolder, readStateBills } from "../../../infra/bills/state-bills.js";
import { createStatementBook } from "../../../infra/bills/statement-book.js";
import type { BillEntry } from "../../../infra/journal/bill-entries.js";
import { journalFile } from "../../../infra/journal/journal-folder.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import type { Fact } from "../../../market/facts.js";
import { entryOf } from "../../../market/rules/payments.js";
import { micro } from "../../../shared/units.js";
import { commandEntry } from "../journal/command-entries.js";
import { removeRunFolders, runThesis } from "../lockstep/thesis-run.js";
import { madeRun } from "../verify/made-run.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  removeRunFolders();
});

/** Without what stands in another journal. */
const withoutOrders = (own: OwnBills | undefined): object => ({
  ...own,
  bills: own?.bills.map((bill) => ({ ...bill, orders: [], trades: [] })),
});

describe("bills out of settlement's journal", () => {
  it("are those of the results: months, late ones, comparisons and proofs, corrected before and after they went out", async () => {
    const entries: BillEntry[] = [];
    const folder = await madeRun({ periods: 100, timezone: "Pacific/Honolulu", entries });
    folders.push(folder);
    const results = openResultFolder(folder);
    const expected = readBills(results, undefined);
    const { market } = results.terms;
    let late = 0;
    for (const participant of expected.keys()) {
      const reader = createJournalBills({ terms: market, wanted: participant, statementSecret: String(market.seed) });
      const bills = entries.flatMap((entry) => reader.take(entry)).map(({ sentAtMs: _sent, ...bill }) => bill);
      const own = { participant, bills, proofs: [...reader.proofsOf(participant)], payments: [] };
      expect(withoutOrders(own)).toEqual(withoutOrders(expected.get(participant)));
      late += bills.filter(({ isLate }) => isLate).length;
      expect(new Set(bills.map(({ month }) => month))).toEqual(new Set(["2016-07", "2016-08"]));
    }
    expect(late).toBeGreaterThan(10);
  });
});

/** Settlement books a deposit of each. */
function payInto(file: string, participants: readonly string[]): void {
  const journal = openJournal(file, { role: "settlement", programVersion: "1", durability: "normal" });
  const facts = participants.map((participant): Fact => {
    const payment = { paymentId: `to-${participant}`, participant, kind: "deposit", reference: null } as const;
    const draft = entryOf({ ...payment, amountMicro: micro(5_000_000) });
    return { type: "entry", entry: { entry: 1, periodMs: 0, ...draft } };
  });
  journal.append([{ ...commandEntry(journal.lastNumber() + 1, "{}"), facts }], new Map());
  journal.close();
}

describe("a market's state folder", () => {
  it("gives the same bills as its results, with what led to them, and the book of statements the same months", async () => {
    const { folder } = await runThesis({ periods: 6 });
    const state = mkdtempSync(join(tmpdir(), "elecbay-state-"));
    folders.push(state);
    cpSync(join(folder, "journal"), join(state, "journal"), { recursive: true });
    expect([isStateFolder(state), isStateFolder(tmpdir())]).toEqual([true, false]);
    const results = openResultFolder(folder);
    const opened = openStateFolder(state);
    expect(opened.terms.market).toEqual(results.terms.market);
    const found = readStateBills(opened, undefined);
    expect([...found]).toEqual([...readBills(results, undefined)]);
    expect(readStateBills(opened, "peer3").get("peer3")).toEqual(found.get("peer3"));

    const file = journalFile(state, "settlement");
    const book = createStatementBook({ terms: opened.terms, file, isThere: () => true, statementSecret: "s" });
    const [own] = monthStatements(found.get("peer3") as OwnBills, opened.terms);
    const month = own?.month ?? "";
    const { rows, isComplete } = await book.all(month);
    expect(isComplete).toBe(true);
    expect(rows.map(({ participant }) => participant)).toEqual([...found.keys()].sort());
    const { exactMicro, payableMicro, carriedOutMicro, aloneMicro } = own ?? {};
    const row = rows.find(({ participant }) => participant === "peer3");
    expect(row).toMatchObject({ exactMicro, payableMicro, carriedOutMicro, aloneMicro, bills: own?.bills.length });
    expect((await book.all("2010-01")).rows).toEqual([]);
    expect((await book.one("peer3"))?.statements[0]?.payableMicro).toBe(payableMicro);
    expect(await book.one("nobody")).toBeUndefined();

    payInto(file, ["peer3", "newcomer"]);
    const paid = readStateBills(opened, undefined);
    expect([...paid.keys()]).toEqual([...found.keys(), "newcomer"]);
    expect(paid.get("peer3")).toMatchObject({ payments: [{ paymentId: "to-peer3", amountMicro: 5_000_000 }] });
    expect({ ...paid.get("peer3"), payments: [] }).toEqual(found.get("peer3"));
    expect(readStateBills(opened, "newcomer").get("newcomer")).toMatchObject({ bills: [], payments: [{}] });
    for (const id of ["peer3", "newcomer"]) {
      const whole = await book.one(id);
      expect(whole?.statements).not.toEqual([]);
      expect(await book.months(id)).toEqual(whole?.statements);
    }
    expect(await book.months("nobody")).toEqual([]);
  }, 60_000);
});

describe("the book of statements", () => {
  it("carries the remainder from month to month, for all at once as for each", async () => {
    const entries: BillEntry[] = [];
    const folder = await madeRun({ periods: 100, timezone: "Pacific/Honolulu", entries });
    folders.push(folder);
    const { terms } = openResultFolder(folder);
    const book = createStatementBook({
      ...{ terms, file: "none", isThere: () => true, statementSecret: "s" },
      read: (_file, after) => [entries.slice(after)],
    });
    for (const [participant, own] of readBills(openResultFolder(folder), undefined)) {
      for (const statement of monthStatements(own, terms)) {
        const { rows } = await book.all(statement.month);
        const { carriedInMicro, exactMicro, payableMicro, carriedOutMicro } = statement;
        expect(rows.find((row) => row.participant === participant)).toMatchObject({
          ...{ carriedInMicro, exactMicro, payableMicro, carriedOutMicro },
        });
      }
    }
    expect((await book.all("2016-08")).rows.some(({ carriedInMicro }) => carriedInMicro !== 0)).toBe(true);
  });

  it("is empty before settlement has a journal", async () => {
    const { terms } = openResultFolder(folders[0] ?? "");
    const book = createStatementBook({ terms, file: "none", isThere: () => false, statementSecret: "s" });
    expect(await book.all("2016-08")).toEqual({ rows: [], isComplete: false });
  });
});
