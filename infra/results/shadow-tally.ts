/** One mechanism's shadow, summed over a run: rows of shadow.csv and its part of summary.json. */
import { fairness } from "../../market/rules/fairness.js";
import type { ShadowOutcome } from "../../market/rules/shadow-settlement.js";
import { averagePrice } from "../../market/rules/value.js";
import type { ShadowFigures } from "../../shared/shadow-figures.js";
import { isoUtc } from "../../shared/time.js";
import type { Row } from "./csv-file.js";
import { kwhText, majorText, majorTextOrEmpty } from "./decimal-text.js";

export const shadowHeader = "period,mechanism,pricePerKwh,volumeKwh,trades,welfare,cost,savings,gini,jain";

export interface Tally {
  volumeWh: number;
  trades: number;
  /** Sum of energy x price: Wh x millionths per kWh. */
  turnover: bigint;
  welfareBillionths: bigint;
  /** By participant: positive = received. */
  readonly totals: Map<string, number>;
  readonly alone: Map<string, number>;
}

export function createTally(): Tally {
  return { volumeWh: 0, trades: 0, turnover: 0n, welfareBillionths: 0n, totals: new Map(), alone: new Map() };
}

export function addToTally(tally: Tally, outcome: ShadowOutcome, alone: ShadowOutcome): void {
  const { volumeWh, priceMicroPerKwh } = outcome;
  tally.volumeWh += volumeWh;
  tally.trades += outcome.trades;
  tally.turnover += BigInt(volumeWh) * BigInt(priceMicroPerKwh ?? 0);
  tally.welfareBillionths += outcome.welfareBillionths;
  for (const [participant, total] of outcome.totals) add(tally.totals, participant, total);
  for (const [participant, total] of alone.totals) add(tally.alone, participant, total);
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

export function shadowRow(periodMs: number, name: string, outcome: ShadowOutcome, alone: ShadowOutcome): Row {
  const { cost, savings, gini, jain } = moneyOf(outcome.totals, alone.totals);
  return [
    isoUtc(periodMs),
    name,
    majorTextOrEmpty(outcome.priceMicroPerKwh),
    kwhText(outcome.volumeWh),
    String(outcome.trades),
    majorText(millionths(outcome.welfareBillionths)),
    majorText(cost),
    majorText(savings),
    gini === null ? "" : String(gini),
    jain === null ? "" : String(jain),
  ];
}

export interface ShadowSummary extends ShadowFigures {
  /** Each participant's bill over the run: positive = received. */
  readonly bills: Readonly<Record<string, number>>;
}

export function shadowSummary(
  named: Pick<ShadowSummary, "mechanism" | "effective" | "failed">,
  tally: Tally,
): ShadowSummary {
  const { cost, savings, gini, jain } = moneyOf(tally.totals, tally.alone);
  const price = averagePrice(tally.turnover, tally.volumeWh);
  return {
    ...named,
    meanPricePerKwh: price === null ? null : major(price),
    volumeKwh: Number(kwhText(tally.volumeWh)),
    trades: tally.trades,
    welfare: major(millionths(tally.welfareBillionths)),
    ...{ cost: major(cost), savings: major(savings), gini, jain },
    bills: Object.fromEntries(
      [...tally.totals].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, total]) => [id, major(total)]),
    ),
  };
}

function moneyOf(totals: ReadonlyMap<string, number>, alone: ReadonlyMap<string, number>) {
  let cost = 0;
  const gains: number[] = [];
  for (const [participant, total] of totals) {
    cost -= total;
    gains.push(total - (alone.get(participant) ?? 0));
  }
  const { gini, jain } = fairness(gains);
  return { cost, savings: gains.reduce((sum, gain) => sum + gain, 0), gini: rounded(gini), jain: rounded(jain) };
}

/** Rounded down. */
function millionths(billionths: bigint): number {
  const truncated = billionths / 1000n;
  return Number(billionths % 1000n < 0n ? truncated - 1n : truncated);
}

const major = (value: number): number => Number(majorText(value));

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6 + 0;
}
