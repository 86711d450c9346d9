/** Every delivery period that the market is busy with, in the order of time, with what it does now and what comes next. */
import type { MarketState } from "../../../../shared/messages/public.js";

export type Phase = "bidding" | "network-check" | "contracted" | "exchange" | "metering" | "settling";

export interface LivePeriod {
  /** ISO 8601 UTC: its name in messages. */
  readonly period: string;
  readonly startMs: number;
  readonly phase: Phase;
  /** When this phase ends, and when it began where that is known. */
  readonly untilMs: number | undefined;
  readonly sinceMs: number | undefined;
  readonly orderCount: number | undefined;
  readonly itemCount: number | undefined;
}

const nothing = { untilMs: undefined, sinceMs: undefined, orderCount: undefined, itemCount: undefined };

/** @param periodMinutes length of a period; those between the first and last that wait for their bills are listed one by one */
export function livePeriods(state: MarketState | undefined): LivePeriod[] {
  if (state === undefined) return [];
  const { bidding, closed, exchange, metering } = state;
  const of = (period: string, phase: Phase) => ({ period, startMs: Date.parse(period), phase, ...nothing });
  const all: LivePeriod[] = [
    ...metering.map(({ period, dueAt }) => ({ ...of(period, "metering"), untilMs: Date.parse(dueAt) })),
    ...(exchange === null ? [] : [{ ...of(exchange.period, "exchange"), untilMs: Date.parse(exchange.endsAt) }]),
    ...closed.map(({ period, stage }) => ({ ...of(period, stage), untilMs: Date.parse(period) })),
    ...bidding.map(({ period, opensAt, gateAt, orderCount, itemCount }) => ({
      ...of(period, "bidding"),
      ...{ untilMs: Date.parse(gateAt), sinceMs: Date.parse(opensAt), orderCount, itemCount },
    })),
  ];
  return all.sort((left, right) => left.startMs - right.startMs);
}

/** The period whose gate closes next; undefined where none is open. */
export function nextGate(periods: readonly LivePeriod[]): LivePeriod | undefined {
  return periods.find(({ phase }) => phase === "bidding");
}
