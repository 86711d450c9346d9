/** A market that has no end does not fill the disk with what went wrong on purpose. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultFileIn } from "../../../infra/chaos/fault-file.js";
import { faultsHeader } from "../../../infra/chaos/fault-record.js";

let folder = "";
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "elecbay-faults-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (mostBytes?: number) =>
  faultFileIn({ folder, say: (message) => said.push(message), ...(mostBytes === undefined ? {} : { mostBytes }) });
const fault = (seq: number) => ({ seq, atMs: 0, fault: "drop", whom: "h1", detail: "sent, orders" });
const rowsIn = (name: string): string[] => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");

describe("the list of faults in a state folder", () => {
  it("goes on where it was left, under one header", () => {
    open()(fault(1));
    open()(fault(2));
    const row = (seq: number): string => `${seq},1970-01-01T00:00:00Z,drop,h1,"sent, orders"`;
    expect(rowsIn("faults.csv")).toEqual([faultsHeader, row(1), row(2)]);
    expect(said).toEqual([]);
  });

  it("keeps two files of bounded size, with the newest rows and no gap between them, and says so", () => {
    const most = 1000;
    const add = open(most);
    for (let seq = 1; seq <= 200; seq += 1) add(fault(seq));
    expect(readdirSync(folder).sort()).toEqual(["faults-older.csv", "faults.csv"]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(most);
    const [headed, ...older] = rowsIn("faults-older.csv");
    const kept = [...older, ...rowsIn("faults.csv").slice(1)].map((row) => Number(row.split(",")[0]));
    expect(headed).toBe(faultsHeader);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, place) => 200 - kept.length + 1 + place));
    expect(said[0]).toMatch(/faults\.csv.*begun anew.*faults-older\.csv/);
  });
});
