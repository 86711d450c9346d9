/**
 * The books of a market that runs, added up period by period once all bills are out, by the sums of results/audit.ts.
 *
 * Only periods count whose gate closed while we watched: a market that goes on after a restart has told the rest before.
 */
import type { Fact, Reading } from "../../market/facts.js";
import { dayMs } from "../../shared/time.js";
import { afterCuts } from "../results/after-cuts.js";
import { createAudit } from "../results/audit.js";
import type { PeriodFact } from "../results/books.js";
import { periodOf } from "../results/books.js";

/** A reading is corrected no later than that after its period. */
const correctionLimitMs = 91 * dayMs;

export interface FactAudit {
  recorded(fact: Fact): void;
  /** Both errors without their signs; 0 and 0 in sound books. */
  findings(): { readonly moneySumMicro: number; readonly energyImbalanceWh: number; readonly periods: number };
}

export function createFactAudit(): FactAudit {
  const audit = createAudit();
  const waiting = new Map<number, PeriodFact[]>();
  /** Readings of billed periods, as long as a correction may come. */
  const readings = new Map<number, Map<string, Reading>>();
  let periods = 0;

  function enter(fact: PeriodFact, known: Map<string, Reading>): void {
    if (fact.type === "entry") audit.booked(fact.entry);
    else if (fact.type === "bill") audit.billed(fact.bill);
    else if (fact.type === "metered") {
      audit.metered(fact.periodMs, fact.reading, known.get(fact.reading.participant));
      known.set(fact.reading.participant, fact.reading);
    }
  }

  function close(periodMs: number): void {
    const told = waiting.get(periodMs) ?? [];
    waiting.delete(periodMs);
    readings.delete(periodMs - correctionLimitMs);
    if (!told.some(({ type }) => type === "cleared")) return;
    const known = new Map<string, Reading>();
    readings.set(periodMs, known);
    const { facts, after } = afterCuts(told);
    for (const fact of facts) enter(fact, known);
    for (const trade of after.trades) audit.traded(periodMs, trade);
    periods += 1;
  }

  return {
    recorded(fact) {
      if (fact.type === "billed") return close(fact.periodMs);
      if (fact.type === "rejected" || fact.type === "head") return;
      const periodMs = periodOf(fact);
      const known = readings.get(periodMs);
      if (known !== undefined) return enter(fact, known);
      const facts = waiting.get(periodMs);
      if (facts === undefined) waiting.set(periodMs, [fact]);
      else facts.push(fact);
    },
    findings: () => ({ ...audit.findings(), periods }),
  };
}
