/**
 * The limits that every item and order keeps: energy, price, least energy, how many. Each answers with a rejection or with
 * undefined; the caller asks in the order of contract.md's list of codes.
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { MicroPerKwh, Wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import { type Order, openWh } from "./order.js";
import { type PeriodBook, type Rejection, rejected } from "./period-book.js";

interface Asked {
  readonly participant: string;
  readonly side: Side;
  readonly energyWh: Wh;
  /** What the participant's connection can carry in the period. */
  readonly capacityWh: Wh;
}

/**
 * One item or order, and all of its owner's of that side that are open together with what it has traded net already.
 * @param changed the order that `asked` takes the place of
 */
export function energyOutOfRange(book: PeriodBook, asked: Asked, changed?: Order): Rejection | undefined {
  const { energyWh, capacityWh } = asked;
  const most = (): string => `${kwhFromWh(capacityWh)} kWh, the capacity over the period`;
  if (energyWh <= 0 || energyWh > capacityWh) {
    const range = `more than 0 and at most ${most()}`;
    return rejected("energy-out-of-range", `${kwhFromWh(energyWh)} kWh asked, it must be ${range}.`);
  }
  const besidesWh = committedWh(book, asked, changed);
  if (energyWh - (changed?.filledWh ?? 0) + besidesWh <= capacityWh) return undefined;
  const besides = `${kwhFromWh(besidesWh)} kWh to ${asked.side} beside it`;
  return rejected(
    "energy-out-of-range",
    `${kwhFromWh(energyWh)} kWh asked, with ${besides} it must be at most ${most()}.`,
  );
}

/** What could come to be traded on a side without `changed`: what is open, and what was traded already less what was on the other side. */
function committedWh(book: PeriodBook, { participant, side }: Asked, changed: Order | undefined): number {
  let energyWh = (side === "sell" ? 1 : -1) * (book.soldWh.get(participant) ?? 0);
  for (const id of book.liveOf.get(participant) ?? []) {
    const object = book.orders.get(id) ?? book.items.get(id);
    if (object === undefined || object === changed || object.side !== side) continue;
    energyWh += object.kind === "order" ? openWh(object) : object.energyWh;
  }
  return energyWh;
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
