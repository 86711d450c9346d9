/**
 * Metered periods of a pool on their way to a price: they wait until all that has one price pair is metered.
 *
 * That is one period, or all of the run's in a local calendar month (calendar.ts, `horizonOf`). Until then a corrected reading
 * takes the old one's place and nothing is booked; afterwards it is a correction at the prices that were told. A bill date
 * that comes before the last period is metered waits for it.
 */
import { minuteMs } from "../../../shared/time.js";
import type { Reading } from "../../facts.js";
import type { EntryDraft } from "../../rules/ledger.js";
import type { Pool } from "../../rules/mechanisms/mechanism.js";
import { settleHorizon } from "../../rules/pool-settlement.js";
import type { PeriodSettlement } from "../../rules/settlement.js";
import { horizonOf } from "../calendar.js";
import type { HorizonDesk, SettlementDesk, WaitingPeriod } from "./desk.js";

/** A period whose settlement is known, to be booked. */
export interface PricedPeriod extends WaitingPeriod {
  readonly settlement: PeriodSettlement;
}

export interface PricedHorizon {
  /** Earliest first; none while the horizon is not complete. */
  readonly periods: readonly PricedPeriod[];
  /** To be booked behind the last of them. */
  readonly remainder: readonly EntryDraft[];
  /** Whose bill date has passed. */
  readonly billsDue: readonly number[];
}

/** Adds a metered period to its horizon, and prices that once it is complete. */
export function takeIntoPool(desk: SettlementDesk, pool: Pool, metered: WaitingPeriod): PricedHorizon {
  const { periodMs, horizonEndMs } = metered.times;
  const { calendar } = desk.terms;
  const horizon: HorizonDesk = desk.horizons.get(horizonEndMs) ?? { waiting: new Map(), billsDue: new Set() };
  desk.horizons.set(horizonEndMs, horizon);
  horizon.waiting.set(periodMs, metered);
  const { startMs, endMs } = horizonOf(periodMs, calendar);
  if (horizon.waiting.size < (endMs - startMs) / (calendar.periodMinutes * minuteMs)) {
    return { periods: [], remainder: [], billsDue: [] };
  }
  desk.horizons.delete(horizonEndMs);
  const waiting = [...horizon.waiting.values()].sort((one, other) => one.times.periodMs - other.times.periodMs);
  const inputs = waiting.map(({ input }) => input);
  const { periods, remainder } = settleHorizon(pool, inputs);
  const priced = waiting.map((period, place): PricedPeriod => {
    const settled = periods[place];
    if (settled === undefined) throw new RangeError("a horizon's periods are settled one by one");
    return { ...period, ...settled };
  });
  return { periods: priced, remainder, billsDue: [...horizon.billsDue].sort((one, other) => one - other) };
}

/** The period where it waits for its price. */
export function waitingPeriod(desk: SettlementDesk, periodMs: number): WaitingPeriod | undefined {
  for (const { waiting } of desk.horizons.values()) {
    const period = waiting.get(periodMs);
    if (period !== undefined) return period;
  }
  return undefined;
}

/** Takes corrected readings of a period that is not priced yet. @returns false where there is no such period. */
export function correctWaiting(desk: SettlementDesk, periodMs: number, corrected: readonly Reading[]): boolean {
  const period = waitingPeriod(desk, periodMs);
  if (period === undefined) return false;
  const newest = new Map(corrected.map((reading) => [reading.participant, reading]));
  const readings = period.input.readings.map((reading) => newest.get(reading.participant) ?? reading);
  period.input = { ...period.input, readings };
  return true;
}

/** Keeps in mind that the bills of a period are due that has no price yet. @returns false where it has one. */
export function noteBillsDue(desk: SettlementDesk, periodMs: number): boolean {
  for (const { waiting, billsDue } of desk.horizons.values()) {
    if (!waiting.has(periodMs)) continue;
    billsDue.add(periodMs);
    return true;
  }
  return false;
}
