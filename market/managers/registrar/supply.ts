/** Supply at the registrar: what the operator says of offers and of who is with whom, told to the supplier. */
import type { ManageSupply, WireCustomer, WireOffer } from "../../../shared/messages/manage.js";
import type { Fact } from "../../facts.js";
import type { AccountRefusal } from "../../rules/account.js";
import { refusedCustomer, refusedOffer, type SupplySetting } from "../../rules/supply.js";
import type { MarketTerms } from "../../terms.js";
import { isInRun } from "../calendar.js";
import type { RegistrarState } from "./registrar-state.js";

type SupplyTerms = Pick<MarketTerms, "calendar" | "bidding">;

export function takeOffer(
  state: RegistrarState,
  terms: SupplyTerms,
  offer: WireOffer,
  nowMs: number,
): readonly Fact[] | AccountRefusal {
  const refusal = refusedOffer(offer, settingOf(state, terms, nowMs));
  if (refusal !== undefined) return refusal;
  if (JSON.stringify(state.offers.at(-1)) === JSON.stringify(offer)) return [];
  state.offers.push(offer);
  return [{ type: "offer", offer }];
}

export function assign(
  state: RegistrarState,
  terms: SupplyTerms,
  customer: WireCustomer,
  nowMs: number,
): readonly Fact[] | AccountRefusal {
  const { participant } = customer;
  const account = state.accounts.get(participant);
  if (account === undefined) return { code: "unknown-participant", reason: `nobody is registered as ${participant}` };
  const setting = { ...settingOf(state, terms, nowMs), changes: state.customers.length };
  const refusal = refusedCustomer(customer, account, setting);
  if (refusal !== undefined) return refusal;
  if (JSON.stringify(state.customers.at(-1)) === JSON.stringify(customer)) return [];
  state.customers.push(customer);
  return [{ type: "customer", customer }];
}

function settingOf(
  { policy, offers }: RegistrarState,
  { calendar, bidding }: SupplyTerms,
  nowMs: number,
): SupplySetting {
  const { priceFloorMicroPerKwh, priceCapMicroPerKwh } = bidding;
  const isPeriod = (instantMs: number): boolean => isInRun(instantMs, calendar);
  return { supplier: policy.supplier, offers, nowMs, isPeriod, priceFloorMicroPerKwh, priceCapMicroPerKwh };
}

/** What is new, for the supplier. */
export function supplyTold(facts: readonly Fact[]): Pick<ManageSupply, "offers" | "customers"> | undefined {
  const offers = facts.flatMap((fact) => (fact.type === "offer" ? [fact.offer] : []));
  const customers = facts.flatMap((fact) => (fact.type === "customer" ? [fact.customer] : []));
  if (offers.length + customers.length === 0) return undefined;
  return { ...(offers.length === 0 ? {} : { offers }), ...(customers.length === 0 ? {} : { customers }) };
}
