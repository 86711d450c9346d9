/**
 * Supply beside the journals of registrar, supplier and settlement: which changes had to be taken, and at whose prices each participant had to
 * be settled in every period. A change holds from its period on, and in none before it; of two for one period the later word holds.
 *
 * What settlement could not know when it settled (the registrar or the supplier was cut off for that long) is not held against it.
 */
import type { JournalledRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Fact, SettledPrices } from "../../../market/facts.js";
import type { ManageSupply, ManageTariffs, WireCustomer, WireOffer } from "../../../shared/messages/manage.js";
import type { Setting } from "../setting.js";
import { type ModelCalendar, modelCalendar } from "./model-calendar.js";
import { microOf } from "./requests.js";

export interface SupplyAuditor {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(role: JournalledRole, entry: JournalEntry): string | undefined;
  /** Changes taken; and settled periods for which one was taken that settlement had not heard of. */
  counts(): { readonly changes: number; readonly late: number };
}

interface Prices {
  readonly supplier: string;
  readonly importMicroPerKwh: number;
  readonly exportMicroPerKwh: number;
}

type Change = ({ readonly offer: WireOffer } | { readonly customer: WireCustomer }) & { readonly fromMs: number };

export function createSupplyAuditor({ terms, supplier, mechanism }: Setting): SupplyAuditor {
  const calendar: ModelCalendar = modelCalendar(terms.calendar);
  const roles = new Map<string, string>(terms.members.map(({ id, role }) => [id, role]));
  const isFixed = mechanism.kind === "pool";
  /** As the registrar took them, in order. */
  const changes: Change[] = [];
  /** How many of them the supplier has heard, each of its messages contains, and settlement knows. */
  const heard = { bySupplier: 0, bySettlement: 0 };
  const containedIn = new Map<number, number>();
  let late = 0;

  function answerTo(entry: JournalEntry): string | undefined {
    const { event, facts, atMs } = entry;
    const asked = event as unknown as { offer: WireOffer; customer: WireCustomer };
    const expected = event?.type === "OFFER" ? refusedOffer(asked.offer, atMs) : refusedCustomer(asked.customer, atMs);
    const answer = facts.find((fact) => fact.type === "answered")?.outcome;
    const code = answer?.ok === false ? answer.code : undefined;
    return answer !== undefined && code === expected
      ? undefined
      : `${expected ?? "ok"} was to be answered, not ${code ?? "ok"}`;
  }

  function refusedOffer(offer: WireOffer, nowMs: number): string | undefined {
    const { priceFloorMicroPerKwh: floor, priceCapMicroPerKwh: cap } = terms.bidding;
    const isIn = (price: number): boolean => microOf(price) >= floor && microOf(price) <= cap;
    const early = refusedChange(offer.from, nowMs);
    if (early !== undefined) return early;
    return [...offer.importPerKwh, ...offer.exportPerKwh].every(isIn) ? undefined : "tariff-refused";
  }

  function refusedCustomer({ participant, supplier: next, from }: WireCustomer, nowMs: number): string | undefined {
    const role = roles.get(participant);
    if (role === undefined) return "unknown-participant";
    const early = refusedChange(from, nowMs);
    if (early !== undefined) return early;
    if (role !== "prosumer") return "tariff-refused";
    const fromMs = Date.parse(from);
    const isKnown = changes.some((one) => "offer" in one && one.offer.supplier === next && one.fromMs <= fromMs);
    return next === supplier.name || isKnown ? undefined : "unknown-supplier";
  }

  function refusedChange(from: string, nowMs: number): string | undefined {
    if (isFixed || calendar.of(Date.parse(from)) === undefined) return "tariff-refused";
    return Date.parse(from) > nowMs ? undefined : "period-begun";
  }

  function note(fact: Fact): void {
    if (fact.type === "account") roles.set(fact.account.id, fact.account.role);
    if (fact.type === "offer") changes.push({ offer: fact.offer, fromMs: Date.parse(fact.offer.from) });
    if (fact.type === "customer") changes.push({ customer: fact.customer, fromMs: Date.parse(fact.customer.from) });
  }

  /** What holds for a participant in a period, by the first `known` changes. */
  function pricesOf(participant: string, periodMs: number, known: number): Prices {
    const begun = changes.slice(0, known).filter(({ fromMs }) => fromMs <= periodMs);
    const own = supplier.tariffs.find((tariff) => tariff.participant === participant) ?? supplier.guestTariff;
    const customers = begun.flatMap((one) =>
      "customer" in one && one.customer.participant === participant ? [one] : [],
    );
    const name = latest(customers)?.customer.supplier ?? own.supplier;
    const offer = latest(begun.flatMap((one) => ("offer" in one && one.offer.supplier === name ? [one] : [])));
    if (offer === undefined) {
      const [importMicroPerKwh = 0] = own.importMicroPerKwh;
      const [exportMicroPerKwh = 0] = own.exportMicroPerKwh;
      return { supplier: name, importMicroPerKwh, exportMicroPerKwh };
    }
    const step = (periodMs - offer.fromMs) / (terms.calendar.periodMinutes * 60_000);
    const at = (prices: readonly number[]): number => microOf(prices[Math.min(step, prices.length - 1)]);
    const { importPerKwh, exportPerKwh } = offer.offer;
    return { supplier: name, importMicroPerKwh: at(importPerKwh), exportMicroPerKwh: at(exportPerKwh) };
  }

  function checkSettled({ periodMs, tariffs }: SettledPrices): string | undefined {
    const known = heard.bySettlement;
    if (changes.slice(known).some(({ fromMs }) => fromMs <= periodMs)) late += 1;
    for (const { participant, ...told } of tariffs) {
      const wanted = pricesOf(participant, periodMs, known);
      const names = ["supplier", "importMicroPerKwh", "exportMicroPerKwh"] as const;
      if (names.some((name) => told[name] !== wanted[name]))
        return `${participant} is settled at ${JSON.stringify(told)} where ${JSON.stringify(wanted)} holds`;
    }
    return undefined;
  }

  function hearSupplier({ event, handedOver }: JournalEntry): void {
    if (event?.type === "SUPPLY") {
      const { offers = [], customers = [] } = (event as unknown as { message: ManageSupply }).message;
      heard.bySupplier += offers.length + customers.length;
    }
    for (const { n, topic } of handedOver) if (topic.endsWith("/manage/tariffs")) containedIn.set(n, heard.bySupplier);
  }

  function hearSettlement({ event, facts }: JournalEntry): string | undefined {
    if (event?.type === "TARIFFS") {
      const { n } = (event as unknown as { message: ManageTariffs }).message;
      heard.bySettlement = Math.max(heard.bySettlement, containedIn.get(n) ?? 0);
    }
    for (const fact of facts) {
      const wrong = fact.type === "settled" && !isFixed ? checkSettled(fact.prices) : undefined;
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  return {
    entry(role, entry) {
      if (role === "supplier") hearSupplier(entry);
      if (role === "settlement") return hearSettlement(entry);
      if (role !== "api") return undefined;
      const isAsked = entry.event?.type === "OFFER" || entry.event?.type === "ASSIGN";
      const wrong = isAsked ? answerTo(entry) : undefined;
      for (const fact of entry.facts) note(fact);
      return wrong;
    },
    counts: () => ({ changes: changes.length, late }),
  };
}

/** That begins last; of two that begin together the one told last. */
function latest<One extends { readonly fromMs: number }>(begun: readonly One[]): One | undefined {
  let found: One | undefined;
  for (const one of begun) if (found === undefined || one.fromMs >= found.fromMs) found = one;
  return found;
}
