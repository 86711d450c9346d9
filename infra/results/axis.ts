/** Where the marks of an axis stand, and what is written at them. */
import { dayMs, hourMs, isoUtc, minuteMs } from "../../shared/time.js";

export interface Mark {
  readonly value: number;
  readonly label: string;
}

/** About `count` marks at 1, 2 or 5 times a power of ten that span `low` to `high`; the first and last lie outside or on them. */
export function valueMarks(low: number, high: number, count: number): Mark[] {
  const span = high > low ? high - low : Math.max(Math.abs(high), 1);
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, label: (value + 0).toFixed(decimals) };
  });
}

const timeSteps = [5, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * minuteMs);
const daySteps = [1, 2, 7, 14].map((days) => days * dayMs);

/** At most `count` marks on whole hours, days or months (UTC) from `fromMs` to `toMs`. */
export function timeMarks(fromMs: number, toMs: number, count: number): Mark[] {
  const step = [...timeSteps, ...daySteps].find((stepMs) => (toMs - fromMs) / stepMs <= count);
  return step === undefined ? monthMarks(fromMs, toMs, count) : evenMarks(fromMs, toMs, step);
}

function evenMarks(fromMs: number, toMs: number, stepMs: number): Mark[] {
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const number = Math.max(0, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: number }, (_, index) => {
    const value = first + index * stepMs;
    const text = isoUtc(value);
    // At midnight the date says more than 00:00.
    return { value, label: stepMs < dayMs && value % dayMs !== 0 ? text.slice(11, 16) : text.slice(5, 10) };
  });
}

function monthMarks(fromMs: number, toMs: number, count: number): Mark[] {
  const months: Mark[] = [];
  const from = new Date(fromMs);
  for (let month = from.getUTCMonth(); ; month += 1) {
    const value = Date.UTC(from.getUTCFullYear(), month, 1);
    if (value > toMs) break;
    if (value >= fromMs) months.push({ value, label: isoUtc(value).slice(0, 7) });
  }
  const each = Math.ceil(months.length / count);
  return months.filter((_, index) => index % each === 0);
}

/** Beyond this length the daily swing would only blacken the picture: whole days are drawn. */
const longestByHoursMs = 31 * dayMs;

/** How many periods one drawn point spans: 1 where at most `limit` are drawn so, else whole hours, or whole days. */
export function periodsPerPoint(periods: number, periodMinutes: number, limit: number): number {
  const lengthMs = periodMinutes * minuteMs;
  const isLong = periods * lengthMs > longestByHoursMs;
  if (periods <= limit && !isLong) return 1;
  const unit = (isLong ? dayMs : hourMs) / lengthMs;
  return unit * Math.ceil(periods / unit / limit);
}
