/** The price pairs of a pool, made again from all that has one pair: a period, or the local month of bill sharing. */
import { horizonOf } from "../../market/managers/calendar.js";
import { mechanismsWithoutSolver } from "../../market/rules/mechanisms/catalogue.js";
import type { Pool, PoolPeriod } from "../../market/rules/mechanisms/mechanism.js";
import { poolPeriod } from "../../market/rules/pool-settlement.js";
import type { SettlementInput } from "../../market/rules/settlement.js";
import { minuteMs } from "../../shared/time.js";
import { majorText, majorTextOrEmpty } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import type { ResultTerms } from "../results/terms-file.js";
import type { PeriodEntry } from "./period-table.js";

export interface PoolCheck {
  /** A period as it went into pricing. @throws Difference where the prices of its horizon, once that is complete, are others. */
  period(entry: PeriodEntry, input: SettlementInput): void;
}

/** The pool that a run was priced by; undefined where it was none. A mechanism of one's own is an auction. */
export function poolOf({ market }: ResultTerms): Pool | undefined {
  const known = Object.values(mechanismsWithoutSolver).find(({ name }) => name === market.bidding.mechanism);
  return known?.kind === "pool" ? known : undefined;
}

export function createPoolCheck(folder: string, terms: ResultTerms): PoolCheck {
  const pool = poolOf(terms);
  const { calendar } = terms.market;
  let waiting: { readonly entry: PeriodEntry; readonly pooled: PoolPeriod }[] = [];
  if (pool === undefined) return { period: ({ row, prices }) => refusePrices(folder, row.line, prices.pool) };
  return {
    period(entry, input) {
      waiting.push({ entry, pooled: poolPeriod(input) });
      if (entry.periodMs + calendar.periodMinutes * minuteMs < horizonOf(entry.periodMs, calendar).endMs) return;
      const prices = pool.prices(waiting.map(({ pooled }) => pooled));
      for (const { entry: told } of waiting) {
        compare(folder, told, "poolBuyPerKwh", prices.buyMicroPerKwh, told.prices.pool?.buyMicroPerKwh);
        compare(folder, told, "poolSellPerKwh", prices.sellMicroPerKwh, told.prices.pool?.sellMicroPerKwh);
      }
      waiting = [];
    },
  };
}

function compare(
  folder: string,
  { row }: PeriodEntry,
  column: string,
  expected: number,
  found: number | undefined,
): void {
  if (expected === found) return;
  const told = {
    expected: majorText(expected),
    found: majorTextOrEmpty(found),
    meaning: "the pool's rule gives another price",
  };
  throw new Difference({ file: `${folder}/periods.csv`, line: row.line, column }, told);
}

function refusePrices(folder: string, line: number, pool: PeriodEntry["prices"]["pool"]): void {
  if (pool === undefined) return;
  const told = { expected: "nothing", found: majorText(pool.buyMicroPerKwh), meaning: "this market is no pool" };
  throw new Difference({ file: `${folder}/periods.csv`, line, column: "poolBuyPerKwh" }, told);
}
