/**
 * Money is exact up to 9,007,199,254 major units (2^53 millionths). Scenarios whose prices or deposits could come near that are refused
 * before anything starts, not in the midst of a run.
 */
import type { MarketTerms } from "../../market/terms.js";
import { InputError } from "../series/input-error.js";
import type { RunContext } from "./run-series.js";

/** Major units of money. */
const most = 1_000_000_000;

/** @throws InputError where all deposits, or all connections' energy of one period at the price limits, are worth more than `most`. */
export function checkMagnitudes(terms: MarketTerms, { placeOf }: RunContext): void {
  const { bidding, calendar, members, guestCapacityW = 0 } = terms;
  let depositMicro = 0;
  let capacityW: number = guestCapacityW;
  for (const member of members) {
    depositMicro += member.depositMicro ?? 0;
    capacityW += member.capacityW;
  }
  if (depositMicro / 1_000_000 > most) {
    throw new InputError(placeOf([]), `the deposits of all bots are more than ${most} together, too much to be exact`);
  }
  const periodKwh = (capacityW / 1000) * (calendar.periodMinutes / 60);
  for (const [key, price] of [
    ["priceFloor", bidding.priceFloorMicroPerKwh],
    ["priceCap", bidding.priceCapMicroPerKwh],
  ] as const) {
    if ((Math.abs(price) / 1_000_000) * periodKwh <= most) continue;
    const energy = `the ${Math.round(periodKwh)} kWh that all connections carry in a period`;
    throw new InputError(
      placeOf(["limits", key]),
      `at this price ${energy} are worth more than ${most}, too much to be exact`,
    );
  }
}
