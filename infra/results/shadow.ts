/**
 * Shadow clearing: further mechanisms clear the book of every period without effect, beside the one that counts.
 *
 * Mechanical: bids and devices as they were, not re-optimised. What comes after a period's bill (a corrected reading) is not in it. Where one
 * price pair holds for a month, the mechanism is told at the end of the run. Columns and meanings: docs/results-format.md.
 */
import type { Mechanism, Pool } from "../../market/rules/mechanisms/mechanism.js";
import { aloneShadow, auctionShadow, poolShadow, type ShadowCase, type ShadowOutcome } from "../../market/rules/shadow-settlement.js";
import type { MarketTerms } from "../../market/terms.js";
import type { PeriodFact } from "./books.js";
import type { Row } from "./csv-file.js";
import { actualOutcome, caseOf } from "./shadow-case.js";
import { addToTally, createTally, type ShadowSummary, shadowRow, shadowSummary, type Tally } from "./shadow-tally.js";

export interface Shadow {
  /** A period that is billed, with all its facts. @returns rows of shadow.csv */
  add(periodMs: number, facts: readonly PeriodFact[]): Row[];
  /** What only the whole run can tell. */
  finish(): { readonly rows: readonly Row[]; readonly summary: readonly ShadowSummary[] };
}

/** @param effective name of the mechanism that counts */
export function createShadow(mechanisms: readonly Mechanism[], terms: MarketTerms): Shadow {
  const effective = terms.bidding.mechanism;
  const tallies = new Map<string, Tally>([effective, ...mechanisms.map(({ name }) => name)].map((name) => [name, createTally()]));
  const waiting: { readonly period: ShadowCase; readonly alone: ShadowOutcome }[] = [];
  const monthly = mechanisms.filter(isMonthly);

  const told = (name: string, period: ShadowCase, outcome: ShadowOutcome, alone: ShadowOutcome): Row => {
    const tally = tallies.get(name) ?? createTally();
    tallies.set(name, tally);
    addToTally(tally, outcome, alone);
    return shadowRow(period.periodMs, name, outcome, alone);
  };

  return {
    add: (periodMs, facts) => {
      const period = caseOf(periodMs, facts, terms);
      if (period === undefined) return [];
      const alone = aloneShadow(period);
      const actual = actualOutcome(period, facts);
      const rows = [told(effective, period, actual, alone)];
      for (const mechanism of mechanisms) {
        const outcome = outcomeOf(mechanism, period, alone);
        if (outcome !== undefined) rows.push(told(mechanism.name, period, outcome, alone));
      }
      if (monthly.length > 0) waiting.push({ period, alone });
      return rows;
    },
    finish: () => {
      const rows = monthly.flatMap((pool) => {
        const outcomes = poolShadow(pool, waiting.map(({ period }) => period));
        return waiting.map(({ period, alone }, index) => told(pool.name, period, outcomes[index] ?? alone, alone));
      });
      const summary = [...tallies].map(([name, tally]) => shadowSummary(name, name === effective, tally));
      return { rows, summary };
    },
  };
}

function isMonthly(mechanism: Mechanism): mechanism is Pool {
  return mechanism.kind === "pool" && mechanism.horizon === "month";
}

/** Undefined for what only the whole run can tell. */
function outcomeOf(mechanism: Mechanism, period: ShadowCase, alone: ShadowOutcome): ShadowOutcome | undefined {
  if (mechanism.kind === "auction") return auctionShadow(mechanism, period);
  if (mechanism.kind === "none") return alone;
  return isMonthly(mechanism) ? undefined : poolShadow(mechanism, [period])[0];
}
