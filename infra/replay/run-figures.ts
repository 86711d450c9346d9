/** What a run came to, as a shadow's summary tells it (shadow-tally.ts), made from its facts as they come. */
import type { Fact } from "../../market/facts.js";
import type { MarketTerms } from "../../market/terms.js";
import { isOfPeriod, type PeriodFact, periodOf } from "../results/books.js";
import { createShadow } from "../results/shadow.js";
import type { ShadowSummary } from "../results/shadow-tally.js";

export interface RunFigures {
  fact(fact: Fact): void;
  finish(): ShadowSummary;
}

export function createRunFigures(mechanism: string, terms: MarketTerms): RunFigures {
  const shadow = createShadow(mechanism, [], terms);
  const open = new Map<number, PeriodFact[]>();
  const billed = new Set<number>();
  return {
    fact(fact) {
      if (fact.type === "billed") {
        shadow.add(fact.periodMs, open.get(fact.periodMs) ?? []);
        open.delete(fact.periodMs);
        billed.add(fact.periodMs);
        return;
      }
      if (!isOfPeriod(fact)) return;
      const periodMs = periodOf(fact);
      // What comes after a period's bill is not in the comparison, as with shadows.
      if (billed.has(periodMs)) return;
      const known = open.get(periodMs);
      if (known === undefined) open.set(periodMs, [fact]);
      else known.push(fact);
    },
    finish() {
      const [summary] = shadow.finish().summary;
      if (summary === undefined) throw new RangeError("a run has figures of its own");
      return summary;
    },
  };
}
