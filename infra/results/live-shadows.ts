/**
 * Shadow clearing while a market runs: every billed period's book under other mechanisms, summed up and kept for whoever compares.
 *
 * A projection of the facts that this process tells: it begins with the first period whose gate it has seen, so anew with each start.
 * Bounded: so many periods' rows, and so many facts of periods that wait for their bills, the oldest period given up first.
 */
import type { Fact } from "../../market/facts.js";
import type { Journal } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ShadowRow, ShadowsTold } from "../../shared/shadow-figures.js";
import { isoUtc } from "../../shared/time.js";
import { InputError } from "../series/input-error.js";
import { isOfPeriod, type PeriodFact, periodOf } from "./books.js";
import { createShadow } from "./shadow.js";

export interface LiveShadows extends Journal {
  told(): ShadowsTold;
}

/** Two weeks of half hours. */
const mostPeriods = 672;
const mostFacts = 500_000;

export const noShadows: ShadowsTold = { since: null, periods: 0, mechanisms: [], rows: [] };

/** @throws InputError for a mechanism that knows its prices at the end of a month only. */
export function createLiveShadows(
  effective: string,
  mechanisms: readonly Mechanism[],
  terms: MarketTerms,
): LiveShadows {
  const monthly = mechanisms.find((each) => each.kind === "pool" && each.horizon === "month");
  if (monthly !== undefined) {
    const why = "its prices hold for a month: as a shadow it runs in elecbay simulate only";
    throw new InputError({ file: monthly.name }, why);
  }
  const shadow = createShadow(effective, mechanisms, terms);
  /** Periods whose gate was seen, with all that was told of them. */
  const waiting = new Map<number, PeriodFact[]>();
  const kept: ShadowRow[][] = [];
  let facts = 0;
  let since: number | null = null;
  let periods = 0;

  function take(fact: PeriodFact): void {
    const periodMs = periodOf(fact);
    if (fact.type === "book") waiting.set(periodMs, []);
    const known = waiting.get(periodMs);
    if (known === undefined) return;
    known.push(fact);
    facts += 1;
    while (facts > mostFacts) forget(Math.min(...waiting.keys()));
  }

  function forget(periodMs: number): void {
    facts -= waiting.get(periodMs)?.length ?? 0;
    waiting.delete(periodMs);
  }

  function sumUp(periodMs: number): void {
    const told = waiting.get(periodMs);
    if (told === undefined) return;
    forget(periodMs);
    const rows = shadow.add(periodMs, told);
    if (rows.length === 0) return;
    since ??= periodMs;
    periods += 1;
    kept.push(rows.map(rowOf));
    if (kept.length > mostPeriods) kept.shift();
  }

  return {
    record(fact: Fact) {
      if (fact.type === "billed") sumUp(fact.periodMs);
      else if (isOfPeriod(fact)) take(fact);
    },
    told: () => ({
      since: since === null ? null : isoUtc(since),
      periods,
      mechanisms: shadow.summary().map(({ bills: _bills, ...figures }) => figures),
      rows: kept.flat(),
    }),
  };
}

/** As shadow.csv has it. */
function rowOf(row: readonly string[]): ShadowRow {
  const [period = "", mechanism = "", price = "", volume, trades, welfare, cost, savings] = row;
  return {
    ...{ period, mechanism, pricePerKwh: price === "" ? null : Number(price), volumeKwh: Number(volume) },
    ...{ tradeCount: Number(trades), welfare: Number(welfare), cost: Number(cost), savings: Number(savings) },
  };
}
