/**
 * The limits that every item and order keeps: energy, price, least energy, how many. Each answers with a rejection or with
 * undefined; the caller asks in the order of contract.md's list of codes.
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import { type PeriodBook, type Rejection, rejected } from "./period-book.js";

/** `capacityWh`: what the participant's connection can carry in the period. */
export function energyOutOfRange(energyWh: Wh, capacityWh: Wh): Rejection | undefined {
  if (energyWh > 0 && energyWh <= capacityWh) return undefined;
  const range = `more than 0 and at most ${kwhFromWh(capacityWh)} kWh, the capacity over the period`;
  return rejected("energy-out-of-range", `${kwhFromWh(energyWh)} kWh asked, it must be ${range}.`);
}

export function priceOutOfRange(book: PeriodBook, priceMicroPerKwh: MicroPerKwh): Rejection | undefined {
  const { priceFloorMicroPerKwh: floor, priceCapMicroPerKwh: cap } = book.terms;
  if (priceMicroPerKwh >= floor && priceMicroPerKwh <= cap) return undefined;
  const band = `between ${majorFromMicro(floor)} and ${majorFromMicro(cap)}`;
  return rejected("price-out-of-range", `${majorFromMicro(priceMicroPerKwh)} per kWh asked, it must be ${band}.`);
}

/** `of`: whose minimum it is, such as "the market". */
export function belowMinimum(energyWh: Wh, minimumWh: Wh, of: string): Rejection | undefined {
  if (energyWh >= minimumWh) return undefined;
  const least = `the least of ${of} is ${kwhFromWh(minimumWh)} kWh`;
  return rejected("below-minimum", `${kwhFromWh(energyWh)} kWh asked, ${least}.`);
}

export function tooManyOrders(book: PeriodBook, participant: string): Rejection | undefined {
  const count = book.liveOf.get(participant)?.size ?? 0;
  const most = book.terms.maxOrdersPerPeriod;
  if (count < most) return undefined;
  return rejected("too-many-orders", `${count} items and orders are open in this period, ${most} are allowed.`);
}
