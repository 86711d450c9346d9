/** `elecbay replay` and `elecbay verify` of journals, as a user runs them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import { archiveOf, readNote } from "../../replay/recording.js";
import { cleanUp, newFolder, runProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const { comesTo } = readNote("auction-0.1.0");
let state = "";
let out = "";
beforeAll(() => {
  out = newFolder();
  state = join(newFolder(), "state");
  restoreBackup(archiveOf("auction-0.1.0"), state);
});

describe("elecbay replay", () => {
  it("prints what was worked of each journal, and the hash that comes out", async () => {
    const { code, stdout } = await runProgram(["replay", state]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bidding +\d+ +\d+ /m);
    expect(stdout).toContain(`${comesTo.billedPeriods} periods billed, hash ${comesTo.hash}`);
    expect(stdout).toContain("no results to compare with");
  });

  it("keeps the results, proves them the next time, and finds a forged one", async () => {
    expect((await runProgram(["replay", state, "--out", state])).code).toBe(0);
    const proved = await runProgram(["replay", state]);
    expect([proved.code, proved.stdout]).toEqual([0, expect.stringContaining("the same hash as the results")]);
    expect((await runProgram(["verify", state])).code).toBe(0);
    const file = join(state, "trades.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace(/,home1,/, ",home2,"));
    const forged = await runProgram(["replay", state, "--json"]);
    expect(forged.code).toBe(1);
    expect(JSON.parse(forged.stdout)).toMatchObject({
      results: { outcome: "differs", where: expect.stringMatching(/trades\.csv, line 2/) },
    });
  });

  it("compares with another mechanism, and keeps those results", async () => {
    const told = await runProgram([
      "replay",
      state,
      "--what-if",
      "mechanism=mid-market-rate",
      "--out",
      join(out, "pool"),
    ]);
    expect(told.stdout).toContain("what if mid-market-rate");
    expect(told.stdout).toContain("mechanical: bids as they were, not re-optimised");
    expect((await runProgram(["verify", join(out, "pool")])).code).toBe(0);
    const json = await runProgram(["replay", state, "--what-if", "mechanism=uniform,k=1", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      note: expect.stringMatching(/mechanical/),
      hashes: { asItWas: comesTo.hash },
    });
  });

  it("says in words what it cannot do", async () => {
    const nothing = await runProgram(["replay", out]);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("holds no journals")]);
    const noPeriod = await runProgram(["replay", state, "--until", "noon"]);
    expect([noPeriod.code, noPeriod.stderr]).toEqual([2, expect.stringContaining("2016-08-01T00:30:00Z")]);
    const noRule = await runProgram(["replay", state, "--what-if", "price=1"]);
    expect([noRule.code, noRule.stderr]).toEqual([2, expect.stringContaining("mechanism=")]);
    const noMechanism = await runProgram(["replay", state, "--what-if", "mechanism=dutch"]);
    expect([noMechanism.code, noMechanism.stderr]).toEqual([2, expect.stringContaining("no mechanism of this name")]);
  });
});
