/** Offers and who is with whom as the registrar's facts tell them: a projection for readers. */
import type { Fact } from "../../market/facts.js";
import type { WireCustomer, WireOffer } from "../../shared/messages/manage.js";

export interface SupplyBook {
  learn(fact: Fact): void;
  /** As the operator has told them, in order; what the scenario says is not among them. */
  offers(): readonly WireOffer[];
  customers(): readonly WireCustomer[];
}

export function createSupplyBook(facts: Iterable<Fact>): SupplyBook {
  const offers: WireOffer[] = [];
  const customers: WireCustomer[] = [];
  const book: SupplyBook = {
    learn(fact) {
      if (fact.type === "offer") offers.push(fact.offer);
      else if (fact.type === "customer") customers.push(fact.customer);
    },
    offers: () => offers,
    customers: () => customers,
  };
  for (const fact of facts) book.learn(fact);
  return book;
}
