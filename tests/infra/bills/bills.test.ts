import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statementCsv, statementJson } from "../../../infra/bills/data-pages.js";
import { htmlPage, indexPage } from "../../../infra/bills/html-page.js";
import { comparisonWords, lineWords } from "../../../infra/bills/line-words.js";
import { minorUnit, payableText } from "../../../infra/bills/money-text.js";
import { type MonthStatement, monthStatements } from "../../../infra/bills/month-statement.js";
import { type OwnBills, readBills } from "../../../infra/bills/read-bills.js";
import { textPage } from "../../../infra/bills/text-page.js";
import { wholeFromText } from "../../../infra/results/decimal-text.js";
import { Difference } from "../../../infra/results/difference.js";
import { InputError } from "../../../infra/series/input-error.js";
import { openResultFolder, type ResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyStatementFile } from "../../../infra/verify/verify-statement-file.js";
import type { BillLine, Trade } from "../../../market/facts.js";
import { valueOfEnergy } from "../../../market/rules/value.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { type MadeRun, madeRun } from "../verify/made-run.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function made(options: MadeRun): Promise<ResultFolder> {
  const folder = await madeRun(options);
  folders.push(folder);
  return openResultFolder(folder);
}

function statementsOf(folder: ResultFolder, participant: string): { own: OwnBills; months: MonthStatement[] } {
  const own = readBills(folder, participant).get(participant);
  if (own === undefined) throw new Error(`${participant} has no bills`);
  return { own, months: monthStatements(own, folder.terms) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

// The run begins at 02:00 UTC on 1 August, which in Honolulu is the afternoon of 31 July.
const overMonths = { periods: 100, timezone: "Pacific/Honolulu" };

let folder: ResultFolder;
beforeAll(async () => {
  folder = await made(overMonths);
});

describe("the way to a bill whose orders the DSO cut", () => {
  it("tells the cut with the order, and the trades that stand", async () => {
    const cut = await made({ periods: 30, cut: true });
    let cuts = 0;
    for (const { bills } of readBills(cut, undefined).values()) {
      for (const { bill, orders, trades } of bills) {
        // Who bids on both sides may meet itself: that nets to nothing.
        const sign = (trade: Trade): number =>
          Number(trade.seller === bill.participant) - Number(trade.buyer === bill.participant);
        const traded = sum(trades.map((trade) => sign(trade) * trade.energyWh));
        if (orders.length > 0) expect(traded).toBe(bill.contractedWh);
        cuts += orders.filter(({ why }) => why.startsWith("cut by the DSO")).length;
      }
    }
    expect(cuts).toBeGreaterThan(20);
  });
});

describe("statements of a run over the end of a local month", () => {
  it("are one for each month, hold each bill once, and carry the rest of one to the next", () => {
    const all = readBills(folder, undefined);
    expect([...all.keys()]).toEqual(["ann", "bob", "cat", "dan"]);
    for (const own of all.values()) {
      const months = monthStatements(own, folder.terms);
      expect(months.map(({ month }) => month)).toEqual(["2016-07", "2016-08"]);
      const [july, august] = months;
      expect(july?.carriedInMicro).toBe(0);
      expect(august?.carriedInMicro).toBe(july?.carriedOutMicro);
      expect(months.flatMap(({ bills }) => bills)).toEqual(own.bills);
      expect(sum(months.map(({ exactMicro }) => exactMicro))).toBe(sum(own.bills.map(({ bill }) => bill.totalMicro)));
    }
  });

  it("say the same by kind and by day as in all", () => {
    for (const own of readBills(folder, undefined).values()) {
      for (const { kinds, days, exactMicro, aloneMicro } of monthStatements(own, folder.terms)) {
        expect(sum(kinds.map(({ amountMicro }) => amountMicro))).toBe(exactMicro);
        expect(sum(days.map(({ amountMicro }) => amountMicro))).toBe(exactMicro);
        expect(sum(days.map((day) => day.aloneMicro))).toBe(aloneMicro);
      }
    }
  });

  it("leave July as it was told: a correction of July's that came in August stands on August's", () => {
    const late = [...readBills(folder, undefined).values()]
      .flatMap(({ bills }) => bills)
      .filter(({ isLate }) => isLate);
    const moved = late.filter(({ day, month }) => !day.startsWith(month));
    expect(moved.length).toBeGreaterThan(0);
    for (const { month, day } of moved) expect([month, day]).toEqual(["2016-08", "2016-07-31"]);
  });

  it("compare with the supplier alone, all readings at the tariff, corrections included", () => {
    const rowsOf = (name: string): Record<string, string>[] =>
      parse(readFileSync(join(folder.path, name), "utf8"), { columns: true });
    const tariffs = rowsOf("tariffs.csv").filter(({ participant }) => participant === "dan");
    const readings = new Map(
      rowsOf("meters.csv")
        .filter(({ participant }) => participant === "dan")
        .map((row) => [row.period ?? "", row]),
    );
    const wh = (text: string | undefined): number => wholeFromText(text ?? "", 3) ?? Number.NaN;
    const price = (text: string | undefined): number => wholeFromText(text ?? "", 6) ?? Number.NaN;
    const alone = [...readings].map(([period, row]) => {
      const tariff = tariffs.filter(({ from }) => (from ?? "") <= period).at(-1);
      const fedIn = valueOfEnergy(wh(row.exportKwh), price(tariff?.exportPerKwh));
      return fedIn - valueOfEnergy(wh(row.importKwh), price(tariff?.importPerKwh));
    });
    const { months } = statementsOf(folder, "dan");
    expect(sum(months.map(({ aloneMicro }) => aloneMicro))).toBe(sum(alone));
  });

  it("with the supplier alone bear the same fees and tax, but no service charge", async () => {
    const fees = { gridFeeMicroPerKwh: microPerKwh(30_000), vatMillionths: 50_000, serviceChargeMillionths: 20_000 };
    const plain = statementsOf(await made({ periods: 4, punctual: true }), "bob").months[0];
    const taxed = statementsOf(await made({ periods: 4, punctual: true, terms: fees }), "bob").months[0];
    const importWh = sum((plain?.days ?? []).map((day) => day.importWh));
    expect(importWh).toBeGreaterThan(0);
    expect(taxed?.aloneMicro).toBeLessThan(plain?.aloneMicro ?? 0);
    expect(taxed?.kinds.map(({ kind }) => kind)).toContain("grid-fee");
  });
});

describe("what the currency can pay", () => {
  it.each([
    ["GBP", 2, "12.35"],
    ["JPY", 0, "12"],
    ["BHD", 3, "12.346"],
  ])("%s has %i decimals", (currency, decimals, text) => {
    expect(minorUnit(currency).decimals).toBe(decimals);
    expect(payableText(-12_345_678, currency)).toBe(text);
  });

  it("is what a statement asks for: whole yen, the rest carried", async () => {
    const { months } = statementsOf(await made({ ...overMonths, periods: 60, currency: "JPY" }), "ann");
    for (const { payableMicro, carriedInMicro, exactMicro, carriedOutMicro } of months) {
      expect(payableMicro % 1_000_000).toBeCloseTo(0);
      expect(carriedInMicro + exactMicro).toBe(payableMicro + carriedOutMicro);
    }
  });
});

describe("the page", () => {
  it("says in words who pays, by kind and by day, and each period from order to total", () => {
    const { months } = statementsOf(folder, "bob");
    const text = textPage(months[1] as MonthStatement, true);
    expect(text).toMatch(/^Statement of bob, August 2016\n=+\n/);
    expect(text).toMatch(/^To (pay|receive): GBP \d+\.\d\d$/m);
    expect(text).toMatch(/^With your supplier alone you would have (paid|received) GBP/m);
    expect(text).toMatch(/^bought from neighbours +-\d+\.\d{3} +0\.\d{4} +-\d+\.\d{4}$/m);
    expect(text).toMatch(/^2016-08-01 +\d/m);
    const traded = text.split("\n\n").find((part) => part.includes("\n  trade "));
    expect(traded).toMatch(/^2016-08-\d\d \d\d:\d0 to \d\d:\d0, bill b\d+\n/);
    const lines = traded?.split("\n").slice(1) ?? [];
    const steps = lines.map((line) => line.trim().split(" ")[0]);
    expect([...new Set(steps)]).toEqual(["order", "trade", "contract", "metered", "line", "total"]);
  });

  it("as HTML is one file without script or outside address, with nothing unescaped", () => {
    const { months } = statementsOf(folder, "ann");
    const statement = { ...(months[1] as MonthStatement), scenario: "<b>homes</b> & co" };
    const html = htmlPage(statement, true);
    expect(html).not.toMatch(/<script|https?:|src=|@import|url\(/);
    expect(html).toContain("&lt;b&gt;homes&lt;/b&gt; &amp; co");
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain("@media print");
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    const count = (tag: string) => [html.split(`<${tag}`).length, html.split(`</${tag}>`).length];
    for (const tag of ["table", "tr", "svg", "text"]) expect(count(tag)[0]).toBe(count(tag)[1]);
    expect(indexPage("homes", [{ file: "ann-2016-08.html", statement }])).toContain('href="ann-2016-08.html"');
  });

  it("as CSV has a row for each line, which sum to the total", () => {
    const { months } = statementsOf(folder, "cat");
    const rows: Record<string, string>[] = parse(statementCsv(months), { columns: true });
    const micro = rows.map(({ amount }) => wholeFromText(amount ?? "", 6) ?? Number.NaN);
    expect(sum(micro)).toBe(sum(months.map(({ exactMicro }) => exactMicro)));
    expect(new Set(rows.map(({ correction }) => correction))).toEqual(new Set(["no", "yes"]));
  });
});

describe("a statement file that a neighbour checks", () => {
  type File = Parameters<typeof JSON.stringify>[0];
  const write = (
    change: (file: File) => void = () => {},
    months: readonly string[] = ["2016-07", "2016-08"],
  ): string => {
    const { own, months: all } = statementsOf(folder, "bob");
    const wanted = all.filter(({ month }) => months.includes(month));
    const file = JSON.parse(statementJson(own, wanted, folder.terms));
    change(file);
    const path = join(folder.path, "bob.json");
    writeFileSync(path, JSON.stringify(file));
    return path;
  };
  const nothingKept = { head: undefined, keyFile: undefined };
  const heads = () => readFileSync(join(folder.path, "heads.csv"), "utf8").trimEnd().split("\n").slice(1);

  it("leads to every head of the run, and names nobody else", () => {
    const path = write();
    expect(verifyStatementFile(path, nothingKept).at(-1)?.count).toBe(heads().length);
    for (const row of heads()) {
      expect(verifyStatementFile(path, { ...nothingKept, head: row.split(",")[1] }).at(-1)?.count).toBe(1);
    }
    expect(readFileSync(path, "utf8")).not.toMatch(/ann|cat|dan/);
  });

  it("of one month alone leads to the heads that state it", () => {
    expect(verifyStatementFile(write(undefined, ["2016-08"]), nothingKept).at(-1)?.count).toBeGreaterThan(0);
  });

  it.each<[string, (file: File) => void, string]>([
    ["an amount was changed", (file) => (file.bills[3].lines[0].amount += 0.01), "bills[3].total"],
    [
      "amount and total were changed",
      (file) => {
        file.bills[3].lines[0].amount += 0.01;
        file.bills[3].total = Math.round((file.bills[3].total + 0.01) * 1e6) / 1e6;
      },
      "bills[3].hash",
    ],
    ["a month asks for more", (file) => (file.months[0].payable -= 1), "months, 2016-07, payable"],
    ["a month carries less", (file) => (file.months[1].carriedIn += 0.001), "months, 2016-08, carriedIn"],
    ["the first month carries in", (file) => (file.months[0].carriedIn = 1e-7), "months, 2016-07, carriedIn"],
    ["a kind is told otherwise", (file) => (file.months[0].kinds[0].amount += 1), "months, 2016-07, kinds"],
    ["a day is told otherwise", (file) => (file.months[1].days[0].amount += 1), "months, 2016-08, days"],
    ["a month was left out", (file) => file.months.pop(), "months"],
    ["a bill was left out", (file) => file.bills.splice(5, 1), "bills[5].previous"],
    ["it is somebody else's", (file) => (file.participant = "ann"), "proofs, 2016-08-02"],
    ["the proof is another one", (file) => (file.proofs[0].proof[0].hash = "00"), "proofs, 2016-08-02"],
    ["the day is another one", (file) => (file.proofs[0].day = "2016-08-05"), "proofs, 2016-08-05"],
  ])("is refused where %s", (_what, change, column) => {
    const path = write(change);
    try {
      verifyStatementFile(path, nothingKept);
    } catch (error) {
      expect(error).toBeInstanceOf(Difference);
      expect((error as Difference).column).toBe(column);
      return;
    }
    throw new Error("nothing was found");
  });

  it("is refused against a head that the market told nobody in this file", () => {
    expect(() => verifyStatementFile(write(), { ...nothingKept, head: "ab".repeat(32) })).toThrow(Difference);
  });

  it("that is none is refused with a sentence", () => {
    expect(() => verifyStatementFile(join(folder.path, "summary.json"), nothingKept)).toThrow(InputError);
    expect(() => verifyStatementFile(join(folder.path, "bills.csv"), nothingKept)).toThrow(/is no JSON/);
  });
});

describe("the words of a statement", () => {
  const words = (line: Partial<BillLine>) => lineWords({ kind: "trade", energyWh: wh(0), ...line });

  it("tell apart what stands on a bill under one kind", () => {
    expect(words({ kind: "service-charge" })).not.toBe(words({ kind: "service-charge", name: "percent" }));
    expect(words({ kind: "grid-fee" })).not.toBe(words({ kind: "grid-fee", name: "local" }));
    expect(words({ kind: "imbalance", energyWh: wh(-1) })).toContain("short");
    expect(words({ kind: "balancing", energyWh: wh(1) })).toContain("long");
    expect(words({ energyWh: wh(-1), orderId: "o1" })).toBe("bought from neighbours");
  });

  it("do not call a pool neighbours, for part of its energy is the supplier's", () => {
    expect(words({ energyWh: wh(-1) })).toBe("bought from the pool");
  });

  it("say the same where less than half a penny lies between market and supplier", () => {
    const [month] = statementsOf(folder, "ann").months;
    if (month === undefined) throw new Error("ann has a month");
    expect(comparisonWords({ ...month, exactMicro: micro(4_999), aloneMicro: micro(0) })).toContain("it was the same");
    expect(comparisonWords({ ...month, exactMicro: micro(5_000), aloneMicro: micro(0) })).toContain("0.01 better");
  });

  it("sum deviations of either side apart, so that their average price is one that was asked", () => {
    for (const own of readBills(folder, undefined).values()) {
      const lines = own.bills.flatMap(({ bill }) => bill.lines).filter(({ kind }) => kind === "imbalance");
      const short = lines.filter(({ energyWh }) => energyWh < 0);
      const told = monthStatements(own, folder.terms).flatMap(({ kinds }) => kinds);
      const toldShort = told.filter(({ kind, energyWh }) => kind === "imbalance" && energyWh < 0);
      expect(sum(toldShort.map(({ energyWh }) => energyWh))).toBe(sum(short.map(({ energyWh }) => energyWh)));
    }
  });
});
