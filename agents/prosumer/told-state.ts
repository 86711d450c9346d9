/**
 * What a bot says of itself on its retained status, for the operator: how it trades and how its battery stands. Nobody decides by it.
 *
 * Told when something of it has changed, so at most once a period: the battery moves when a period is lived.
 */
import { kwhFromWh } from "../../shared/decimal.js";
import type { Status } from "../../shared/messages/clock.js";
import { isoUtc } from "../../shared/time.js";
import type { Household } from "./household.js";
import type { BotSpecification } from "./specification.js";

export interface Telling {
  /** Start of the first period that is not lived yet, when it was last looked at. */
  livedUntilMs: number | undefined;
  /** What was told last, its period left out. */
  text: string | undefined;
}

export const nothingTold = (): Telling => ({ livedUntilMs: undefined, text: undefined });

/** What was told last, by one that leaves: how it stood then. Undefined: nothing was. */
export function lastState({ text }: Telling): Status | undefined {
  return text === undefined
    ? undefined
    : { v: 1, ...(JSON.parse(text) as Omit<Status, "v" | "status">), status: "offline" };
}

/** @param livedUntilMs start of the first period that is not lived yet @returns undefined where nothing is new */
export function stateToTell(
  telling: Telling,
  { strategy }: BotSpecification,
  household: Household | undefined,
  livedUntilMs: number | undefined,
): Status | undefined {
  if (household === undefined || telling.livedUntilMs === livedUntilMs) return undefined;
  telling.livedUntilMs = livedUntilMs;
  const { battery, socWh, lastStep } = household;
  const state = {
    strategy: strategy.name,
    ...(battery === undefined
      ? {}
      : {
          capacityKwh: kwhFromWh(battery.capacityWh),
          storedKwh: kwhFromWh(socWh),
          chargedKwh: kwhFromWh(lastStep?.chargedWh ?? 0),
          dischargedKwh: kwhFromWh(lastStep?.dischargedWh ?? 0),
        }),
  };
  const text = JSON.stringify(state);
  if (text === telling.text) return undefined;
  telling.text = text;
  const period = battery === undefined || lastStep === undefined ? {} : { period: isoUtc(lastStep.periodMs) };
  return { v: 1, status: "online", ...state, ...period };
}
