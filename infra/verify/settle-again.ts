/**
 * A period settled again with the market's own rules, from what the files say went in: the readings as they first came, then each
 * corrected one in its order. Gives the entries and bills that must then be in the files.
 */
import type { BillLine, LostEnergy, NotifiedPosition, Reading, Trade } from "../../market/facts.js";
import { horizonOf } from "../../market/managers/calendar.js";
import { correctPeriod } from "../../market/rules/estimate.js";
import { addCorrection, addPeriod, type Kpis } from "../../market/rules/kpi.js";
import type { EntryDraft } from "../../market/rules/ledger.js";
import { poolLeft, poolRemainder } from "../../market/rules/pool-settlement.js";
import { type PeriodSettlement, type SettlementInput, settlePeriod } from "../../market/rules/settlement.js";
import type { MarketTerms } from "../../market/terms.js";
import { minuteMs } from "../../shared/time.js";
import { wh } from "../../shared/units.js";
import type { BoundaryPrices } from "../results/period-rows.js";
import type { SettledTariff } from "../results/rows.js";
import type { BillContent } from "./statement-check.js";

/** What is booked at once: numbered without gaps. */
export interface Batch {
  readonly periodMs: number;
  readonly entries: readonly EntryDraft[];
}

export interface Outcome {
  readonly batches: readonly Batch[];
  readonly bills: readonly BillContent[];
}

export interface PeriodToSettle {
  readonly periodMs: number;
  readonly trades: readonly Trade[];
  /** In the order of the file: who is in it again is corrected. */
  readonly readings: readonly Reading[];
  readonly positions: readonly NotifiedPosition[];
  /** By innocents, to the DSO's cuts. */
  readonly lost: readonly LostEnergy[];
  readonly tariffs: ReadonlyMap<string, SettledTariff>;
  readonly prices: BoundaryPrices;
  /** How many lines of kind `correction` the period's first bills have: the corrections that came before the bills. */
  readonly correctionLines: number;
  /** Whether a reading may come later. */
  readonly isKept: boolean;
  /**
   * Where a price waits for the month's end: the net that each one's first bill prices. A reading that was corrected before took the old
   * one's place, and nothing was booked.
   */
  readonly pricedNetWh: ReadonlyMap<string, number> | undefined;
}

export interface Settler {
  /** @throws Error of a rule where what went in cannot be settled. */
  settle(period: PeriodToSettle): Outcome & { readonly late: Outcome; readonly input: SettlementInput };
  /** A reading that came after the period's bills. */
  correct(periodMs: number, reading: Reading): Outcome;
}

interface Kept {
  input: SettlementInput;
  settlement: PeriodSettlement;
  readonly carbonMilligramPerKwh: number | undefined;
}

/** @param kpis take in what is settled, as the market's own do */
export function createSettler({ settlement: terms, calendar }: MarketTerms, kpis: Kpis): Settler {
  const kept = new Map<number, Kept>();
  let poolLeftMicro = 0;

  /** What is booked behind a pool's period: nothing before the last one of its horizon. */
  const remainderOf = ({ periodMs, entries }: PeriodSettlement): readonly EntryDraft[] => {
    poolLeftMicro += poolLeft(entries);
    if (periodMs + calendar.periodMinutes * minuteMs < horizonOf(periodMs, calendar).endMs) return [];
    const remainder = poolRemainder(poolLeftMicro, "rounding");
    poolLeftMicro = 0;
    return remainder;
  };

  const correctLate = (period: Kept, reading: Reading): Outcome => {
    const { tariffs, trades } = period.input;
    const corrected = correctPeriod(period.input, reading, period.settlement);
    const known = { tariffs, trades, terms, carbonMilligramPerKwh: period.carbonMilligramPerKwh };
    const before = { ...known, readings: period.input.readings, settlement: corrected.before };
    const after = { ...known, readings: corrected.input.readings, settlement: corrected.after };
    addCorrection(kpis, before, after);
    period.input = corrected.input;
    period.settlement = corrected.after;
    const bills = [...corrected.correction.lines].map(([participant, line]) => {
      return { ...billOf(period, participant), lines: [line] };
    });
    const { periodMs } = period.input;
    return { batches: [{ periodMs, entries: corrected.correction.entries }], bills };
  };

  return {
    settle(period) {
      const [first, further] = firstAndFurther(period.readings, period.pricedNetWh);
      const known = first.filter(({ participant, importWh, exportWh }) => {
        return importWh + exportWh > 0 || period.tariffs.has(participant);
      });
      const input: SettlementInput = { ...inputOf(period, known), terms, periodMinutes: calendar.periodMinutes };
      const settlement = settlePeriod(input);
      const { carbonMilligramPerKwh } = period.prices;
      const state: Kept = { input, settlement, carbonMilligramPerKwh };
      const lines = new Map<string, BillLine[]>();
      for (const { participant, lines: own } of settlement.participants) lines.set(participant, [...own]);
      const { periodMs } = period;
      const batches: Batch[] = [{ periodMs, entries: [...settlement.entries, ...remainderOf(settlement)] }];
      let told = 0;
      let index = 0;
      for (; told < period.correctionLines && index < further.length; index += 1) {
        const reading = further[index];
        if (reading === undefined) break;
        const corrected = correctPeriod(state.input, reading, state.settlement);
        for (const [participant, line] of corrected.correction.lines) lines.get(participant)?.push(line);
        told += corrected.correction.lines.size;
        batches.push({ periodMs, entries: corrected.correction.entries });
        state.input = corrected.input;
        state.settlement = corrected.after;
      }
      const { tariffs, trades, readings } = state.input;
      addPeriod(kpis, {
        ...{ readings, tariffs, trades, terms, carbonMilligramPerKwh },
        settlement: state.settlement,
      });
      const bills = state.settlement.participants.map(({ participant, contractedWh, meteredWh }) => {
        return { periodMs, participant, contractedWh, meteredWh, lines: lines.get(participant) ?? [] };
      });
      if (period.isKept) kept.set(periodMs, state);
      const late = further.slice(index).map((reading) => correctLate(state, reading));
      return {
        batches,
        ...{ bills, input },
        late: { batches: late.flatMap((one) => one.batches), bills: late.flatMap((one) => one.bills) },
      };
    },
    correct(periodMs, reading) {
      const period = kept.get(periodMs);
      if (period === undefined) throw new Error("no such period was settled before");
      return correctLate(period, reading);
    },
  };
}

function inputOf(period: PeriodToSettle, readings: readonly Reading[]) {
  const { periodMs, trades, prices } = period;
  // A copy: what is kept for a correction keeps its own period's tariffs.
  const tariffs = new Map(period.tariffs);
  const { systemBuyMicroPerKwh, systemSellMicroPerKwh, pool } = prices;
  const positions = new Map(period.positions.map(({ participant, energyWh }) => [participant, energyWh]));
  const lost = new Map(period.lost.map(({ participant, energyWh }) => [participant, energyWh]));
  const system = { systemBuyMicroPerKwh, systemSellMicroPerKwh };
  return { periodMs, trades, readings, tariffs, positions, lost, ...system, ...(pool === undefined ? {} : { pool }) };
}

function billOf({ input, settlement }: Kept, participant: string): Omit<BillContent, "lines"> {
  const settled = settlement.participants.find((one) => one.participant === participant);
  const { periodMs } = input;
  return {
    ...{ periodMs, participant },
    contractedWh: settled?.contractedWh ?? wh(0),
    meteredWh: settled?.meteredWh ?? wh(0),
  };
}

/** The reading of each participant that was settled first, and those that came for one who has one. */
function firstAndFurther(
  readings: readonly Reading[],
  pricedNetWh: PeriodToSettle["pricedNetWh"],
): [first: Reading[], further: Reading[]] {
  const first = new Map<string, Reading>();
  const further: Reading[] = [];
  for (const reading of readings) {
    const { participant } = reading;
    const before = first.get(participant);
    const isPriced =
      before === undefined || pricedNetWh === undefined || netWh(before) === pricedNetWh.get(participant);
    if (before !== undefined && isPriced) further.push(reading);
    else first.set(participant, reading);
  }
  return [[...first.values()], further];
}

const netWh = ({ importWh, exportWh }: Reading): number => exportWh - importWh;
