/**
 * What the environment tells: solar output, its forecast, and the typical consumption of a local day; a tick ahead of use.
 *
 * At tick t it publishes what holds from tick t+1 on, and only what changed then. The forecast never sees the future (rule 9): it
 * says that each hour will be as on the latest day that is known; of a typical day that repeats, that is the day itself.
 * Irradiance in whole W/m2. Source: contract.md, elecbay.md 0 rule 9.
 */
import type * as z from "zod";
import type { ConsumptionCurve, SolarForecast, solarOutput } from "../../shared/messages/public.js";
import { dayMs, isoUtc, minuteMs, periodContaining } from "../../shared/time.js";
import type { EnvironmentSeries, EnvironmentSpecification, LocalDay } from "./specification.js";

const forecastPeriods = 48;
/** Local hour at which clocks change: near enough everywhere for a typical curve. */
const changeHour = 2;

export interface EnvironmentTick {
  readonly tsMs: number;
  readonly roundLengthMs: number;
  /** The first tick this publisher lives through: all is published. */
  readonly first: boolean;
}

export type EnvironmentMessage =
  | { readonly topic: "solar-output"; readonly message: z.infer<typeof solarOutput> }
  | { readonly topic: "solar-forecast"; readonly message: SolarForecast }
  | { readonly topic: "consumption-curve"; readonly message: ConsumptionCurve };

/** What to publish (retained, `public/<topic>`) at a tick; empty where nothing changes. */
export function environmentMessages(
  specification: EnvironmentSpecification,
  { tsMs, roundLengthMs, first }: EnvironmentTick,
): EnvironmentMessage[] {
  const { periodMinutes } = specification;
  const head = { v: 1, ts: isoUtc(tsMs) } as const;
  const usedMs = periodContaining(tsMs + roundLengthMs, periodMinutes);
  const messages: EnvironmentMessage[] = [];
  if (first || usedMs !== periodContaining(tsMs, periodMinutes)) {
    const ghiWm2 = irradiance(specification, usedMs);
    const temperatureC = temperature(specification, usedMs);
    messages.push({ topic: "solar-output", message: { ...head, ghiWm2, temperatureC, cloudOktas: null } });
    messages.push({ topic: "solar-forecast", message: { ...head, ...forecast(specification, usedMs, tsMs) } });
  }
  const day = dayOf(specification.days, tsMs + roundLengthMs);
  if (day !== undefined && (first || day.date !== dayOf(specification.days, tsMs)?.date)) {
    const typicalKw = curveOf(specification, day).map((powerKw) => Math.round(powerKw * 1000) / 1000);
    const { date } = day;
    messages.push({ topic: "consumption-curve", message: { ...head, date, stepMinutes: periodMinutes, typicalKw } });
  }
  return messages;
}

/** At `tsMs` for the periods from `fromMs` on: each as it was at the same time of the latest day that is known by then. */
function forecast(specification: EnvironmentSpecification, fromMs: number, tsMs: number) {
  const { periodMinutes } = specification;
  const ghiWm2: number[] = [];
  const temperatureC: (number | null)[] = [];
  for (let ahead = 0; ahead < forecastPeriods; ahead += 1) {
    const periodMs = fromMs + ahead * periodMinutes * minuteMs;
    const daysBack = Math.max(1, Math.ceil((periodMs + periodMinutes * minuteMs - tsMs) / dayMs));
    const knownMs = periodMs - daysBack * dayMs;
    ghiWm2.push(irradiance(specification, knownMs));
    temperatureC.push(temperature(specification, knownMs));
  }
  return { stepMinutes: periodMinutes, from: isoUtc(fromMs), ghiWm2, temperatureC };
}

function irradiance(specification: EnvironmentSpecification, periodMs: number): number {
  return Math.max(0, Math.round(valueAt(specification.solarOutputWm2, specification.periodMinutes, periodMs) ?? 0));
}

function temperature({ temperatureC, periodMinutes }: EnvironmentSpecification, periodMs: number): number | null {
  const celsius = temperatureC === null ? undefined : valueAt(temperatureC, periodMinutes, periodMs);
  return celsius === undefined ? null : Math.round(celsius * 10) / 10;
}

function valueAt(series: EnvironmentSeries, periodMinutes: number, periodMs: number): number | undefined {
  const length = series.values.length;
  const index = Math.floor((periodMs - series.fromMs) / (periodMinutes * minuteMs));
  return series.values[series.repeats && length > 0 ? ((index % length) + length) % length : index];
}

/** A local day and its length; days before and after those listed are 24 h long. */
function dayOf(days: readonly LocalDay[], instantMs: number): (LocalDay & { readonly endMs: number }) | undefined {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle]?.fromMs ?? Number.POSITIVE_INFINITY) <= instantMs) low = middle + 1;
    else high = middle;
  }
  const known = days[Math.max(0, low - 1)];
  if (known === undefined) return undefined;
  const next = days[low];
  if (low > 0 && next !== undefined) return { ...known, endMs: next.fromMs };
  const daysOn = Math.floor((instantMs - known.fromMs) / dayMs);
  const fromMs = known.fromMs + daysOn * dayMs;
  const date = isoUtc(Date.parse(`${known.date}T00:00:00Z`) + daysOn * dayMs).slice(0, 10);
  return { date, fromMs, endMs: fromMs + dayMs };
}

/** The clock-time curve over a day's real length: the hour left out at a clock change is left out, the one repeated is told twice. */
function curveOf({ typicalKw, periodMinutes }: EnvironmentSpecification, day: { fromMs: number; endMs: number }) {
  const perHour = 60 / periodMinutes;
  const extra = Math.round((day.endMs - day.fromMs - dayMs) / (periodMinutes * minuteMs));
  const change = changeHour * perHour;
  if (extra < 0) return [...typicalKw.slice(0, change), ...typicalKw.slice(change - extra)];
  return [...typicalKw.slice(0, change), ...typicalKw.slice(change - extra, change), ...typicalKw.slice(change)];
}
