/** Files of one's own become mechanisms, or a sentence says why not. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { loadMechanism } from "../../../infra/mechanisms/load-mechanism.js";
import { loadOwnMechanism } from "../../../infra/mechanisms/own-mechanism.js";
import { InputError } from "../../../infra/series/input-error.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { side } from "../../market/rules/auction-orders.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-own-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
let path = "";
beforeEach(() => {
  count += 1;
  path = join(folder, `mine${count}.ts`);
});

const book = [...side("buy", [[120, 1000]]), ...side("sell", [[80, 700]], 2)];
const terms = {
  ...{ k: 0.25, tie: "time" as const, minEnergyWh: wh(1) },
  ...{ priceFloorMicroPerKwh: microPerKwh(0), priceCapMicroPerKwh: microPerKwh(200) },
};
const trade = '{ buyOrder: "b1", sellOrder: "s1", energyWh: 700, priceMicroPerKwh: 100 }';

describe("a file of one's own", () => {
  it("may have types, and imports of its own and of Node", async () => {
    writeFileSync(
      join(folder, "middle.ts"),
      "export const middle = (a: number, b: number): number => Math.floor((a + b) / 2);",
    );
    const source = [
      'import { strict as assert } from "node:assert";',
      'import { middle } from "./middle.js";',
      "interface Order { readonly orderId: string; readonly energyWh: number; readonly priceMicroPerKwh: number }",
      "export function clear([bid, ask]: Order[], terms: { k: number }): unknown {",
      "  assert(bid !== undefined && ask !== undefined && terms.k === 0.25);",
      "  return [{ buyOrder: bid.orderId, sellOrder: ask.orderId, energyWh: 5, priceMicroPerKwh: middle(bid.priceMicroPerKwh, ask.priceMicroPerKwh) }];",
      "}",
    ];
    writeFileSync(path, source.join("\n"));
    const mechanism = await loadOwnMechanism(path);
    expect(mechanism).toMatchObject({ kind: "auction", name: `mine${count}`, clears: "gate" });
    expect(mechanism.clear(book, terms)).toMatchObject({ priceMicroPerKwh: 100, volumeWh: 5 });
  });

  it("is found from a scenario's folder, and may name itself", async () => {
    writeFileSync(path, `export const name = "fair-price"; export const clear = () => [${trade}];`);
    expect((await loadMechanism(`./mine${count}.ts`, folder)).name).toBe("fair-price");
  });

  it("cannot change the book", async () => {
    writeFileSync(
      path,
      "export const clear = (orders) => { for (const order of orders) order.energyWh = 0; return []; };",
    );
    const mechanism = await loadOwnMechanism(path);
    mechanism.clear(book, terms);
    expect(book.map(({ energyWh }) => energyWh)).toEqual([1000, 700]);
  });

  it("has its clearing checked", async () => {
    writeFileSync(path, `export const clear = () => [{ ...${trade}, energyWh: 701 }];`);
    const mechanism = await loadOwnMechanism(path);
    expect(() => mechanism.clear(book, terms)).toThrow(
      `the mechanism mine${count} made a clearing that cannot count: trade 1`,
    );
  });

  it("that throws is named", async () => {
    writeFileSync(path, 'export const clear = () => { throw new Error("no idea"); };');
    const mechanism = await loadOwnMechanism(path);
    expect(() => mechanism.clear(book, terms)).toThrow(
      `mine${count} made a clearing that cannot count: clear threw: no idea`,
    );
  });

  it.each([
    ["no clear", "export const match = () => [];", "clear: must be a function: export function clear(orders, terms)"],
    ["a clear that is no function", "export const clear = [];", "clear: must be a function"],
    [
      "the name of one of ours",
      'export const name = "vcg"; export const clear = () => [];',
      "name: is the name of a mechanism of ours",
    ],
    [
      "a name with spaces",
      'export const name = "My One"; export const clear = () => [];',
      "name: must be lower-case letters",
    ],
    ["an error in its text", "export const clear = () => [;\n", ':1: the file cannot be compiled: Unexpected ";"'],
    [
      "an import that is not there",
      'import { a } from "./gone.js";\nexport const clear = () => a;',
      ':1: the file cannot be compiled: Could not resolve "./gone.js"',
    ],
    ["an error at its start", 'throw new Error("not today");', "the file cannot be loaded: not today"],
  ])("is refused with %s", async (_what, source, complaint) => {
    writeFileSync(path, source);
    const refused = loadOwnMechanism(path);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(complaint);
    await expect(refused).rejects.toThrow(path);
  });

  it("must be there", async () => {
    await expect(loadMechanism("./gone.ts", folder)).rejects.toThrow("there is no such file");
    await expect(loadMechanism(".", folder)).rejects.toThrow(InputError);
    await expect(loadMechanism("vickrey", folder)).rejects.toThrow("choose one of listing, uniform");
  });
});
