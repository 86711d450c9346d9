/** Scenarios for tests: a small valid one, written beside the one-day profile that it reads. */
import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const column = "file: day.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day";

/** Lines of a scenario with one bot `home1`; line numbers count from 1. */
export const smallScenario = [
  "name: small", // 1
  "currency: GBP",
  "timezone: Europe/London",
  "start: 2017-02-20T09:00:00Z",
  "periods: 48", // 5
  "supplier: { retail: 0.15, export: 0.05 }",
  "environment:",
  `  typicalLoad: { ${column}, column: load_type1_kw, unit: kW }`,
  "calendar:",
  "  rounds: 3", // 10
  "bots:",
  "  - id: home1",
  `    load: { ${column}, column: load_type1_kw, unit: kW }`,
];

/** Writes a scenario beside `day.csv` (the thesis' profiles) and returns its path, which ends in `/test.yaml`. */
export function scenarioFile(lines: readonly string[], more: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-scenario-"));
  copyFileSync("scenarios/data/thesis-inputs.csv", join(folder, "day.csv"));
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  const path = join(folder, "test.yaml");
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** The small scenario with the line that begins with `start` (after blanks) replaced by `lines`. */
export function changed(start: string, ...lines: string[]): string[] {
  return smallScenario.flatMap((line) => (line.trimStart().startsWith(start) ? lines : [line]));
}
