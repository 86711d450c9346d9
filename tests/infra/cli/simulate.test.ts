/** `elecbay simulate` as a user runs it: files, summary, interruption, company. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { headers } from "../../../infra/results/rows.js";
import { cleanUp, newFolder, type ProgramEnd, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 90_000 });
afterAll(cleanUp);

function simulation(folder: string, periods: number) {
  const options = ["--out", folder, "--periods", String(periods), "--bots-per-thread", "10"];
  return startProgram(["simulate", "scenarios/thesis-microgrid.yaml", ...options]);
}

const rowsOf = (folder: string, file: string): string[] =>
  readFileSync(join(folder, file), "utf8").trimEnd().split(/\r?\n/);
const summaryOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Record<string, unknown>;

function expectWholeRun({ code, stdout, stderr }: ProgramEnd, folder: string, periods: number): void {
  expect(code).toBe(0);
  expect(stderr).toMatch(/^([█░]{30} .* ticks\/s .* left\n)*$/); // without a terminal a line now and then
  const summary = summaryOf(folder);
  expect(summary).toMatchObject({ periods, billedPeriods: periods, complete: true, moneySum: 0, energyImbalanceWh: 0 });
  expect(summary).toMatchObject({ scenario: "thesis-microgrid", seed: 1, currency: "GBP", absences: [] });
  expect(stdout).toContain(String(summary.hash));
  expect(stdout).toContain(`results in ${folder}\n`);
  for (const [name, header] of Object.entries(headers))
    expect([name, rowsOf(folder, `${name}.csv`)[0]]).toEqual([name, header]);
  expect(rowsOf(folder, "periods.csv")).toHaveLength(1 + periods);
}

describe("two simulations at once", () => {
  it("both write every file to the end, and come to the same hash", async () => {
    const [left, right] = [newFolder(), newFolder()];
    const ends = await Promise.all([simulation(left, 4).ended, simulation(right, 4).ended]);
    expectWholeRun(ends[0], left, 4);
    expectWholeRun(ends[1], right, 4);
    expect(summaryOf(left).hash).toBe(summaryOf(right).hash);
  });
});

describe("a simulation ended by Ctrl-C", () => {
  it("writes the periods that are complete, says so, and ends with 130", async () => {
    const folder = newFolder();
    const program = simulation(folder, 2000);
    await program.line(/ [1-9]\d* of 2000 periods billed/);
    program.child.kill("SIGINT");
    const { code, stdout } = await program.ended;
    const { billedPeriods, complete, moneySum } = summaryOf(folder);
    expect({ code, complete, moneySum }).toEqual({ code: 130, complete: false, moneySum: 0 });
    expect(billedPeriods).toBeGreaterThan(0);
    expect(stdout).toContain(`stopped early: the ${String(billedPeriods)} periods that were billed are in ${folder}\n`);
    for (const [name, header] of Object.entries(headers)) expect(rowsOf(folder, `${name}.csv`)[0]).toBe(header);
    expect(rowsOf(folder, "periods.csv")).toHaveLength(1 + Number(billedPeriods));
  });

  it("ends well where it has hardly begun", async () => {
    const folder = newFolder();
    const program = simulation(folder, 48);
    await vi.waitUntil(() => existsSync(join(folder, "ledger.csv")), { timeout: 20_000, interval: 20 });
    program.child.kill("SIGINT");
    const { code, stdout } = await program.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/stopped early: the \d+ periods/);
  });
});
