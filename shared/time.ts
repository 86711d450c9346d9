/**
 * Instants and delivery periods. Everything inside is UTC milliseconds since 1970; a period is named by its start.
 *
 * On topics a period is `20160801-0030`, in JSON `2016-08-01T00:30:00Z` (contract.md). Nothing here reads a clock.
 */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** ISO 8601 UTC without fractions: `2016-08-01T00:30:00Z`. Fractions of a second are cut off. */
export function isoUtc(instantMs: number): string {
  // Dates with years of four digits, by far most of all, are made from parts: the platform's own text takes five times as long.
  if (!(instantMs >= 0 && instantMs < firstLongYearMs)) return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
  const day = Math.floor(instantMs / dayMs);
  if (day !== lastDay.day) lastDay = { day, text: new Date(day * dayMs).toISOString().slice(0, 11) };
  const seconds = Math.floor((instantMs - day * dayMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${lastDay.text}${digits(hours)}:${digits(minutes - hours * 60)}:${digits(seconds - minutes * 60)}Z`;
}

/** The year 10000. */
const firstLongYearMs = 253_402_300_800_000;
/** Instants of one day come together: its text is made once. */
let lastDay = { day: Number.NaN, text: "" };

const digits = (number: number): string => (number < 10 ? `0${number}` : String(number));

const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Milliseconds of an ISO 8601 UTC instant without fractions, or undefined for anything else (2013-02-29 included). */
export function instantFromIso(text: string): number | undefined {
  if (!isoPattern.test(text)) return undefined;
  const instantMs = Date.parse(text);
  // The platform rolls 30 February over into March: only what prints back the same is a date.
  return Number.isNaN(instantMs) || isoUtc(instantMs) !== text ? undefined : instantMs;
}

/** A period's name as a topic level: `20160801-0030`. */
export function periodTopicLevel(startMs: number): string {
  const iso = isoUtc(startMs);
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 13)}${iso.slice(14, 16)}`;
}

/** Start of the period named by a topic level, or undefined. */
export function periodFromTopicLevel(level: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})$/.exec(level);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute] = parts;
  return instantFromIso(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}

/** Start of the period that contains `instantMs`, periods counted from midnight UTC. */
export function periodContaining(instantMs: number, periodMinutes: number): number {
  const lengthMs = periodMinutes * minuteMs;
  return Math.floor(instantMs / lengthMs) * lengthMs;
}
