/**
 * The supplier of last resort: tells the market what each participant pays and is paid, and the prices of imbalance.
 *
 * Passive: its prices are the scenario's, told at the start and once a UTC day, each time for two days from the present period on.
 * Before its series begin the first price holds, after their end the last one. Source: contract.md, `manage/tariffs`.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import { changesIn, noChanges, pricesAt, type SupplyChanges, supplierAt } from "./offers.js";
import type { ParticipantTariff, SupplierSpecification } from "./specification.js";

const toldDays = 2;

export interface SupplierTick {
  readonly tsMs: number;
  readonly roundLengthMs: number;
  /** The first tick this supplier lives through. */
  readonly first: boolean;
  /** Participants without a tariff of their own in the scenario, who get the guests' one. */
  readonly guests: readonly string[];
  /** What the operator has changed. */
  readonly changes?: SupplyChanges;
}

/** `manage/tariffs` without the sender's number. */
export type TariffsBody = Omit<ManageTariffs, "n">;

/** One message at the start, at the last tick before each UTC midnight, and when a change begins, else none. */
export function supplierMessages(specification: SupplierSpecification, tick: SupplierTick): TariffsBody[] {
  const { tsMs, roundLengthMs, first, changes = noChanges } = tick;
  const newDay = Math.floor((tsMs + roundLengthMs) / dayMs) !== Math.floor(tsMs / dayMs);
  const begins = changesIn(changes, tsMs - roundLengthMs, tsMs);
  return first || newDay || begins ? [tariffsFrom(specification, tsMs, tick.guests, changes)] : [];
}

/** Tariffs from the step that contains `tsMs` on; guests listed last, those who have a tariff of their own left out. */
export function tariffsFrom(
  specification: SupplierSpecification,
  tsMs: number,
  guests: readonly string[],
  changes: SupplyChanges = noChanges,
): TariffsBody {
  const { fromMs, stepMinutes, tariffs, guestTariff, carbonMilligramPerKwh } = specification;
  const stepMs = stepMinutes * minuteMs;
  const firstStep = Math.floor((tsMs - fromMs) / stepMs);
  const steps = Math.ceil((toldDays * dayMs) / stepMs);
  const told = { specification, changes, firstStep, steps };
  const stretch = (values: readonly number[]): readonly number[] => {
    if (values.length === 1) return values;
    return Array.from({ length: steps }, (_, step) => valueIn(values, firstStep + step));
  };
  const inMajor = (prices: readonly number[]): number[] => stretch(prices).map(majorFromMicro);
  const known = new Set(tariffs.map(({ participant }) => participant));
  const strangers = guests
    .filter((participant) => !known.has(participant))
    .map((participant) => ({ participant, ...guestTariff }));
  return {
    v: 1,
    ts: isoUtc(tsMs),
    from: isoUtc(fromMs + firstStep * stepMs),
    stepMinutes,
    systemBuyPerKwh: inMajor(specification.systemBuyMicroPerKwh),
    systemSellPerKwh: inMajor(specification.systemSellMicroPerKwh),
    ...(carbonMilligramPerKwh === undefined
      ? {}
      : { carbonIntensity: stretch(carbonMilligramPerKwh).map((value) => value / 1000) }),
    tariffs: [...tariffs, ...strangers].map((own) => {
      if (changesIn(changes, Number.NEGATIVE_INFINITY, fromMs + (firstStep + steps - 1) * stepMs))
        return tariffAfter(told, own);
      const { participant, supplier, importMicroPerKwh, exportMicroPerKwh } = own;
      const prices = { importPerKwh: inMajor(importMicroPerKwh), exportPerKwh: inMajor(exportMicroPerKwh) };
      return { participant, supplier, ...prices };
    }),
  };
}

interface Told {
  readonly specification: SupplierSpecification;
  readonly changes: SupplyChanges;
  readonly firstStep: number;
  readonly steps: number;
}

/** Step by step, as far as it is told; what is the same throughout is told once. */
function tariffAfter({ specification, changes, firstStep, steps }: Told, own: ParticipantTariff) {
  const { fromMs, stepMinutes } = specification;
  const pairs = Array.from({ length: steps }, (_, index) => {
    const step = firstStep + index;
    const atMs = fromMs + step * stepMinutes * minuteMs;
    const before = (prices: readonly MicroPerKwh[]): MicroPerKwh => valueIn(prices, step) as MicroPerKwh;
    return { supplier: supplierAt(changes, own, atMs), ...pricesAt(changes, specification, own, { atMs, before }) };
  });
  const suppliers = onceWhereSame(pairs.map(({ supplier }) => supplier));
  return {
    ...{ participant: own.participant, supplier: suppliers[0] ?? own.supplier },
    importPerKwh: onceWhereSame(pairs.map(({ importMicroPerKwh }) => majorFromMicro(importMicroPerKwh))),
    exportPerKwh: onceWhereSame(pairs.map(({ exportMicroPerKwh }) => majorFromMicro(exportMicroPerKwh))),
    ...(suppliers.length === 1 ? {} : { suppliers }),
  };
}

/** Before a series begins its first value holds, after its end its last one. */
function valueIn(values: readonly number[], step: number): number {
  return values[Math.max(0, Math.min(values.length - 1, step))] ?? 0;
}

function onceWhereSame<T>(values: readonly T[]): T[] {
  return values.every((value) => value === values[0]) ? values.slice(0, 1) : [...values];
}
