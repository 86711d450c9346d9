/**
 * Time stamps as files write them: `2016-08-01T00:30` (seconds may follow) for an instant on some clock, `00:30` for a typical day.
 *
 * A local instant is held as milliseconds that read it as if it were UTC: what clock it was is said elsewhere.
 */
import { dayMs, minuteMs } from "../../shared/time.js";

const stampPattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?$/;

/** Local milliseconds of an ISO stamp without offset, or undefined: also for days and times that do not exist (2013-02-29). */
export function localFromIso(text: string): number | undefined {
  const parts = stampPattern.exec(text);
  if (parts === null) return undefined;
  const [, date, hour, minute, second = "00"] = parts;
  const iso = `${date}T${hour}:${minute}:${second}`;
  const localMs = Date.parse(`${iso}Z`);
  // The platform rolls 30 February over into March: only what prints back the same is a date.
  return Number.isNaN(localMs) || isoFromLocal(localMs) !== iso ? undefined : localMs;
}

/** `2016-08-01T00:30:00`. */
export function isoFromLocal(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 19);
}

/** Milliseconds since midnight of a clock time `HH:MM` (24:00 too), or undefined. */
export function clockTimeMs(text: string): number | undefined {
  const parts = /^(\d{2}):(\d{2})$/.exec(text);
  if (parts === null) return undefined;
  const timeMs = (Number(parts[1]) * 60 + Number(parts[2])) * minuteMs;
  return Number(parts[2]) < 60 && timeMs <= dayMs ? timeMs : undefined;
}
