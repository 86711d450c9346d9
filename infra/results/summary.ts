/** summary.json: what the caller knows of a run, and what the results counted themselves. Source: docs/results-format.md. */
import type { RejectCode } from "../../shared/reject-codes.js";
import { isoUtc, minuteMs } from "../../shared/time.js";
import { type FaultSummary, faultsFile } from "../chaos/fault-summary.js";
import { kwhText, majorText } from "./decimal-text.js";
import type { ShadowSummary } from "./shadow-tally.js";

export const shadowNote = "mechanical: bids as they were, not re-optimised";

/** Somebody who missed a tick's deadline. */
export interface Absence {
  readonly participant: string;
  readonly seq: number;
}

/** All storage together; energy charged is on the AC side, stored energy after losses. */
export interface StorageInput {
  readonly startWh: number;
  readonly endWh: number;
  readonly chargedFromOwnWh: number;
  readonly chargedFromGridWh: number;
  /** Of what is stored at the end. */
  readonly endFromGridWh: number;
}

/** What the results cannot know: given by whoever ran the scenario. */
export interface SummaryInput {
  readonly scenario: string;
  readonly description: string;
  readonly seed: number;
  readonly programVersion: string;
  readonly nodeVersion: string;
  /** False where the run was stopped before its last period was billed. */
  readonly complete: boolean;
  readonly trueStepMinutes: number;
  readonly currency: string;
  readonly mechanism: string;
  readonly foresight: boolean;
  /** Keys as on `public/kpi`, and more where there are more. */
  readonly kpis: Readonly<Record<string, number | null | undefined>>;
  readonly absences: readonly Absence[];
  /** State of charge of all storage together; null where there is none. */
  readonly storage: StorageInput | null;
  /** What of the input is made up rather than measured, by name. */
  readonly simulated: readonly string[];
  /** Undefined where nothing went wrong on purpose. */
  readonly faults?: FaultSummary;
}

/** What the results counted. */
export interface Counted {
  readonly firstPeriodMs: number;
  readonly periods: number;
  readonly periodMinutes: number;
  readonly billedPeriods: number;
  readonly moneySumMicro: number;
  readonly energyImbalanceWh: number;
  readonly imbalanceWh: number;
  readonly hash: string;
  /** SHA-256 of each file, by its name. */
  readonly files: Readonly<Record<string, string>>;
  readonly orders: number;
  readonly trades: number;
  readonly rejected: ReadonlyMap<RejectCode, number>;
  /** Null where no mechanism ran as a shadow. */
  readonly shadow: readonly ShadowSummary[] | null;
}

export type Summary = ReturnType<typeof summaryOf>;

/** Keys in the order of the file. `complete` holds only where all periods are billed, whatever the caller says. */
export function summaryOf(input: SummaryInput, counted: Counted) {
  const { firstPeriodMs, periods, periodMinutes, billedPeriods, energyImbalanceWh } = counted;
  return {
    scenario: input.scenario,
    description: input.description,
    seed: input.seed,
    programVersion: input.programVersion,
    nodeVersion: input.nodeVersion,
    periods,
    complete: input.complete && billedPeriods === periods,
    billedPeriods,
    from: isoUtc(firstPeriodMs),
    to: isoUtc(firstPeriodMs + billedPeriods * periodMinutes * minuteMs),
    trueStepMinutes: input.trueStepMinutes,
    periodMinutes,
    currency: input.currency,
    mechanism: input.mechanism,
    foresight: input.foresight,
    kpis: input.kpis,
    moneySum: Number(majorText(counted.moneySumMicro)),
    energyImbalanceWh,
    imbalanceKwh: kwh(counted.imbalanceWh),
    hash: counted.hash,
    files: input.faults === undefined ? counted.files : { ...counted.files, [faultsFile]: input.faults.sha256 },
    absences: input.absences,
    counts: { orders: counted.orders, trades: counted.trades, rejected: byName(counted.rejected) },
    storage: storageOf(input.storage),
    shadow: counted.shadow === null ? null : { note: shadowNote, mechanisms: counted.shadow },
    simulated: input.simulated,
    ...(input.faults === undefined ? {} : { faults: input.faults }),
  };
}

const kwh = (energyWh: number): number => Number(kwhText(energyWh));

function storageOf(storage: SummaryInput["storage"]) {
  if (storage === null) return null;
  const { startWh, endWh, chargedFromOwnWh, chargedFromGridWh, endFromGridWh } = storage;
  return {
    ...{ startKwh: kwh(startWh), endKwh: kwh(endWh), changeKwh: kwh(endWh - startWh) },
    chargedFromOwnKwh: kwh(Math.round(chargedFromOwnWh)),
    chargedFromGridKwh: kwh(Math.round(chargedFromGridWh)),
    endFromGridKwh: kwh(Math.round(endFromGridWh)),
  };
}

/** Sorted, so that the same run writes the same file. */
function byName(counts: ReadonlyMap<RejectCode, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
