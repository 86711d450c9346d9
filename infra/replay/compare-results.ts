/** Results made anew from journals against those that stand beside the journals. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Summary } from "../results/summary.js";

export type ResultsCompared =
  | { readonly outcome: "none" }
  /** Of another number of periods, so that nothing can be said. */
  | { readonly outcome: "other periods"; readonly billedPeriods: number }
  | { readonly outcome: "same"; readonly otherFiles: readonly string[] }
  | { readonly outcome: "differs"; readonly hash: string; readonly where: string };

/** Shadows are projections with terms of their own: no journal knows of them. */
const notFromJournals: ReadonlySet<string> = new Set(["shadow.csv"]);

/** @param rebuilt summary of the results in `rebuiltFolder` */
export function compareWithResults(folder: string, rebuiltFolder: string, rebuilt: Summary): ResultsCompared {
  const file = join(folder, "summary.json");
  if (!existsSync(file)) return { outcome: "none" };
  const { hash, billedPeriods } = JSON.parse(readFileSync(file, "utf8")) as Pick<Summary, "hash" | "billedPeriods">;
  if (billedPeriods !== rebuilt.billedPeriods) return { outcome: "other periods", billedPeriods };
  const names = Object.keys(rebuilt.files).filter((name) => !notFromJournals.has(name));
  const otherFiles = names.filter((name) => digestOf(join(folder, name)) !== rebuilt.files[name]);
  const ofHash = otherFiles.find((name) => name === "trades.csv" || name === "ledger.csv");
  if (ofHash !== undefined) return { outcome: "differs", hash, where: firstOtherLine(folder, rebuiltFolder, ofHash) };
  if (hash !== rebuilt.hash)
    return { outcome: "differs", hash, where: "summary.json: its hash is not that of its files" };
  return { outcome: "same", otherFiles };
}

/** @returns as `trades.csv, line 7: expected …, found …` */
export function firstOtherLine(folder: string, rebuiltFolder: string, name: string): string {
  const found = linesOf(join(folder, name));
  const expected = linesOf(join(rebuiltFolder, name));
  const line = expected.findIndex((text, place) => text !== found[place]);
  const place = line === -1 ? expected.length : line;
  const shown = (text: string | undefined) => (text === undefined ? "nothing" : text);
  return `${name}, line ${place + 1}: expected ${shown(expected[place])}, found ${shown(found[place])}`;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
}

function digestOf(file: string): string | undefined {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : undefined;
}
