/**
 * The supplier of last resort: tells the market what each participant pays and is paid, and the prices of imbalance.
 *
 * Passive: its prices are the scenario's, told at the start and once a UTC day, each time for two days from the present period on.
 * Before its series begin the first price holds, after their end the last one. Source: contract.md, `manage/tariffs`.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import type { SupplierSpecification } from "./specification.js";

const toldDays = 2;

export interface SupplierTick {
  readonly tsMs: number;
  readonly roundLengthMs: number;
  /** The first tick this supplier lives through. */
  readonly first: boolean;
  /** Participants without a tariff of their own in the scenario, who get the guests' one. */
  readonly guests: readonly string[];
}

/** `manage/tariffs` without the sender's number. */
export type TariffsBody = Omit<ManageTariffs, "n">;

/** One message at the start and at the last tick before each UTC midnight, else none. */
export function supplierMessages(specification: SupplierSpecification, tick: SupplierTick): TariffsBody[] {
  const { tsMs, roundLengthMs, first } = tick;
  const newDay = Math.floor((tsMs + roundLengthMs) / dayMs) !== Math.floor(tsMs / dayMs);
  return first || newDay ? [tariffsFrom(specification, tsMs, tick.guests)] : [];
}

/** Tariffs from the step that contains `tsMs` on; guests listed last, those who have a tariff of their own left out. */
export function tariffsFrom(
  specification: SupplierSpecification,
  tsMs: number,
  guests: readonly string[],
): TariffsBody {
  const { fromMs, stepMinutes, tariffs, guestTariff, carbonMilligramPerKwh } = specification;
  const stepMs = stepMinutes * minuteMs;
  const firstStep = Math.floor((tsMs - fromMs) / stepMs);
  const steps = Math.ceil((toldDays * dayMs) / stepMs);
  const stretch = (values: readonly number[]): readonly number[] => {
    if (values.length === 1) return values;
    return Array.from({ length: steps }, (_, step) => {
      const index = Math.max(0, Math.min(values.length - 1, firstStep + step));
      return values[index] ?? 0;
    });
  };
  const told = (prices: readonly number[]): number[] => stretch(prices).map(majorFromMicro);
  const known = new Set(tariffs.map(({ participant }) => participant));
  const strangers = guests
    .filter((participant) => !known.has(participant))
    .map((participant) => ({ participant, ...guestTariff }));
  return {
    v: 1,
    ts: isoUtc(tsMs),
    from: isoUtc(fromMs + firstStep * stepMs),
    stepMinutes,
    systemBuyPerKwh: told(specification.systemBuyMicroPerKwh),
    systemSellPerKwh: told(specification.systemSellMicroPerKwh),
    ...(carbonMilligramPerKwh === undefined
      ? {}
      : { carbonIntensity: stretch(carbonMilligramPerKwh).map((value) => value / 1000) }),
    tariffs: [...tariffs, ...strangers].map(({ participant, supplier, importMicroPerKwh, exportMicroPerKwh }) => ({
      participant,
      supplier,
      importPerKwh: told(importMicroPerKwh),
      exportPerKwh: told(exportMicroPerKwh),
    })),
  };
}
