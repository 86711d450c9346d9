/**
 * Which clock the stamps of a file were written by, and the instants they name (elecbay.md 0, rule 11).
 *
 * - `utc`, `fixed +10:00`: no jumps.
 * - `zone Europe/London`: the wall clock. In spring the skipped hour is absent, in autumn the repeated hour comes twice, one pass after
 *   the other. Anything else cannot be told apart and is refused.
 * - `uniform`: rows of equal length without jumps, whatever the stamps claim; only the first stamp is read, in the scenario's timezone.
 */
import { IANAZone } from "luxon";
import { dayMs, minuteMs } from "../../shared/time.js";
import { InputError, type InputPlace } from "./input-error.js";
import { isoFromLocal } from "./local-stamp.js";

export type SeriesClock =
  | { readonly kind: "fixed"; readonly offsetMinutes: number }
  | { readonly kind: "zone"; readonly zone: IANAZone }
  | { readonly kind: "uniform" };

/** A stamp with the place it was read from. */
export interface LocalStamp {
  readonly line: number;
  readonly localMs: number;
}

/** The clock named by `text`, or undefined where it names none. */
export function clockFromText(text: string): SeriesClock | undefined {
  if (text === "utc") return { kind: "fixed", offsetMinutes: 0 };
  if (text === "uniform") return { kind: "uniform" };
  const fixed = /^fixed ([+-])(\d{2}):(\d{2})$/.exec(text);
  if (fixed !== null) {
    const offsetMinutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    if (offsetMinutes > 14 * 60 || Number(fixed[3]) >= 60) return undefined;
    return { kind: "fixed", offsetMinutes: fixed[1] === "-" ? -offsetMinutes : offsetMinutes };
  }
  const name = /^zone (\S+)$/.exec(text)?.[1];
  return name !== undefined && IANAZone.isValidZone(name) ? { kind: "zone", zone: IANAZone.create(name) } : undefined;
}

/**
 * Instants (UTC milliseconds) of consecutive stamps, strictly ascending.
 *
 * @param timezone the scenario's, in which a `uniform` clock reads its first stamp
 * @throws InputError for a stamp that comes twice, goes back, never was, or leaves the step of a uniform clock
 */
export function instantsOf(
  stamps: readonly LocalStamp[],
  clock: SeriesClock,
  stepMinutes: number,
  timezone: IANAZone,
  place: InputPlace,
): number[] {
  if (clock.kind === "uniform") return uniformInstants(stamps, stepMinutes, timezone, place);
  if (clock.kind === "zone") return zoneInstants(stamps, clock.zone, stepMinutes, place);
  let previous: LocalStamp | undefined;
  return stamps.map((stamp) => {
    if (previous !== undefined) ascending(previous, stamp, place);
    previous = stamp;
    return stamp.localMs - clock.offsetMinutes * minuteMs;
  });
}

/** The instants that a wall clock shows as `localMs`, ascending: none in the skipped hour, two in the repeated one. */
export function instantsShownAs(localMs: number, zone: IANAZone): number[] {
  const offsets = new Set([zone.offset(localMs + dayMs), zone.offset(localMs - dayMs)]);
  return [...offsets]
    .filter((minutes) => zone.offset(localMs - minutes * minuteMs) === minutes)
    .map((minutes) => localMs - minutes * minuteMs)
    .sort((a, b) => a - b);
}

function ascending(previous: LocalStamp, stamp: LocalStamp, place: InputPlace): void {
  if (stamp.localMs > previous.localMs) return;
  const at = { ...place, line: stamp.line };
  if (stamp.localMs === previous.localMs) {
    throw new InputError(
      at,
      `${isoFromLocal(stamp.localMs)} comes twice, first in line ${previous.line}; remove one row`,
    );
  }
  throw new InputError(
    at,
    `${isoFromLocal(stamp.localMs)} comes after ${isoFromLocal(previous.localMs)}; sort the rows by time`,
  );
}

function uniformInstants(
  stamps: readonly LocalStamp[],
  stepMinutes: number,
  timezone: IANAZone,
  place: InputPlace,
): number[] {
  const [first] = stamps;
  if (first === undefined) return [];
  const [start] = instantsShownAs(first.localMs, timezone);
  if (start === undefined) throw neverWas(first, timezone, place);
  return stamps.map((stamp, index) => {
    const expectedMs = first.localMs + index * stepMinutes * minuteMs;
    if (stamp.localMs !== expectedMs) {
      throw new InputError(
        { ...place, line: stamp.line },
        `${isoFromLocal(stamp.localMs)} does not follow the row before by ${stepMinutes} minutes (${isoFromLocal(expectedMs)}); ` +
          "on clock uniform every row does: add the row, or name the clock that jumps",
      );
    }
    return start + index * stepMinutes * minuteMs;
  });
}

function zoneInstants(stamps: readonly LocalStamp[], zone: IANAZone, stepMinutes: number, place: InputPlace): number[] {
  let previous: (LocalStamp & { instantMs: number; secondPassMs: number | undefined }) | undefined;
  return stamps.map((stamp) => {
    const shown = instantsShownAs(stamp.localMs, zone);
    const [earliest] = shown;
    if (earliest === undefined) throw neverWas(stamp, zone, place);
    const after = previous?.instantMs ?? Number.NEGATIVE_INFINITY;
    const instantMs = shown.find((candidate) => candidate > after);
    if (instantMs === undefined) {
      if (previous !== undefined) ascending(previous, stamp, place);
      throw new InputError(
        { ...place, line: stamp.line },
        `${isoFromLocal(stamp.localMs)} goes back in time and is no second pass of a repeated hour; sort the rows by time`,
      );
    }
    // The last row of the first pass is followed by the second pass; where that is left out, nobody knows which pass was kept.
    const skipped = previous?.secondPassMs !== undefined && instantMs > previous.secondPassMs;
    if (skipped && instantMs - after > stepMinutes * minuteMs) {
      throw new InputError(
        { ...place, line: stamp.line },
        `the hour that ${zone.name} repeats when its clock goes back comes once before ${isoFromLocal(stamp.localMs)}; ` +
          "it must come twice, or the clock is fixed, utc or uniform",
      );
    }
    const second = instantMs === earliest ? shown[1] : undefined;
    previous = { ...stamp, instantMs, secondPassMs: second };
    return instantMs;
  });
}

function neverWas(stamp: LocalStamp, zone: IANAZone, place: InputPlace): InputError {
  return new InputError(
    { ...place, line: stamp.line },
    `${isoFromLocal(stamp.localMs)} never was in ${zone.name}: its clock skipped that hour; remove the row, or the clock is fixed, utc or uniform`,
  );
}
