/**
 * What is asked of an inspection, and until when. What is retained on a broker is heard again with each connection: so the end stands in it
 * as an instant of wall time, whole seconds.
 */
import { instantFromIso, isoUtc } from "../../shared/time.js";

/** As on `manage/inspect`. */
export interface AskedInspection {
  readonly on: boolean;
  readonly actors?: readonly string[] | undefined;
  readonly forMinutes?: number | undefined;
  /** ISO 8601. */
  readonly until?: string | undefined;
}

const defaultMinutes = 60;
/** As long as a message may ask for. */
export const longestMinutes = 1440;
const minuteMs = 60_000;

/** The same with its end, where it has one. */
export function withEnd<A extends AskedInspection>(asked: A, wallNowMs: number): A {
  if (!asked.on || asked.until !== undefined) return asked;
  return { ...asked, until: isoUtc(Math.ceil((wallNowMs + wantedMs(asked)) / 1000) * 1000) };
}

/** How much longer it is to be shown; 0 or less: it is over. A day at most, whatever a clock elsewhere says. */
export function leftMs(asked: AskedInspection, wallNowMs: number): number {
  const untilMs = asked.until === undefined ? undefined : instantFromIso(asked.until);
  return untilMs === undefined ? wantedMs(asked) : Math.min(untilMs - wallNowMs, longestMinutes * minuteMs);
}

function wantedMs({ forMinutes = defaultMinutes }: AskedInspection): number {
  return forMinutes * minuteMs;
}
