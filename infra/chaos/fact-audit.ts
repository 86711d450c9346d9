/**
 * The books of a market that runs, added up period by period once all bills are out, by the sums of results/audit.ts.
 *
 * Only periods count whose gate closed while we watched: a market that goes on after a restart has told the rest before. The exchange may
 * know a corrected reading before settlement has heard of it: a bill counts against the reading that it was made from.
 */
import type { Fact, Reading } from "../../market/facts.js";
import { dayMs } from "../../shared/time.js";
import { afterCuts } from "../results/after-cuts.js";
import { createAudit } from "../results/audit.js";
import type { PeriodFact } from "../results/books.js";
import { isOfPeriod, periodOf } from "../results/books.js";

/** A reading is corrected no later than that after its period. */
const correctionLimitMs = 91 * dayMs;

export interface FactAudit {
  recorded(fact: Fact): void;
  /** Both errors without their signs; 0 and 0 in sound books. */
  findings(): {
    readonly moneySumMicro: number;
    readonly energyImbalanceWh: number;
    readonly periods: number;
    /** Readings of billed periods that settlement has not billed yet: on their way to it. */
    readonly underWay: number;
  };
}

type Metered = Extract<PeriodFact, { type: "metered" }>;
type Billed = Extract<PeriodFact, { type: "bill" }>;

export function createFactAudit(): FactAudit {
  const audit = createAudit();
  const waiting = new Map<number, PeriodFact[]>();
  /** Of billed periods, by participant, as long as a correction may come: the reading that is billed, and those that are not yet. */
  const billed = new Map<number, Map<string, { known: Reading | undefined; readonly later: Reading[] }>>();
  let periods = 0;

  function readingsOf(periodMs: number, participant: string) {
    const all = billed.get(periodMs) ?? new Map<string, { known: Reading | undefined; readonly later: Reading[] }>();
    billed.set(periodMs, all);
    const its = all.get(participant) ?? { known: undefined, later: [] };
    all.set(participant, its);
    return its;
  }

  function metered({ periodMs, reading }: Metered): void {
    readingsOf(periodMs, reading.participant).later.push(reading);
  }

  /** A bill tells which of the readings settlement has heard: the latest that fits it, else the latest of all. */
  function bill({ bill: sent }: Billed): void {
    audit.billed(sent);
    const its = readingsOf(sent.periodMs, sent.participant);
    const billedWh = sent.lines.reduce((sum, { energyWh }) => sum + energyWh, netWh(its.known));
    const fitting = its.later.findLastIndex((reading) => netWh(reading) === billedWh);
    const heard = its.later.splice(0, fitting < 0 ? its.later.length : fitting + 1).at(-1);
    if (heard === undefined) return;
    audit.metered(sent.periodMs, heard, its.known);
    its.known = heard;
  }

  function enter(fact: PeriodFact): void {
    if (fact.type === "entry") audit.booked(fact.entry);
    else if (fact.type === "bill") bill(fact);
    else if (fact.type === "metered") metered(fact);
  }

  function close(periodMs: number): void {
    const told = waiting.get(periodMs) ?? [];
    waiting.delete(periodMs);
    billed.delete(periodMs - correctionLimitMs);
    if (!told.some(({ type }) => type === "cleared")) return;
    billed.set(periodMs, new Map());
    const { facts, after } = afterCuts(told);
    // Its readings first: those that a crash or a lost message kept from settlement stand behind the bills else.
    for (const fact of facts) if (fact.type === "metered") enter(fact);
    for (const fact of facts) if (fact.type !== "metered") enter(fact);
    for (const trade of after.trades) audit.traded(periodMs, trade);
    periods += 1;
  }

  function underWay(): number {
    let count = 0;
    for (const all of billed.values())
      for (const { known, later } of all.values())
        if (later.some((reading) => netWh(reading) !== netWh(known))) count += 1;
    return count;
  }

  return {
    recorded(fact) {
      if (fact.type === "billed") return close(fact.periodMs);
      if (!isOfPeriod(fact)) return;
      const periodMs = periodOf(fact);
      if (billed.has(periodMs)) return enter(fact);
      const facts = waiting.get(periodMs);
      if (facts === undefined) waiting.set(periodMs, [fact]);
      else facts.push(fact);
    },
    findings: () => ({ ...audit.findings(), periods, underWay: underWay() }),
  };
}

const netWh = (reading: Reading | undefined): number =>
  reading === undefined ? 0 : reading.exportWh - reading.importWh;
