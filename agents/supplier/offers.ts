/**
 * What the operator changes while the market runs: a supplier's prices, and who is with which supplier, each from a period on.
 *
 * The newest word that has begun holds; before the first one the scenario's own. Prices by the clock go by local time, whose distance to UTC
 * comes with them, for nothing here knows time zones. A band that passes midnight belongs to the day on which each of its halves lies.
 */
import { microPerKwhFromMajor } from "../../shared/decimal.js";
import type { WireCustomer as Customer, ManageSupply, WireOffer as Offer } from "../../shared/messages/manage.js";
import { dayMs, instantFromIso, isoUtc, minuteMs } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import type { ParticipantTariff, SupplierSpecification } from "./specification.js";

type Band = NonNullable<Offer["importBands"]>[number];

export interface SupplyChanges {
  readonly offers: readonly Offer[];
  readonly customers: readonly Customer[];
}

export const noChanges: SupplyChanges = { offers: [], customers: [] };

export function withSupply({ offers, customers }: SupplyChanges, told: ManageSupply): SupplyChanges {
  return {
    offers: [...offers, ...(told.offers ?? [])],
    customers: [...customers, ...(told.customers ?? [])],
  };
}

/** Whether something changes after `afterMs` and no later than `untilMs`. */
export function changesIn({ offers, customers }: SupplyChanges, afterMs: number, untilMs: number): boolean {
  return [...offers, ...customers].some(({ from }) => beginning(from) > afterMs && beginning(from) <= untilMs);
}

/** With whom a participant is in the step at `atMs`. */
export function supplierAt(changes: SupplyChanges, own: ParticipantTariff, atMs: number): string {
  const customers = changes.customers.filter(({ participant }) => participant === own.participant);
  return newest(customers, atMs)?.supplier ?? own.supplier;
}

export interface PricePair {
  readonly importMicroPerKwh: MicroPerKwh;
  readonly exportMicroPerKwh: MicroPerKwh;
}

/** What a participant pays and is paid in the step at `atMs`. @param before the scenario's own price of a series in that step */
export function pricesAt(
  changes: SupplyChanges,
  { guestTariff, stepMinutes }: SupplierSpecification,
  own: ParticipantTariff,
  at: { readonly atMs: number; readonly before: (prices: readonly MicroPerKwh[]) => MicroPerKwh },
): PricePair {
  const { atMs, before } = at;
  const supplier = supplierAt(changes, own, atMs);
  const offer = offerAt(changes, supplier, atMs);
  if (offer !== undefined) return pairOf(offer, atMs, stepMinutes);
  const { importMicroPerKwh, exportMicroPerKwh } = supplier === own.supplier ? own : guestTariff;
  return { importMicroPerKwh: before(importMicroPerKwh), exportMicroPerKwh: before(exportMicroPerKwh) };
}

/** What a supplier offers its customers in the step at `atMs`, where the operator has said it. */
export function offerAt({ offers }: SupplyChanges, supplier: string, atMs: number): Offer | undefined {
  return newest(
    offers.filter((offer) => offer.supplier === supplier),
    atMs,
  );
}

export function pairOf(offer: Offer, atMs: number, stepMinutes: number): PricePair {
  const step = Math.floor((atMs - beginning(offer.from)) / (stepMinutes * minuteMs));
  const price = (series: readonly number[], bands: readonly Band[] = []): MicroPerKwh => {
    const local = localTime(offer, atMs);
    const band = bands.find((one) => holds(one, local));
    const told = band?.pricePerKwh ?? series[Math.min(step, series.length - 1)];
    return microPerKwhFromMajor(told ?? 0);
  };
  return {
    importMicroPerKwh: price(offer.importPerKwh, offer.importBands),
    exportMicroPerKwh: price(offer.exportPerKwh, offer.exportBands),
  };
}

interface LocalTime {
  readonly minute: number;
  readonly isWeekend: boolean;
  readonly month: number;
}

function localTime({ offsets = [] }: Offer, atMs: number): LocalTime {
  const offset = offsets.findLast(({ from }) => beginning(from) <= atMs) ?? offsets[0];
  const localMs = atMs + (offset?.minutes ?? 0) * minuteMs;
  const day = Math.floor(localMs / dayMs);
  const weekday = (day + 4) % 7; // 1 January 1970 was a Thursday; 0: Sunday
  return {
    minute: Math.floor((localMs - day * dayMs) / minuteMs),
    isWeekend: weekday === 0 || weekday === 6,
    month: Number(isoUtc(localMs).slice(5, 7)),
  };
}

function holds({ from, to, days = "all", months }: Band, { minute, isWeekend, month }: LocalTime): boolean {
  if ((days === "weekdays" && isWeekend) || (days === "weekends" && !isWeekend)) return false;
  if (months !== undefined && !months.includes(month)) return false;
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

const beginning = (from: string): number => instantFromIso(from) ?? 0;

/** The one that begins last of those that have begun; of two that begin together the one told last. */
function newest<Change extends { readonly from: string }>(
  changes: readonly Change[],
  atMs: number,
): Change | undefined {
  let found: Change | undefined;
  for (const change of changes) {
    if (beginning(change.from) > atMs) continue;
    if (found === undefined || beginning(change.from) >= beginning(found.from)) found = change;
  }
  return found;
}
