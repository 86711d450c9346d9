/** Deposits and payouts on the month's statements. */
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, describe, expect, it } from "vitest";
import { statementCsv, statementJson } from "../../../infra/bills/data-pages.js";
import { htmlPage } from "../../../infra/bills/html-page.js";
import { newestStatement } from "../../../infra/bills/month-statement.js";
import { createStatementBook, type MonthsOfOne } from "../../../infra/bills/statement-book.js";
import { textPage } from "../../../infra/bills/text-page.js";
import { type BillEntry, type BillFact, billEntries } from "../../../infra/journal/bill-entries.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { participantAccount, transfer } from "../../../market/rules/ledger.js";
import { entryOf, type PaymentKind } from "../../../market/rules/payments.js";
import { isoUtc } from "../../../shared/time.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { terms as sample } from "../../market/managers/sample-terms.js";
import { commandEntry } from "../journal/command-entries.js";
import { journalFolder, removeFolders } from "../journal/journal-entries.js";

afterAll(removeFolders);

const terms = { scenario: "made up", market: { ...sample, timezone: "Pacific/Honolulu" }, statementKey: "a key" };
const of = (facts: readonly BillFact[], atMs: number): BillEntry => ({ n: 0, atMs, metered: undefined, facts });
let numbers = 0;

/** Of a period of that instant, sent a day later. */
function billed(participant: string, periodMs: number, totalMicro: number): BillEntry {
  numbers += 1;
  const line = { kind: "supply", energyWh: wh(-500), priceMicroPerKwh: microPerKwh(100_000) };
  const bill = {
    ...{ billId: `b${numbers}`, periodMs, participant, contractedWh: wh(0), meteredWh: wh(-500), previous: "" },
    ...{ lines: [{ ...line, amountMicro: micro(totalMicro) }] as never, totalMicro: micro(totalMicro), hash: "h" },
  };
  return of(
    [
      { type: "bill", bill },
      { type: "billed", periodMs },
    ],
    periodMs + 86_400_000,
  );
}

function paid(participant: string, kind: PaymentKind, paymentId: string, amountMicro: number, atMs: number): BillEntry {
  const draft = entryOf({ paymentId, participant, kind, amountMicro: micro(amountMicro), reference: null });
  return of([{ type: "entry", entry: { entry: 1, periodMs: 0, ...draft } }], atMs);
}

// The last of July's evening in Honolulu is August in UTC.
const evening = Date.UTC(2016, 7, 1, 9, 30);
const august = Date.UTC(2016, 7, 10);
const september = Date.UTC(2016, 8, 10);
const october = Date.UTC(2016, 9, 10);
const bills = [
  billed("ann", evening, -54_321),
  billed("ann", august, -1_000),
  billed("cat", august, -3_000),
  billed("ann", october, -2_000),
];
const payments = [
  paid("ann", "deposit", "bank-1", 20_000_000, evening),
  paid("ann", "deposit", "bank-2", 5_500_000, august),
  paid("ann", "payout", "bank-3", 2_250_001, august + 60_000),
  paid("ann", "deposit", "bank-4", 1_000_000, september),
  paid("bob", "deposit", "bank-5", 7_000_000, august),
  paid("cat", "payout", "bank-6", 400_000, october),
];

const bookOf = (entries: readonly BillEntry[]) =>
  createStatementBook({
    ...{ terms, file: "none", isThere: () => true, statementSecret: "s" },
    read: (_file, after) => [entries.map((entry, index) => ({ ...entry, n: index + 1 })).slice(after)],
  });
const withPayments = bookOf([...payments, ...bills]);
const withoutPayments = bookOf(bills);

async function monthsOf(participant: string): Promise<MonthsOfOne> {
  const found = await withPayments.one(participant);
  if (found === undefined) throw new Error(`${participant} has a statement`);
  return found;
}

describe("payments on a statement", () => {
  it("stand on the local month in which they were booked, in this order, with their sums", async () => {
    const { statements } = await monthsOf("ann");
    const told = statements.map(({ month, payments: ofMonth, paidInMicro, paidOutMicro }) => [
      ...[month, ofMonth.map(({ paymentId, day }) => `${paymentId} ${day}`), paidInMicro, paidOutMicro],
    ]);
    expect(told).toEqual([
      ["2016-07", ["bank-1 2016-07-31"], 20_000_000, 0],
      ["2016-08", ["bank-2 2016-08-09", "bank-3 2016-08-09"], 5_500_000, 2_250_001],
      ["2016-09", ["bank-4 2016-09-09"], 1_000_000, 0],
      ["2016-10", [], 0, 0],
    ]);
  });

  it("change neither what a month comes to nor what is carried over, also through a month without bills", async () => {
    const totals = (found: MonthsOfOne | undefined) =>
      (found?.statements ?? [])
        .filter(({ bills: ofMonth }) => ofMonth.length > 0)
        .map(({ exactMicro, carriedInMicro, payableMicro, carriedOutMicro }) => [
          ...[exactMicro, carriedInMicro, payableMicro, carriedOutMicro],
        ]);
    const found = await monthsOf("ann");
    expect(totals(found)).toEqual(totals(await withoutPayments.one("ann")));
    const empty = found.statements[2];
    expect(empty).toMatchObject({ month: "2016-09", bills: [], exactMicro: 0, payableMicro: 0 });
    expect(empty?.carriedOutMicro).toBe(empty?.carriedInMicro);
    expect(empty?.carriedInMicro).not.toBe(0);
  });

  it("make one for who was never billed; who has neither has none", async () => {
    const { statements } = await monthsOf("bob");
    expect(statements).toMatchObject([{ month: "2016-08", bills: [], payableMicro: 0, paidInMicro: 7_000_000 }]);
    expect(await withPayments.one("dan")).toBeUndefined();
  });

  it("do not make a month without bills the one that is shown where none is named", async () => {
    const months = (await monthsOf("ann")).statements;
    expect(newestStatement(months.slice(0, 3))?.month).toBe("2016-08");
    expect(newestStatement((await monthsOf("bob")).statements)?.month).toBe("2016-08");
    expect(newestStatement([])).toBeUndefined();
  });
});

describe("payments in the list of all", () => {
  it("are summed for each, also for who has no bill in the month, and carry on what was left", async () => {
    const rowsOf = async (month: string) =>
      (await withPayments.all(month)).rows.map((row) => [
        ...[row.participant, row.bills, row.paidInMicro, row.paidOutMicro, row.lastPaidAtMs],
      ]);
    expect(await rowsOf("2016-08")).toEqual([
      ["ann", 1, 5_500_000, 2_250_001, august + 60_000],
      ["bob", 0, 7_000_000, 0, august],
      ["cat", 1, 0, 0, undefined],
    ]);
    expect(await rowsOf("2016-10")).toEqual([
      ["ann", 1, 0, 0, undefined],
      ["cat", 0, 0, 400_000, october],
    ]);
    for (const month of ["2016-07", "2016-08", "2016-09", "2016-10"]) {
      for (const row of (await withPayments.all(month)).rows) {
        const own = (await monthsOf(row.participant)).statements.find((one) => one.month === month);
        const { exactMicro, carriedInMicro, payableMicro, carriedOutMicro } = own ?? {};
        expect(row).toMatchObject({ exactMicro, carriedInMicro, payableMicro, carriedOutMicro });
      }
    }
    expect(await rowsOf("2016-11")).toEqual([]);
  });
});

describe("payments on the pages", () => {
  it("are a short table with their sums, in the terminal and as HTML; without payments there is none", async () => {
    const [, month, , last] = (await monthsOf("ann")).statements;
    if (month === undefined || last === undefined) throw new Error("ann has four months");
    const text = textPage(month, false);
    expect(text.split("\n").slice(-6).join("\n")).toBe(
      [
        "Payments. Noted by the operator, booked in this month. They change neither what the month comes to nor what is carried over.",
        "booked            payment  paid in  paid out",
        "2016-08-09 14:00  bank-2      5.50",
        "2016-08-09 14:01  bank-3            2.250001",
        "sum                           5.50  2.250001",
        "",
      ].join("\n"),
    );
    const html = htmlPage(month, false);
    expect(html).toContain("<h2>Payments</h2>");
    expect(html).toContain('<tr class="sum"><td>sum</td><td></td><td>5.50</td><td>2.250001</td></tr>');
    expect([textPage(last, false), htmlPage(last, false)].join("\n")).not.toMatch(/payment/i);
  });

  it("stand alone where there are no bills: no day, no comparison", async () => {
    const [month] = (await monthsOf("bob")).statements;
    if (month === undefined) throw new Error("bob has a month");
    for (const page of [textPage(month, true), htmlPage(month, true)]) {
      expect(page).toContain("Nothing to pay or to receive");
      expect(page).toContain("No bill of this month has gone out.");
      expect(page).toContain("bank-5");
      expect(page).not.toMatch(/supplier alone|NaN|undefined|Infinity|bills, the last/);
    }
  });

  it("are rows of their own in CSV, with an empty amount, so that the amounts sum to the month's bills", async () => {
    const [, month] = (await monthsOf("ann")).statements;
    const rows: Record<string, string>[] = parse(statementCsv(month === undefined ? [] : [month]), { columns: true });
    expect(
      rows.map(({ kind, amount, paymentId, bookedAt, paid: sum }) => [kind, amount, paymentId, bookedAt, sum]),
    ).toEqual([
      ["supply", "-0.001", "", "", ""],
      ["deposit", "", "bank-2", isoUtc(august), "5.5"],
      ["payout", "", "bank-3", isoUtc(august + 60_000), "2.250001"],
    ]);
  });

  it("are told in the statement file with their month; a month without them is told as it always was", async () => {
    const { own, statements } = await monthsOf("ann");
    const { months } = JSON.parse(statementJson(own, statements, terms));
    expect(months[1]).toMatchObject({
      payments: [
        { paymentId: "bank-2", kind: "deposit", amount: 5.5, bookedAt: isoUtc(august), day: "2016-08-09" },
        { paymentId: "bank-3", kind: "payout", amount: 2.250001, bookedAt: isoUtc(august + 60_000), day: "2016-08-09" },
      ],
      ...{ paidIn: 5.5, paidOut: 2.250001 },
    });
    expect(Object.keys(months[3])).not.toEqual(expect.arrayContaining([expect.stringMatching(/^pa(yments|id)/)]));
  });
});

describe("settlement's journal", () => {
  it("gives entries of the bank alone, and of those only payments come on a statement", async () => {
    const file = join(journalFolder(), "settlement.sqlite");
    const journal = openJournal(file, { role: "settlement", programVersion: "1", durability: "normal" });
    const ann = participantAccount("ann");
    const drafts = [
      entryOf({ paymentId: "p1", participant: "ann", kind: "deposit", amountMicro: micro(5_000_000), reference: null }),
      transfer(ann, "supplier:grid", 1_000_000, "supply"),
      transfer("bank", ann, 9_000_000, "deposit"), // of before the run
      entryOf({ paymentId: "p2", participant: "ann", kind: "payout", amountMicro: micro(2_000_000), reference: null }),
    ];
    const facts = drafts.flatMap((draft, index): BillFact[] =>
      draft === undefined ? [] : [{ type: "entry", entry: { entry: index + 1, periodMs: 0, ...draft } }],
    );
    journal.append([{ ...commandEntry(1, "{}"), facts }], new Map());
    journal.close();
    const read = [...billEntries(file)].flat().flatMap((entry) => entry.facts);
    expect(read.map((fact) => (fact.type === "entry" ? fact.entry.reason : fact.type))).toEqual([
      ...["deposit p1", "deposit", "payout p2"],
    ]);
    const book = createStatementBook({ terms, file, isThere: () => true, statementSecret: "s" });
    expect((await book.all("2016-08")).rows).toMatchObject([
      { participant: "ann", bills: 0, paidInMicro: 5_000_000, paidOutMicro: 2_000_000 },
    ]);
  });
});
