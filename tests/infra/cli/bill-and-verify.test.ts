/** `elecbay bill` and `elecbay verify` as a user runs them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type MadeRun, madeRun } from "../verify/made-run.js";
import { cleanUp, newFolder, runProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000 });
const folders: string[] = [];
afterAll(() => {
  cleanUp();
  for (const made of folders) rmSync(made, { recursive: true });
});

async function run(options: MadeRun): Promise<string> {
  const made = await madeRun(options);
  folders.push(made);
  return made;
}

let folder = "";
let out = "";
beforeAll(async () => {
  folder = await run({ periods: 6 });
  out = newFolder();
});

describe("elecbay verify", () => {
  it("prints what was checked with counts, and ends with 0", async () => {
    const { code, stdout } = await runProgram(["verify", folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +6 {2}periods settled again\n/);
    expect(stdout).toMatch(/\nOK\n$/);
    const json = JSON.parse((await runProgram(["verify", folder, "--json"])).stdout);
    expect(json).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([{ what: "ledger entries", count: expect.any(Number) }]),
    });
  });

  it("ends with 1 at the first difference and tells file, line, what was expected and found, and what it means", async () => {
    const forged = await run({ periods: 2 });
    const file = join(forged, "bills.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace(/,(-?\d+\.\d+),,\n/, ",123.45,,\n"));
    const { code, stdout } = await runProgram(["verify", forged]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^DIFFERENCE in bills\.csv, line \d+, amount\nexpected +-?[\d.]+\nfound +123\.45\nmeaning +\w/,
    );
    const json = JSON.parse((await runProgram(["verify", forged, "--json"])).stdout);
    expect(json).toMatchObject({ ok: false, difference: { file: "bills.csv", column: "amount", found: "123.45" } });
  });

  it("ends with 2 where there are no results", async () => {
    const { code, stderr } = await runProgram(["verify", out]);
    expect(code).toBe(2);
    expect(stderr).toContain("holds no terms.json; name a folder that elecbay simulate wrote with --out");
  });
});

describe("elecbay bill", () => {
  it("writes a statement file that verify checks against a head that was kept, and against none other", async () => {
    const file = join(out, "bob.json");
    expect((await runProgram(["bill", folder, "--participant", "bob", "--json", "--out", file])).code).toBe(0);
    const head = readFileSync(join(folder, "heads.csv"), "utf8").trimEnd().split("\n").at(-1)?.split(",")[1] ?? "";
    expect(await runProgram(["verify", file, "--head", head])).toMatchObject({ code: 0 });
    expect(await runProgram(["verify", file, "--head", "ab".repeat(32)])).toMatchObject({ code: 1 });
  });

  it("checks the signature with the key that was kept, not with the file's own", async () => {
    const file = join(out, "cat.json");
    await runProgram(["bill", folder, "--participant", "cat", "--json", "--out", file]);
    const key = join(out, "key.pem");
    writeFileSync(key, JSON.parse(readFileSync(join(folder, "terms.json"), "utf8")).statementKey);
    expect(await runProgram(["verify", file, "--key", key])).toMatchObject({ code: 0 });
    const other = await run({ periods: 1 });
    writeFileSync(key, JSON.parse(readFileSync(join(other, "terms.json"), "utf8")).statementKey);
    const refused = await runProgram(["verify", file, "--key", key]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("the market did not sign this head");
  });

  it("writes everybody's page and an index", async () => {
    const pages = join(out, "pages");
    const { code, stdout } = await runProgram(["bill", folder, "--all", "--out", pages]);
    expect([code, stdout]).toEqual([0, `4 statements and index.html in ${pages}\n`]);
    const names = ["ann", "bob", "cat", "dan"].map((id) => `${id}-2016-08.html`);
    expect(readdirSync(pages).sort()).toEqual([...names, "index.html"]);
    for (const name of names) expect(readFileSync(join(pages, "index.html"), "utf8")).toContain(name);
  });

  it.each([
    [
      "a participant that there is none",
      ["--participant", "eve"],
      "nobody called eve was billed; there are: ann, bob, cat, dan",
    ],
    ["a month that there is none", ["--participant", "ann", "--month", "2016-09"], "there are: 2016-08"],
    ["nobody named", [], "name a participant with --participant, or take --all; there are: ann, bob, cat, dan"],
    ["all without a folder", ["--all"], "name a folder for them with --out"],
  ])("%s: exit 2 and what there is", async (_what, args, complaint) => {
    const { code, stdout, stderr } = await runProgram(["bill", folder, ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(complaint);
  });
});
