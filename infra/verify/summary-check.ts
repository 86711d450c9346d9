/** summary.json against what was counted and recomputed from the other files. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isoUtc, minuteMs } from "../../shared/time.js";
import { kwhText, majorText } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import type { Counted } from "../results/summary.js";
import type { ResultTerms } from "../results/terms-file.js";

/** What the results counted, as far as the files tell it, with whose terms and which key figures came out. */
export interface RecomputedSummary extends Omit<Counted, "periods" | "periodMinutes" | "rejected" | "shadow"> {
  readonly terms: ResultTerms;
  readonly kpis: object;
}

/** Of a file that nothing is made again from, such as shadow.csv. */
function digestOf(folder: string, name: string): string {
  const file = join(folder, basename(name));
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    const told = { expected: "a file", found: "none", meaning: "a file of the results is missing" };
    throw new Difference({ file }, told);
  }
}

type Json = Readonly<Record<string, unknown>>;

export function readSummary(folder: string): Json {
  const file = join(folder, "summary.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Json;
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const meaning = "a run that ended has a summary; one that was broken off has none";
    throw new Difference({ file }, { expected: "a JSON object", found, meaning });
  }
}

/** @returns the number of figures compared. @throws Difference at the first that differs. */
export function checkSummary(folder: string, recomputed: RecomputedSummary): number {
  const file = join(folder, "summary.json");
  const summary = readSummary(folder);
  let compared = 0;
  const compare = (column: string, expected: unknown, found: unknown, meaning: string): void => {
    compared += 1;
    if (JSON.stringify(expected) === JSON.stringify(found)) return;
    const told = { expected: JSON.stringify(expected), found: String(JSON.stringify(found)), meaning };
    throw new Difference({ file, column }, told);
  };
  const { terms, firstPeriodMs, billedPeriods, files } = recomputed;
  const { calendar, bidding, seed, currency } = terms.market;
  const toMs = firstPeriodMs + billedPeriods * calendar.periodMinutes * minuteMs;
  const plain = {
    ...{ scenario: terms.scenario, seed, currency, mechanism: bidding.mechanism },
    ...{ periodMinutes: calendar.periodMinutes, billedPeriods, from: isoUtc(firstPeriodMs), to: isoUtc(toMs) },
    moneySum: Number(majorText(recomputed.moneySumMicro)),
    energyImbalanceWh: recomputed.energyImbalanceWh,
    imbalanceKwh: Number(kwhText(recomputed.imbalanceWh)),
  };
  for (const [key, value] of Object.entries(plain)) compare(key, value, summary[key], "the files give another value");
  const counts = (summary.counts ?? {}) as Json;
  compare("counts.orders", recomputed.orders, counts.orders, "orders.csv has another number of rows");
  compare("counts.trades", recomputed.trades, counts.trades, "trades.csv has another number of rows");
  if (summary.complete === true)
    compare("periods", billedPeriods, summary.periods, "a complete run has all its periods");
  const kpis = (summary.kpis ?? {}) as Json;
  for (const [key, value] of Object.entries(recomputed.kpis)) {
    compare(`kpis.${key}`, value, kpis[key], "the key figure comes out otherwise");
  }
  const told = (summary.files ?? {}) as Json;
  for (const [name, digest] of Object.entries(files)) {
    compare(`files.${name}`, digest, told[name], `${name} is not as the run wrote it`);
  }
  for (const [name, digest] of Object.entries(told)) {
    if (!Object.hasOwn(files, name))
      compare(`files.${name}`, digestOf(folder, name), digest, `${name} is not as the run wrote it`);
  }
  compare("hash", recomputed.hash, summary.hash, "the hash of ledger.csv and trades.csv is another one");
  return compared;
}
