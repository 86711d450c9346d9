/** `elecbay clear` and `elecbay check-mechanism` as a user starts them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { mechanismNames } from "../../../market/rules/mechanisms/mechanism.js";
import { cleanUp, newFolder, runProgram, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const header = "side,id,arrival,energyKwh,pricePerKwh";
/** The book of elecbay.md 3.6 in kWh and cents. */
const unitBook = [
  header,
  ...[10, 8, 6, 4].map((cents, index) => `buy,b${index + 1},${index + 1},1,${cents / 100}`),
  ...[1, 3, 5, 7].map((cents, index) => `sell,s${index + 1},${index + 5},1,${cents / 100}`),
].join("\n");
const tariffs = ["--retail", "0.1457", "--export", "0.0503"];

function file(name: string, content: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

interface Row {
  readonly mechanism: string;
  readonly [figure: string]: unknown;
}

async function clearedJson(...args: string[]): Promise<{ rows: Row[]; stderr: string }> {
  const { code, stdout, stderr } = await runProgram(["clear", ...args, "--json"]);
  expect(code, stderr).toBe(0);
  return { rows: JSON.parse(stdout) as Row[], stderr };
}

describe("clearing one book", () => {
  it("under all mechanisms gives the literature's figures, in their order, with exactly the published fields", async () => {
    const { rows, stderr } = await clearedJson(file("book.csv", unitBook), ...tariffs);
    expect(stderr).toBe("");
    expect(rows.map(({ mechanism }) => mechanism)).toEqual(mechanismNames);
    const fields =
      "mechanism price priceLow priceHigh buyerPrice sellerPrice volumeKwh trades welfare efficiency payments receipts remainder";
    for (const row of rows) expect(Object.keys(row)).toEqual(fields.split(" "));
    const row = (name: string) => rows.find(({ mechanism }) => mechanism === name);
    const full = { volumeKwh: 3, trades: 3, welfare: 0.15, efficiency: 1 };
    expect(row("uniform")).toMatchObject({
      ...full,
      price: 0.055,
      priceLow: 0.05,
      priceHigh: 0.06,
      payments: 0.165,
      remainder: 0,
    });
    expect(row("optimal")).toMatchObject({ ...full, remainder: 0 });
    expect(row("mcafee")).toMatchObject({ ...full, buyerPrice: 0.055, sellerPrice: 0.055, remainder: 0 });
    expect(row("vcg")).toMatchObject({ ...full, buyerPrice: 0.05, sellerPrice: 0.06, remainder: -0.03 });
    expect(row("mid-market-rate")).toMatchObject({
      volumeKwh: 4,
      buyerPrice: 0.098,
      sellerPrice: 0.098,
      efficiency: null,
    });
    expect(row("none")).toMatchObject({ volumeKwh: 0, trades: 0, buyerPrice: 0.1457, sellerPrice: 0.0503 });
  });

  it("leaves the pools out without tariffs, and says so", async () => {
    const { rows, stderr } = await clearedJson(file("book.csv", unitBook));
    const names = rows.map(({ mechanism }) => mechanism);
    expect(names).toEqual(mechanismNames.filter((name) => !/rate|ratio|bill/.test(name)));
    expect(stderr).toMatch(/left out mid-market-rate, supply-demand-ratio, bill-sharing: .*--retail and --export/);
  });

  it("tells people the same as a table, and lists the trades", async () => {
    const { stdout } = await runProgram(["clear", file("book.csv", unitBook), "--mechanism", "uniform", "--trades"]);
    expect(stdout).toMatch(
      /^mechanism +price \/kWh .*volume kWh.*remainder\nuniform +0\.055 in 0\.05 to 0\.06 .* 100\.0 % /,
    );
    expect(stdout).toMatch(/buy order +sell order.*\nb1 +s1 +b1 +s1 +1 +0\.055 +0\.055\n/);
    const { rows } = await clearedJson(file("book.csv", unitBook), "--mechanism", "uniform", "--trades");
    expect(rows[0]?.tradeList).toHaveLength(3);
  });

  it("prints what docs/mechanisms.md shows", async () => {
    const args = ["clear", "docs/example-book.csv", "--mechanism", "all", ...tariffs];
    const { stdout } = await runProgram(args);
    expect(readFileSync("docs/mechanisms.md", "utf8")).toContain(`$ elecbay ${args.join(" ")}\n${stdout}`);
  });

  it("takes several mechanisms, k and the tie rule", async () => {
    const tied = file("book.csv", [header, "buy,early,1,1,0.1", "buy,late,2,1,0.1", "sell,s,3,1,0.02"].join("\n"));
    const args = [
      tied,
      "--mechanism",
      "uniform",
      "--mechanism",
      "pay-as-bid,uniform",
      "--k",
      "0",
      "--tie",
      "time",
      "--trades",
    ];
    const { rows } = await clearedJson(...args);
    expect(rows.map(({ mechanism }) => mechanism)).toEqual(["uniform", "pay-as-bid"]);
    expect(rows[0]).toMatchObject({ price: 0.1, tradeList: [{ buyOrder: "early", energyKwh: 1 }] });
    expect(rows[1]).toMatchObject({ buyerPrice: 0.02 });
  });

  it("reads what spreadsheets write: BOM, CRLF, quotes, another order of columns, empty lines; a further column is named", async () => {
    const text =
      '\uFEFF"pricePerKwh",side,participant,id,arrival,energyKwh,note\r\n0.1,"buy",,b1,1,1.5,x\r\n0.05,sell,roof,s1,2,1.5,y\r\n\r\n\r\n';
    const { rows, stderr } = await clearedJson(file("book.csv", text), "--mechanism", "uniform", "--trades");
    expect(rows[0]).toMatchObject({ volumeKwh: 1.5, tradeList: [{ buyer: "b1", seller: "roof" }] });
    expect(stderr).toBe("note: ignored columns: note\n");
  });

  it("draws the merit order", async () => {
    const picture = join(newFolder(), "book.svg");
    await runProgram(["clear", file("book.csv", unitBook), ...tariffs, "--plot", picture]);
    const svg = readFileSync(picture, "utf8");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    for (const name of mechanismNames) expect(svg).toContain(name);
  });
});

describe("what has to be put right", () => {
  it("in a book is told with its place, exit 2", async () => {
    const path = file("book.csv", `${header}\nbid,b1,1,1,0.1\n`);
    const { code, stdout, stderr } = await runProgram(["clear", path, "--mechanism", "none"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(`error: ${path}:2: side: "bid" is no side; write buy or sell\n`);
  });

  it.each([
    [
      "a pool without tariffs",
      ["--mechanism", "mid-market-rate"],
      "mid-market-rate: a pool needs the tariffs; give --retail and --export",
    ],
    ["half a tariff", ["--retail", "0.1"], "give --retail and --export both"],
    ["export above retail", ["--retail", "0.1", "--export", "0.2"], "--export must not be above --retail"],
    [
      "a mechanism that is none",
      ["--mechanism", "auction"],
      "there is no mechanism of this name; choose one of listing, uniform",
    ],
    ["a file that is not there", ["--mechanism", "./no-such.ts"], "there is no such file"],
    ["a k above 1", ["--k", "1.5"], "it must be a number from 0 to 1"],
    ["a tie rule that is none", ["--tie", "chance"], "Allowed choices are pro-rata, time"],
  ])("in the options: %s", async (_what, args, complaint) => {
    const { code, stdout, stderr } = await runProgram(["clear", file("book.csv", unitBook), ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(complaint);
  });
});

describe("a mechanism of one's own", () => {
  const guide = readFileSync("docs/write-a-mechanism.md", "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";

  it("as in docs/write-a-mechanism.md clears a book beside ours", async () => {
    const mine = file("mine.ts", example);
    const { rows } = await clearedJson(file("book.csv", unitBook), "--mechanism", `uniform,${mine}`);
    expect(rows[1]).toMatchObject({ mechanism: "all-or-nothing", volumeKwh: 3, welfare: 0.15, remainder: 0 });
  });

  it("has the properties that the guide says, and the smallest counterexamples can be saved and cleared", async () => {
    const mine = file("mine.ts", example);
    const folder = join(newFolder(), "counterexamples");
    const { code, stdout } = await runProgram(["check-mechanism", mine, "--runs", "500", "--save", folder]);
    expect(code).toBe(0);
    const lacking = [...stdout.matchAll(/^no +([a-z-]+)/gm)].map((match) => match[1]);
    const said = /The example lacks (.*?)\. /.exec(guide)?.[1] ?? "";
    expect(lacking).toEqual([...said.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]));
    const saved = join(folder, "welfare.csv");
    const { rows } = await clearedJson(saved, "--mechanism", `optimal,${mine}`);
    expect(rows[1]?.efficiency).toBeLessThan(1);
    expect(rows[0]?.efficiency).toBe(1);
  });

  it("that breaks a limit is refused in a clearing, and only marked in the table", async () => {
    const source = `export const clear = (orders) => orders.flatMap((bid) => orders.filter((ask) => bid.side === "buy" && ask.side === "sell")
      .slice(0, 1).map((ask) => ({ buyOrder: bid.orderId, sellOrder: ask.orderId, energyWh: 1, priceMicroPerKwh: 9000000 }))).slice(0, 1);`;
    const mine = file("dear.js", source);
    const refused = await runProgram(["clear", file("book.csv", unitBook), "--mechanism", mine]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "the mechanism dear made a clearing that cannot count: trade 1 makes order b1 pay 9000000",
    );
    const marked = await runProgram(["check-mechanism", mine, "--runs", "100", "--require", "energy,limits"]);
    expect(marked.code).toBe(1);
    expect(marked.stdout).toMatch(/^no +limits /m);
    expect(marked.stdout).toMatch(/^yes +energy /m);
    expect(marked.stderr).toContain("dear lacks what is required: limits");
  });
});

it("a reader who turns away ends the program without a word", async () => {
  const { child, ended } = startProgram(["check-mechanism", "none", "--runs", "20"]);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 141, stderr: "" });
});
