/**
 * What a file of readings would change, row by row, before anything of it is sent: by the same rule as the exchange manager's
 * (rules/standing-reading.ts), on what its journal holds.
 */
import { correctionLimitMs, isInRun, timesOf } from "../../market/managers/calendar.js";
import type { Account } from "../../market/rules/account.js";
import { effectOf, whyAbsurd } from "../../market/rules/standing-reading.js";
import type { CalendarTerms } from "../../market/terms.js";
import { hourMs, isoUtc } from "../../shared/time.js";
import { type ReadingStore, readingKey, type StandingReading } from "../journal/reading-store.js";
import type { ReadingRow } from "./reading-rows.js";
import type { RowEffect } from "./row-effects.js";

export interface PlannedRow extends ReadingRow {
  readonly effect: RowEffect;
  /** What stands now. */
  readonly before: StandingReading | undefined;
  /** Why it is refused. */
  readonly reason: string | undefined;
}

export interface ImportPlanOptions {
  readonly calendar: CalendarTerms;
  readonly nowMs: number;
  readonly readings: Pick<ReadingStore, "standing">;
  readonly account: (id: string) => Pick<Account, "role" | "capacityW"> | undefined;
}

/** @throws JournalError */
export function planImport(rows: readonly ReadingRow[], options: ImportPlanOptions): PlannedRow[] {
  const standing = standingFor(rows, options);
  return rows.map((row) => {
    if (row.wanted === undefined) return refused(row, row.problem ?? "it is no reading");
    const { periodMs, reading } = row.wanted;
    const problem = whyNot(row.wanted, options);
    if (problem !== undefined) return refused(row, problem);
    const before = standing.get(readingKey(reading.participant, periodMs));
    const times = timesOf(periodMs, options.calendar);
    const isMetered = before?.isMetered ?? options.nowMs >= times.dueAtMs;
    const held = before === undefined ? undefined : ({ reading: before.reading, source: "meter" } as const);
    const effect = effectOf({ reading, source: "operator" }, held, isMetered);
    switch (effect) {
      case "first":
        return { ...row, effect: "new", before, reason: undefined };
      case "same":
        return { ...row, effect, before, reason: undefined };
      case "replaced":
        return { ...row, effect: "replaces", before, reason: undefined };
      case "corrected": {
        const ofEstimate = before?.reading.quality === "estimated" ? "replaces-estimate" : "corrects";
        const isBilled = options.nowMs >= times.billAtMs;
        return { ...row, effect: isBilled ? "corrects-billed" : ofEstimate, before, reason: undefined };
      }
      default:
        return refused(
          row,
          `${reading.participant} took no part when the readings were due at ${isoUtc(times.dueAtMs)}`,
        );
    }
  });
}

function whyNot(
  { periodMs, reading }: NonNullable<ReadingRow["wanted"]>,
  { calendar, nowMs, account }: ImportPlanOptions,
): string | undefined {
  const { participant } = reading;
  const known = account(participant);
  if (known === undefined) return `nobody is registered as ${participant}`;
  if (known.role !== "prosumer") return `${participant} is no prosumer and has no reading`;
  if (!isInRun(periodMs, calendar)) return `${isoUtc(periodMs)} is no delivery period of this market`;
  const { endMs } = timesOf(periodMs, calendar);
  if (nowMs < endMs) return `readings of ${isoUtc(periodMs)} are taken from ${isoUtc(endMs)}`;
  if (nowMs >= endMs + correctionLimitMs(calendar)) return `the correction limit of ${isoUtc(periodMs)} has passed`;
  return whyAbsurd(reading, known.capacityW, calendar.periodMinutes);
}

/** A correction that was accepted is told with the next tick: longer than the exchange manager is ever away. */
export const longestUntoldMs = 12 * hourMs;

function standingFor(rows: readonly ReadingRow[], { calendar, nowMs, readings }: ImportPlanOptions) {
  const periods = rows.flatMap(({ wanted }) =>
    wanted !== undefined && isInRun(wanted.periodMs, calendar) ? [wanted.periodMs] : [],
  );
  if (periods.length === 0) return new Map<string, StandingReading>();
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let sinceMs = nowMs - longestUntoldMs;
  for (const periodMs of periods) {
    firstMs = Math.min(firstMs, periodMs);
    lastMs = Math.max(lastMs, periodMs);
    const times = timesOf(periodMs, calendar);
    if (nowMs < times.dueAtMs) sinceMs = Math.min(sinceMs, times.endMs);
  }
  return readings.standing(firstMs, lastMs, sinceMs);
}

function refused(row: ReadingRow, reason: string): PlannedRow {
  return { ...row, effect: "refused", before: undefined, reason };
}
