/** A billed period's facts as shadow clearing needs them: what came to the gate, what was metered, what it was settled at. */
import type { Reading, SettledPrices } from "../../market/facts.js";
import { tradedWelfare } from "../../market/rules/clearing-figures.js";
import type { AuctionOrder } from "../../market/rules/merit-order.js";
import { type ShadowCase, type ShadowOutcome, tradedOf } from "../../market/rules/shadow-settlement.js";
import type { MarketTerms } from "../../market/terms.js";
import { type Micro, micro, type wh } from "../../shared/units.js";
import { afterCuts } from "./after-cuts.js";
import type { PeriodFact } from "./books.js";

/** Undefined where the period was not settled. */
export function caseOf(periodMs: number, facts: readonly PeriodFact[], terms: MarketTerms): ShadowCase | undefined {
  let orders: readonly AuctionOrder[] = [];
  let prices: SettledPrices | undefined;
  const readings = new Map<string, Reading>();
  const positions: ShadowCase["positions"] & Map<string, ReturnType<typeof wh>> = new Map();
  let isCut = false;
  for (const fact of facts) {
    if (fact.type === "book") orders = fact.orders;
    else if (fact.type === "settled") prices = fact.prices;
    else if (fact.type === "metered") readings.set(fact.reading.participant, fact.reading);
    else if (fact.type === "cut") isCut = true;
    // A shadow is not cut: positions are those of the gate.
    else if (fact.type === "notified" && !isCut) {
      for (const { participant, energyWh } of fact.positions) positions.set(participant, energyWh);
    }
  }
  if (prices === undefined) return undefined;
  const known = new Set(prices.tariffs.map(({ participant }) => participant));
  return {
    ...{ periodMs, orders, prices, positions, terms },
    // Who has no tariff yet has done nothing and was not settled.
    readings: [...readings.values()].filter(({ participant }) => known.has(participant)),
  };
}

/** What the mechanism that counts made of it: its trades as the DSO left them, and the bills as they were sent. */
export function actualOutcome({ orders }: ShadowCase, facts: readonly PeriodFact[]): ShadowOutcome {
  const { trades } = afterCuts(facts).after;
  const totals = new Map<string, Micro>();
  for (const fact of facts) {
    if (fact.type !== "bill") continue;
    const { participant, totalMicro } = fact.bill;
    totals.set(participant, micro((totals.get(participant) ?? 0) + totalMicro));
  }
  return { ...tradedOf(trades), welfareBillionths: tradedWelfare(orders, trades), totals };
}
