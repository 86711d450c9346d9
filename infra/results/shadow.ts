/**
 * Shadow clearing: further mechanisms clear the book of every period without effect, beside the one that counts.
 *
 * Mechanical: bids and devices as they were, not re-optimised. What comes after a period's bill (a corrected reading) is not in it. Where one
 * price pair holds for a month, the mechanism is told at the end of the run. Columns and meanings: docs/results-format.md.
 */
import { DateTime } from "luxon";
import type { Mechanism, Pool } from "../../market/rules/mechanisms/mechanism.js";
import {
  aloneShadow,
  auctionShadow,
  poolShadow,
  type ShadowCase,
  type ShadowOutcome,
} from "../../market/rules/shadow-settlement.js";
import type { MarketTerms } from "../../market/terms.js";
import { isoUtc } from "../../shared/time.js";
import type { PeriodFact } from "./books.js";
import type { Row } from "./csv-file.js";
import { actualOutcome, caseOf } from "./shadow-case.js";
import { addToTally, createTally, type ShadowSummary, shadowRow, shadowSummary, type Tally } from "./shadow-tally.js";

export interface Shadow {
  /** A period that is billed, with all its facts. @returns rows of shadow.csv */
  add(periodMs: number, facts: readonly PeriodFact[]): Row[];
  /** What it has come to so far. */
  summary(): readonly ShadowSummary[];
  /** What only the whole run can tell. */
  finish(): { readonly rows: readonly Row[]; readonly summary: readonly ShadowSummary[] };
}

/** A mechanism and what it has come to so far. */
interface Entry {
  readonly name: string;
  /** Undefined for the one that counts: the market itself has run it. */
  readonly mechanism: Mechanism | undefined;
  readonly tally: Tally;
  /** Why it was given up: what it threw, and when. A shadow has no effect, so its faults have none either. */
  failed: string | null;
}

interface Waiting {
  readonly period: ShadowCase;
  readonly alone: ShadowOutcome;
}

/** @param effectiveName of the mechanism that counts */
export function createShadow(effectiveName: string, mechanisms: readonly Mechanism[], terms: MarketTerms): Shadow {
  const effective = entryOf(effectiveName, undefined);
  const shadows = mechanisms.map((mechanism) => entryOf(mechanism.name, mechanism));
  const hasMonthly = mechanisms.some(isMonthly);
  const waiting: Waiting[] = [];
  const summary = (): ShadowSummary[] =>
    [effective, ...shadows].map(({ name, tally, failed }, place) =>
      shadowSummary({ mechanism: name, effective: place === 0, failed }, tally),
    );
  return {
    add: (periodMs, facts) => {
      const period = caseOf(periodMs, facts, terms);
      if (period === undefined) return [];
      const alone = aloneShadow(period);
      if (hasMonthly) waiting.push({ period, alone });
      const rows = [told(effective, { period, alone }, actualOutcome(period, facts))];
      for (const entry of shadows) {
        const outcome = tried(entry, periodMs, () => outcomeOf(entry.mechanism, period, alone));
        if (outcome !== undefined) rows.push(told(entry, { period, alone }, outcome));
      }
      return rows;
    },
    summary,
    finish: () => ({
      rows: shadows.flatMap((entry) => monthlyRows(entry, byMonth(waiting, terms.timezone))),
      summary: summary(),
    }),
  };
}

function entryOf(name: string, mechanism: Mechanism | undefined): Entry {
  return { name, mechanism, tally: createTally(), failed: null };
}

/** Undefined from the period on in which it throws. */
function tried<T>(entry: Entry, periodMs: number, work: () => T): T | undefined {
  if (entry.failed !== null) return undefined;
  try {
    return work();
  } catch (error) {
    entry.failed = `${isoUtc(periodMs)}: ${error instanceof Error ? error.message : String(error)}`;
    return undefined;
  }
}

function told({ name, tally }: Entry, { period, alone }: Waiting, outcome: ShadowOutcome): Row {
  addToTally(tally, outcome, alone);
  return shadowRow(period.periodMs, name, outcome, alone);
}

/** Periods of each local calendar month, as far as they are in the run. */
function byMonth(waiting: readonly Waiting[], zone: string): (readonly Waiting[])[] {
  const months = new Map<string, Waiting[]>();
  for (const each of waiting) {
    const month = DateTime.fromMillis(each.period.periodMs, { zone }).toFormat("yyyy-MM");
    const known = months.get(month);
    if (known === undefined) months.set(month, [each]);
    else known.push(each);
  }
  return [...months.values()];
}

function monthlyRows(entry: Entry, months: readonly (readonly Waiting[])[]): Row[] {
  const { mechanism } = entry;
  if (mechanism === undefined || !isMonthly(mechanism)) return [];
  return months.flatMap((month) => monthRows(entry, mechanism, month));
}

function monthRows(entry: Entry, mechanism: Pool, waiting: readonly Waiting[]): Row[] {
  const [first] = waiting;
  const outcomes = tried(entry, first?.period.periodMs ?? 0, () =>
    poolShadow(
      mechanism,
      waiting.map(({ period }) => period),
    ),
  );
  if (outcomes === undefined) return [];
  return waiting.map((each, index) => told(entry, each, outcomes[index] ?? each.alone));
}

function isMonthly(mechanism: Mechanism): mechanism is Pool {
  return mechanism.kind === "pool" && mechanism.horizon === "month";
}

/** Undefined for what only the whole run can tell. */
function outcomeOf(
  mechanism: Mechanism | undefined,
  period: ShadowCase,
  alone: ShadowOutcome,
): ShadowOutcome | undefined {
  if (mechanism === undefined || isMonthly(mechanism)) return undefined;
  if (mechanism.kind === "auction") return auctionShadow(mechanism, period);
  return mechanism.kind === "none" ? alone : poolShadow(mechanism, [period])[0];
}
