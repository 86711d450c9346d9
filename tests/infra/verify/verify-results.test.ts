import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../infra/main/secrets.js";
import { Difference } from "../../../infra/results/difference.js";
import { runHash } from "../../../infra/results/results.js";
import { headers, type ResultFile } from "../../../infra/results/rows.js";
import { InputError } from "../../../infra/series/input-error.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import { billSharing } from "../../../market/rules/mechanisms/bill-sharing.js";
import { midMarketRate } from "../../../market/rules/mechanisms/mid-market-rate.js";
import { stream } from "../../../shared/random-stream.js";
import { microPerKwh } from "../../../shared/units.js";
import { type MadeRun, madeRun } from "./made-run.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function run(options: MadeRun): Promise<string> {
  const folder = await madeRun(options);
  folders.push(folder);
  return folder;
}

const verify = (folder: string) => verifyResults(openResultFolder(folder), () => {});

function differenceIn(folder: string): Difference {
  try {
    verify(folder);
  } catch (error) {
    if (error instanceof Difference) return error;
    throw error;
  }
  throw new Error("nothing was found");
}

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), "elecbay-forged-"));
  folders.push(copy);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

const textOf = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

/** Brings all digests up to date, as a careful forger would. */
function sealAgain(folder: string): void {
  const summary = JSON.parse(textOf(folder, "summary.json"));
  for (const name of Object.keys(summary.files)) summary.files[name] = sha256(textOf(folder, name));
  summary.hash = runHash(summary.files["ledger.csv"], summary.files["trades.csv"]);
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summary));
}

describe("a sound run", () => {
  it("with late and corrected readings, two suppliers and a price by the half hour is found sound", async () => {
    const folder = await run({ periods: 60 });
    const found = Object.fromEntries(verify(folder).map(({ what, count }) => [what, count]));
    expect(found).toMatchObject({ "periods settled again": 60, "participants with a chain": 4 });
    expect(found["day's heads with their signature"]).toBeGreaterThan(1);
    expect(textOf(folder, "bills.csv")).toContain(",correction,");
    expect(found["bills with their chain of hashes"]).toBeGreaterThan(240);
  });

  it("in which nothing is traded and all that is billed comes late is found sound", async () => {
    const folder = await run({ periods: 60, quiet: true });
    expect(textOf(folder, "bills.csv")).toContain(",correction,");
    expect(verify(folder)[0]).toEqual({ what: "periods settled again", count: 60 });
    const forged = copyOf(folder);
    const rows = textOf(forged, "ledger.csv");
    writeFileSync(join(forged, "ledger.csv"), `${rows}${rows.trimEnd().split("\n").at(-1)}\n`);
    sealAgain(forged);
    expect(differenceIn(forged).file).toContain("ledger.csv");
  });

  it("of a market, whose statements are salted with its secret, is found sound with it, and by its signatures alone without", async () => {
    const folder = await run({ periods: 60 });
    const terms = JSON.parse(textOf(folder, "terms.json"));
    writeFileSync(join(folder, "terms.json"), JSON.stringify({ ...terms, mode: "scaled" }));
    const verifyWith = (secret?: string) => verifyResults(openResultFolder(folder), () => {}, secret);
    expect(verifyWith(String(terms.market.seed))).toEqual(verifyWith());
    expect(() => verifyWith("another")).toThrow("is not that of the bills sent until then");
  });

  it("with fees, tax, deposits and single imbalance price is found sound", async () => {
    const fees = { serviceChargeMillionths: 20_000, gridFeeMicroPerKwh: microPerKwh(30_000), vatMillionths: 50_000 };
    const folder = await run({ periods: 6, terms: { ...fees, imbalancePrice: "single" }, depositMicro: 5_000_000 });
    expect(textOf(folder, "ledger.csv")).toContain(",deposit");
    expect(verify(folder).length).toBeGreaterThan(5);
  });

  it.each([midMarketRate, billSharing])(
    "of a pool ($name) with corrections before and after its price is found sound",
    async (pool) => {
      const folder = await run({ periods: 100, pool });
      expect(textOf(folder, "bills.csv")).toContain(",correction,");
      expect(verify(folder)[0]).toEqual({ what: "periods settled again", count: 100 });
    },
  );

  it.each(["promised", "full"] as const)(
    "with orders cut by the DSO is found sound, imbalance %s",
    async (imbalance) => {
      const folder = await run({ periods: 40, cut: true, terms: { imbalance } });
      const found = Object.fromEntries(verify(folder).map(({ what, count }) => [what, count]));
      expect(found["orders cut by the DSO"]).toBeGreaterThan(20);
      const { kpis, moneySum, energyImbalanceWh } = JSON.parse(textOf(folder, "summary.json"));
      expect({ moneySum, energyImbalanceWh }).toEqual({ moneySum: 0, energyImbalanceWh: 0 });
      expect(kpis.cutOrders).toBeGreaterThan(10);
      const cutKwh = textOf(folder, "cuts.csv")
        .split("\n")
        .slice(1, -1)
        .reduce((sum, line) => sum + Number(line.split(",")[4]), 0);
      expect(kpis.cutKwh).toBeCloseTo(cutKwh / 2, 6);
      const tradedKwh = textOf(folder, "trades.csv")
        .split("\n")
        .slice(1, -1)
        .reduce((sum, line) => sum + Number(line.split(",")[3]), 0);
      expect(kpis.cutShare).toBeCloseTo(cutKwh / 2 / tradedKwh, 6);
    },
  );

  it("stopped in the middle is found sound as far as it was billed", async () => {
    const folder = await run({ periods: 60, billedPeriods: 12 });
    expect(verify(folder)[0]).toEqual({ what: "periods settled again", count: 12 });
  });

  it("stopped before its first bill is found sound and empty", async () => {
    const folder = await run({ periods: 6, billedPeriods: 0 });
    expect(verify(folder)[0]).toEqual({ what: "periods settled again", count: 0 });
  });
});

describe("a clearing price that the auction's trades do not give", () => {
  it("is found, also where there should be none", async () => {
    const folder = await run({ periods: 6 });
    const lines = textOf(folder, "orders.csv").split("\n");
    for (const price of ["0.000001", ""]) {
      const line = (lines[1] ?? "").replace(/,[^,]*$/, `,${price}`);
      writeFileSync(join(folder, "orders.csv"), [lines[0], line, ...lines.slice(2)].join("\n"));
      expect(differenceIn(folder)).toMatchObject({ line: 2, column: "clearingPricePerKwh", found: price });
    }
  });
});

describe("one digit changed anywhere", () => {
  let sound = "";
  beforeAll(async () => {
    sound = await run({ periods: 56, depositMicro: 1_000_000, cut: true });
    expect(verify(sound)).not.toEqual([]);
  });

  /** Another digit in place of one drawn by chance. @returns the column of each digit changed */
  function mutate(folder: string, file: ResultFile, seed: number): string {
    const chance = stream(seed, file, "mutation");
    const lines = textOf(sound, `${file}.csv`).split("\n");
    for (;;) {
      const line = chance.integer(1, lines.length - 2);
      const text = lines[line] ?? "";
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const place = digits[chance.integer(0, digits.length - 1)];
      if (place === undefined) continue;
      const other = (Number(text[place]) + chance.integer(1, 9)) % 10;
      lines[line] = `${text.slice(0, place)}${other}${text.slice(place + 1)}`;
      writeFileSync(join(folder, `${file}.csv`), lines.join("\n"));
      const column =
        text
          .slice(0, place)
          .replaceAll(/"[^"]*"/g, "")
          .split(",").length - 1;
      return headers[file].split(",")[column] ?? "";
    }
  }

  const files = (Object.keys(headers) as ResultFile[]).filter((file) => file !== "positions"); // has no rows here

  it.each(files)("of %s.csv is found", (file) => {
    const folder = copyOf(sound);
    for (let seed = 1; seed <= 16; seed += 1) {
      mutate(folder, file, seed);
      expect(differenceIn(folder).file).toMatch(/\.(csv|json)$/);
    }
  });

  /** What nothing else depends on: of an order, where it did not decide what was traded; a price at which nothing was settled. */
  const toldOnly: Readonly<Partial<Record<ResultFile, readonly string[]>>> = {
    orders: ["energyKwh", "limitPricePerKwh", "why", "wouldTradeAtPerKwh", "rank", "orderId"],
    tariffs: ["importPerKwh", "exportPerKwh"],
    periods: ["systemBuyPerKwh", "systemSellPerKwh", "carbonGramPerKwh"], // the last: below what a figure in grams shows
  };

  it.each(files)("of %s.csv is found also where all digests were made again", (file) => {
    const folder = copyOf(sound);
    const unseen = new Set<string>();
    for (let seed = 101; seed <= 130; seed += 1) {
      const column = mutate(folder, file, seed);
      sealAgain(folder);
      try {
        verify(folder);
        unseen.add(column);
      } catch (error) {
        if (!(error instanceof Difference)) throw error;
      }
    }
    expect([...unseen].filter((column) => !toldOnly[file]?.includes(column))).toEqual([]);
  });
});

describe("a forger", () => {
  const forged = async (file: string, change: (text: string) => string): Promise<Difference> => {
    const folder = copyOf(await run({ periods: 6, punctual: true }));
    expect(verify(folder)).not.toEqual([]);
    const text = textOf(folder, file);
    const other = change(text);
    expect(other).not.toBe(text);
    writeFileSync(join(folder, file), other);
    sealAgain(folder);
    return differenceIn(folder);
  };
  const lastRow = (text: string) => text.trimEnd().split("\n").slice(0, -1).join("\n").concat("\n");

  it("who takes a ledger entry away is told which is missing", async () => {
    const found = await forged("ledger.csv", lastRow);
    expect(found.file).toBe("ledger.csv");
    expect(found.expected).toMatch(/^the row …,2016-/);
  });

  it("who takes a bill away, a trade, a reading or a head is found", async () => {
    expect((await forged("statements.csv", lastRow)).file).toBe("statements.csv");
    expect(["orders.csv", "trades.csv"]).toContain((await forged("trades.csv", lastRow)).file);
    expect((await forged("meters.csv", lastRow)).message).toContain("meters.csv");
    expect((await forged("periods.csv", lastRow)).message).toContain("periods.csv knows of no such billed period");
  });

  it("who adds a row is told that nothing asks for it", async () => {
    const found = await forged("bills.csv", (text) => `${text}${text.trimEnd().split("\n").at(-1)}\n`);
    expect(found).toMatchObject({ file: "bills.csv", expected: "no such row" });
  });

  it("who lowers a limit below the price of the trade is told whose limit it is", async () => {
    const found = await forged("orders.csv", (text) =>
      text.replace(/^(o\d+,[^,]*,\w+,buy,[^,]*,0\.\d+,)0\.\d+/m, "$10.01"),
    );
    expect(found.message).toMatch(/the limit of o\d+ is not kept/);
  });

  it("who changes what an innocent lost to the DSO's cuts is told what it comes to", async () => {
    const folder = copyOf(await run({ periods: 40, cut: true }));
    const text = textOf(folder, "contracts.csv");
    const row = text.split("\n").find((line) => /,-?0\.\d+$/.test(line)) ?? "";
    const lostKwh = row.split(",").at(-1) ?? "";
    expect(Number(lostKwh)).not.toBe(0);
    for (const found of ["0", `${Number(lostKwh) > 0 ? "-" : ""}${lostKwh.replace("-", "")}`]) {
      writeFileSync(join(folder, "contracts.csv"), text.replace(row, row.replace(/[^,]+$/, found)));
      sealAgain(folder);
      expect(differenceIn(folder)).toMatchObject({
        ...{ file: "contracts.csv", column: "lostKwh", expected: lostKwh, found },
      });
    }
  });

  it("who signs with another key is found", async () => {
    const found = await forged("terms.json", (text) => {
      const terms = JSON.parse(text);
      return JSON.stringify({ ...terms, statementKey: "no key" });
    });
    expect(found).toMatchObject({ file: "terms.json", column: "statementKey" });
  });

  it("who changes the terms finds that bills no longer follow from them", async () => {
    const found = await forged("terms.json", (text) =>
      text.replace('"serviceChargeMicroPerKwh": 1000', '"serviceChargeMicroPerKwh": 1001'),
    );
    expect(["ledger.csv", "bills.csv", "statements.csv"]).toContain(found.file);
  });

  it("who changes a pool's price and all that follows from it is told the rule's", async () => {
    const folder = copyOf(await run({ periods: 4, pool: midMarketRate, punctual: true }));
    const text = textOf(folder, "periods.csv");
    writeFileSync(join(folder, "periods.csv"), text.replace(/,(0\.\d+),(0\.\d+),(\d+)\n/, ",$1,0.060001,$3\n"));
    expect(differenceIn(folder)).toMatchObject({ file: "periods.csv", column: "poolSellPerKwh", found: "0.060001" });
  });

  it("who changes a key figure is told the right one", async () => {
    const found = await forged("summary.json", (text) =>
      text.replace(/"consumptionKwh": (\d)/, '"consumptionKwh": 9$1'),
    );
    expect(found).toMatchObject({ file: "summary.json", column: "kpis.consumptionKwh" });
  });
});

describe("what is no folder of results", () => {
  it.each([
    ["a folder that is not there", () => "/nowhere/at/all", "there is no such folder"],
    ["a file", () => "package.json", "is no folder"],
    ["a folder of other things", () => "docs", "holds no terms.json"],
  ])("%s is refused with a sentence", (_what, path, sentence) => {
    expect(() => openResultFolder(path())).toThrow(InputError);
    expect(() => openResultFolder(path())).toThrow(sentence);
  });

  it("as results without one of their files, the file is named", async () => {
    const folder = copyOf(await run({ periods: 2, punctual: true }));
    for (const name of readdirSync(folder).filter((file) => /\.csv$|summary/.test(file))) {
      const without = copyOf(folder);
      rmSync(join(without, name));
      expect(differenceIn(without).file).toBe(name);
    }
  });
});
