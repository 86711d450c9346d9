/**
 * The published curves, laid over delivery periods: solar forecast and typical consumption of a local day.
 *
 * A forecast begins at the present, so the one before it is kept: a period's reading is compared with what was last said of it.
 * Past the forecast's end the same hour of an earlier day stands in. A day's curve stands for other days, too, until they have one.
 */
import type { ConsumptionCurve, SolarForecast } from "../../shared/messages/public.js";
import { dayMs, instantFromIso, minuteMs } from "../../shared/time.js";
import { localMidnightMs } from "./local-day.js";

interface Curve {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly values: readonly number[];
}

export interface Trends {
  solar: Curve | undefined;
  solarBefore: Curve | undefined;
  curve: Curve | undefined;
}

export const noTrends = (): Trends => ({ solar: undefined, solarBefore: undefined, curve: undefined });

export function takeSolarForecast(trends: Trends, message: SolarForecast): void {
  const fromMs = instantFromIso(message.from) ?? 0;
  if (trends.solar !== undefined && trends.solar.fromMs !== fromMs) trends.solarBefore = trends.solar;
  trends.solar = { fromMs, stepMs: message.stepMinutes * minuteMs, values: message.ghiWm2 };
}

/** @throws RangeError for an unknown timezone. */
export function takeConsumptionCurve(trends: Trends, message: ConsumptionCurve, timezone: string): void {
  trends.curve = {
    fromMs: localMidnightMs(message.date, timezone),
    stepMs: message.stepMinutes * minuteMs,
    values: message.typicalKw,
  };
}

/** Wh that panels of `peakW` would give at the forecast irradiance without any loss; undefined where nothing was said. */
export function solarCurveWh(
  trends: Trends,
  peakW: number,
  periodMs: number,
  periodMinutes: number,
): number | undefined {
  const ghiWm2 = solarAt(trends.solar, periodMs) ?? solarAt(trends.solarBefore, periodMs);
  return ghiWm2 === undefined ? undefined : (ghiWm2 / 1000) * peakW * (periodMinutes / 60);
}

/** Wh of the typical home; undefined before a curve was heard. */
export function typicalWh(trends: Trends, periodMs: number, periodMinutes: number): number | undefined {
  const { curve } = trends;
  if (curve === undefined || curve.values.length === 0) return undefined;
  const length = curve.values.length;
  const index = Math.floor((periodMs - curve.fromMs) / curve.stepMs) % length;
  const typicalKw = curve.values[(index + length) % length] ?? 0;
  return typicalKw * 1000 * (periodMinutes / 60);
}

function solarAt(curve: Curve | undefined, periodMs: number): number | undefined {
  if (curve === undefined || periodMs < curve.fromMs) return undefined;
  const endMs = curve.fromMs + curve.values.length * curve.stepMs;
  const daysPast = periodMs < endMs ? 0 : Math.floor((periodMs - endMs) / dayMs) + 1;
  return curve.values[Math.floor((periodMs - daysPast * dayMs - curve.fromMs) / curve.stepMs)];
}
