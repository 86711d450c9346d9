/** A book as a CSV file: what is wrong with one is told with its place. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bookText, readBook } from "../../../infra/series/book-file.js";
import { InputError } from "../../../infra/series/input-error.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-book-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = "side,id,arrival,energyKwh,pricePerKwh";

function file(lines: readonly string[]): string {
  const path = join(folder, "book.csv");
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

describe("a book's file", () => {
  it("is read as whole Wh and millionths, each order its own participant where none is named", () => {
    const path = file([`${header},participant`, "buy,b1,2.5,1.25,-0.1,", "SELL,s1,1,0.001,1e-6,roof"]);
    expect(readBook(path).orders).toEqual([
      { orderId: "b1", participant: "b1", side: "buy", arrival: 2.5, energyWh: 1250, priceMicroPerKwh: -100_000 },
      { orderId: "s1", participant: "roof", side: "sell", arrival: 1, energyWh: 1, priceMicroPerKwh: 1 },
    ]);
  });

  it("is the same after writing and reading", () => {
    const { orders } = readBook(file([header, "buy,b1,1,0.3,0.1", "sell,s1,2,1.1,0.000001"]));
    expect(readBook(file([bookText(orders).trimEnd()])).orders).toEqual(orders);
  });

  const row = "buy,b1,1,1,0.1";
  it.each([
    ["a bad side", [header, row, "bid,b2,1,1,0.1"], ':3: side: "bid" is no side; write buy or sell'],
    ["an id twice", [header, row, "sell,b1,2,1,0.1"], ":3: id: order b1 stands in line 2 already"],
    ["no id", [header, "buy,,1,1,0.1"], ":2: id: the order has no id"],
    ["no energy", [header, "buy,b1,1,0,0.1"], ':2: energyKwh: "0" is no energy above 0'],
    ["energy below 0", [header, "buy,b1,1,-1,0.1"], ':2: energyKwh: "-1" is no energy above 0'],
    ["energy finer than a Wh", [header, "buy,b1,1,0.0005,0.1"], ':2: energyKwh: "0.0005" is no energy'],
    ["energy that is no number", [header, "buy,b1,1,NaN,0.1"], ':2: energyKwh: "NaN" is no energy'],
    ["a price finer than a millionth", [header, "buy,b1,1,1,0.1234567"], ':2: pricePerKwh: "0.1234567" is no price'],
    ["an infinite price", [header, "buy,b1,1,1,Infinity"], ':2: pricePerKwh: "Infinity" is no price'],
    ["a price with a comma", [header, 'buy,b1,1,1,"0,1"'], ':2: pricePerKwh: "0,1" is no price'],
    ["a price beyond what can be subtracted", [header, "buy,b1,1,0.001,-9e9"], ':2: pricePerKwh: "-9e9" is too large'],
    ["no arrival", [header, "buy,b1,,1,0.1"], ':2: arrival: "" is no number'],
    ["an arrival that is no number", [header, "buy,b1,noon,1,0.1"], ':2: arrival: "noon" is no number'],
    ["a missing column", ["side,id,arrival,energyKwh", "buy,b1,1,1"], ":1: pricePerKwh: there is no such column"],
    ["a column twice", [`${header},id`, `${row},b1`], ":1: id: the column is named twice"],
    ["no rows", [header], ":2: there are no rows"],
    ["nothing at all", [""], ":1: the file is empty"],
    ["a row too short", [header, "buy,b1,1,1"], "is no CSV table"],
    ["more energy than can be counted", [header, "buy,b1,1,9e15,0.1"], ':2: energyKwh: "9e15" is no energy'],
    ["more money than can be counted", [header, "buy,b1,1,9e9,900"], "is too much money to count exactly"],
  ])("is refused for %s, with its place", (_what, lines, complaint) => {
    const path = file(lines);
    expect(() => readBook(path)).toThrow(InputError);
    expect(() => readBook(path)).toThrow(complaint);
  });
});
