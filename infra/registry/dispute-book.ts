/** Disputes as the registrar's facts tell them: a projection for readers. */
import type { Fact } from "../../market/facts.js";
import { type Dispute, type DisputeState, finalAt } from "../../market/rules/disputes.js";

export interface DisputeBook {
  learn(fact: Fact): void;
  /** Of a bill; undefined: nobody disputes it. */
  of(billId: string): Dispute | undefined;
  /** In the order in which they were raised, at most `limit` after that of the bill `after`. Undefined: there is none of that. */
  list(query: {
    readonly state?: DisputeState | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  }): readonly Dispute[] | undefined;
  /** When a bill that was sent then is final. */
  finalAt(sentAtMs: number): number;
}

export function createDisputeBook(facts: Iterable<Fact>): DisputeBook {
  const disputes = new Map<string, Dispute>();
  let disputeDays = 0;
  const book: DisputeBook = {
    learn(fact) {
      if (fact.type === "dispute") disputes.set(fact.dispute.billId, fact.dispute);
      else if (fact.type === "policy") disputeDays = fact.policy.disputeDays ?? 0;
    },
    of: (billId) => disputes.get(billId),
    list({ state, after, limit }) {
      if (after !== undefined && !disputes.has(after)) return undefined;
      const all = [...disputes.values()];
      const rest = after === undefined ? all : all.slice(all.findIndex(({ billId }) => billId === after) + 1);
      return rest.filter((one) => state === undefined || one.state === state).slice(0, limit);
    },
    finalAt: (sentAtMs) => finalAt(sentAtMs, disputeDays),
  };
  for (const fact of facts) book.learn(fact);
  return book;
}
