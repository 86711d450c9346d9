/**
 * Payments beside the journals of registrar, bidding and settlement: each is noted once, booked once or refused once, and for a reason; a
 * payout is booked only where bidding has held the money and the balance bears it; and the operator is told nothing else.
 */
import type { JournalledRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Outcome } from "../../../infra/registry/registry.js";
import type { Fact, LedgerEntry } from "../../../market/facts.js";
import type { NotedPayment, Payment } from "../../../market/rules/payments.js";
import type { ManageBooked, ManageGrants, ManagePayouts } from "../../../shared/messages/manage.js";
import { microOf } from "./requests.js";

export interface PaymentAuditor {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(role: JournalledRole, entry: JournalEntry): string | undefined;
  /** The operator has been told how it stands with a payment. */
  told(payment: Payment, outcome: Outcome): string | undefined;
  /** What has no end yet, undefined where nothing is left. */
  left(): string | undefined;
  counts(): { readonly booked: number; readonly refused: number };
  /** What was paid in less what was paid out, by the registrar's word. */
  paidMicro(participant: string): number;
}

type End = "booked" | "refused";

interface Followed {
  readonly payment: Payment;
  /** Bidding's word on a payout. */
  held?: boolean;
  /** Numbers of the entries that book it. */
  readonly entries: number[];
  /** Settlement's word, then the registrar's. */
  decided?: End;
  end?: End;
}

const mostPaidMicro = 1_000_000_000_000;

/** @param prosumers those with an account at the start */
export function createPaymentAuditor(prosumers: readonly string[], others: readonly string[]): PaymentAuditor {
  const roles = new Map<string, string>();
  for (const id of prosumers) roles.set(id, "prosumer");
  for (const id of others) roles.set(id, "other");
  const followed = new Map<string, Followed>();
  const balances = new Map<string, number>();
  /** Refusals that are durable: what was refused of an id may be taken with another content. */
  const refused = new Set<string>();

  /** What the registrar has to answer; undefined: it notes the payment, or knows it already. */
  function refusal(payment: Payment): string | undefined {
    const known = followed.get(payment.paymentId);
    if (known !== undefined) return isSame(known.payment, payment) ? undefined : "request-id-reused";
    const role = roles.get(payment.participant);
    if (role === undefined) return "unknown-participant";
    const { amountMicro } = payment;
    return role !== "prosumer" || amountMicro <= 0 || amountMicro > mostPaidMicro ? "bad-message" : undefined;
  }

  function ask(payment: Payment, facts: readonly Fact[]): string | undefined {
    const expected = refusal(payment);
    const isNew = expected === undefined && !followed.has(payment.paymentId);
    const answer = facts.find((fact) => fact.type === "answered")?.outcome;
    const code = answer?.ok === false ? answer.code : undefined;
    if (answer === undefined || code !== expected) return `${expected ?? "ok"} was to be answered, not ${code ?? "ok"}`;
    if (code !== undefined) refused.add(`${code} ${JSON.stringify(payment)}`);
    const noted = facts.filter((fact) => fact.type === "payment");
    if (noted.length !== (isNew ? 1 : 0)) return `${payment.paymentId} is noted ${noted.length} times`;
    if (isNew) followed.set(payment.paymentId, { payment, entries: [] });
    return undefined;
  }

  function learn(role: JournalledRole, { event, facts }: JournalEntry): string | undefined {
    for (const fact of facts) if (fact.type === "account") roles.set(fact.account.id, fact.account.role);
    if (role !== "api") return undefined;
    if (event?.type === "PAY") return ask((event as unknown as { payment: Payment }).payment, facts);
    for (const fact of facts) {
      const wrong = fact.type === "payment" ? endOf(fact.payment) : undefined;
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  function endOf(payment: NotedPayment): string | undefined {
    const { paymentId, state } = payment;
    const own = followed.get(paymentId);
    if (own === undefined) return `${paymentId} ends and was never noted`;
    if (state === "pending") return `${paymentId} is pending again`;
    if (own.end !== undefined) return `${paymentId} has a second end: ${state} after ${own.end}`;
    if (state !== own.decided) return `${paymentId} is ${state}, settlement says ${own.decided}`;
    if (!isSame(payment, own.payment)) return `${paymentId} ends as another payment`;
    if (state === "booked" && payment.entry !== own.entries[0]) return `${paymentId} is not in entry ${payment.entry}`;
    own.end = state;
    return undefined;
  }

  function hold({ payouts }: ManagePayouts): string | undefined {
    for (const { paymentId, held } of payouts) {
      const own = followed.get(paymentId);
      if (own === undefined || own.held !== undefined) return `bidding speaks of ${paymentId} a second time`;
      own.held = held;
    }
    return undefined;
  }

  function settled({ event, facts, handedOver }: JournalEntry): string | undefined {
    const booked = new Set<string>();
    for (const fact of facts) {
      const wrong = fact.type === "entry" ? bookEntry(fact.entry, booked) : undefined;
      if (wrong !== undefined) return wrong;
    }
    const decided = new Set<string>();
    for (const { topic, message } of handedOver) {
      const wrong = topic.endsWith("/manage/booked") ? decide(message as ManageBooked, booked, decided) : undefined;
      if (wrong !== undefined) return wrong;
    }
    for (const paymentId of booked) if (!decided.has(paymentId)) return `${paymentId} is booked, and nobody is told`;
    const isPayment = event?.type === "PAYMENTS" || event?.type === "PAYOUTS";
    const grants = isPayment ? handedOver.findLast(({ topic }) => topic.endsWith("/manage/grants")) : undefined;
    return grants === undefined ? undefined : checkGrants(grants.message as ManageGrants, decided);
  }

  function bookEntry(
    { entry, debit, credit, amountMicro, reason }: LedgerEntry,
    booked: Set<string>,
  ): string | undefined {
    balances.set(debit, (balances.get(debit) ?? 0) - amountMicro);
    balances.set(credit, (balances.get(credit) ?? 0) + amountMicro);
    const [kind, paymentId] = reason.split(" ");
    if ((kind !== "deposit" && kind !== "payout") || paymentId === undefined) return undefined;
    const own = followed.get(paymentId);
    if (own === undefined) return `${paymentId} is booked and was never noted`;
    own.entries.push(entry);
    if (own.entries.length > 1) return `${paymentId} is booked twice, by the entries ${own.entries.join(" and ")}`;
    const { payment } = own;
    const account = `participant:${payment.participant}`;
    const sides = payment.kind === "deposit" ? ["bank", account] : [account, "bank"];
    if (kind !== payment.kind || debit !== sides[0] || credit !== sides[1] || amountMicro !== payment.amountMicro)
      return `${paymentId} is booked otherwise than it was noted`;
    if (kind === "payout" && own.held !== true) return `${paymentId} is paid out, and bidding has not held it`;
    if (kind === "payout" && (balances.get(account) ?? 0) < 0)
      return `${paymentId} is paid out of money that is not there`;
    booked.add(paymentId);
    return undefined;
  }

  function decide({ payments }: ManageBooked, booked: Set<string>, decided: Set<string>): string | undefined {
    for (const { paymentId, outcome } of payments) {
      const own = followed.get(paymentId);
      if (own === undefined) return `${paymentId} is decided and was never noted`;
      if (own.decided !== undefined) return `${paymentId} is decided twice`;
      own.decided = outcome;
      decided.add(paymentId);
      if (booked.has(paymentId) !== (outcome === "booked"))
        return `${paymentId} is ${outcome}, its entry says otherwise`;
      if (outcome === "refused" && bears(own)) return `${paymentId} is refused, and could be paid`;
    }
    return undefined;
  }

  function bears({ payment: { kind, participant, amountMicro }, held }: Followed): boolean {
    return kind === "deposit" || (held === true && amountMicro <= (balances.get(`participant:${participant}`) ?? 0));
  }

  /** The funds that bidding is told with a payment are those behind it, and free no hold of a payment that they do not contain. */
  function checkGrants({ grants, payouts = [] }: ManageGrants, decided: Set<string>): string | undefined {
    for (const { participant, funds } of grants) {
      const balance = balances.get(`participant:${participant}`) ?? 0;
      if (microOf(funds) !== balance) return `${participant} is granted ${microOf(funds)}, its balance is ${balance}`;
    }
    const early = payouts.find((paymentId) => !decided.has(paymentId));
    return early === undefined ? undefined : `what is held for ${early} is freed before it is decided`;
  }

  return {
    entry(role, entry) {
      const wrong = learn(role, entry);
      if (wrong !== undefined) return wrong;
      if (role === "settlement") return settled(entry);
      if (role !== "bidding") return undefined;
      for (const { topic, message } of entry.handedOver) {
        const broken = topic.endsWith("/manage/payouts") ? hold(message as ManagePayouts) : undefined;
        if (broken !== undefined) return broken;
      }
      return undefined;
    },
    told(payment, outcome) {
      const { paymentId } = payment;
      const own = followed.get(paymentId);
      if (!outcome.ok) {
        const isKnown = refused.has(`${outcome.code} ${JSON.stringify(payment)}`);
        if (outcome.code === "market-closed" || isKnown) return undefined;
        return `the operator is told ${outcome.code} of ${paymentId}`;
      }
      if (own === undefined) return `the operator is told of ${paymentId}, which is in no journal`;
      const { state } = (outcome as unknown as { readonly payment: NotedPayment }).payment;
      if (state === "pending" || state === own.end) return undefined;
      return `the operator is told that ${paymentId} is ${state}, it is ${own.end ?? "pending"}`;
    },
    left() {
      for (const [paymentId, { end }] of followed) if (end === undefined) return `${paymentId} has no end`;
      return undefined;
    },
    counts() {
      const ends = [...followed.values()].map(({ end }) => end);
      return {
        booked: ends.filter((end) => end === "booked").length,
        refused: ends.filter((end) => end === "refused").length,
      };
    },
    paidMicro(participant) {
      let sum = 0;
      for (const { payment, end } of followed.values()) {
        if (payment.participant !== participant || end !== "booked") continue;
        sum += payment.kind === "deposit" ? payment.amountMicro : -payment.amountMicro;
      }
      return sum;
    },
  };
}

function isSame(one: Payment, other: Payment): boolean {
  const names = ["paymentId", "participant", "kind", "amountMicro", "reference"] as const;
  return names.every((name) => one[name] === other[name]);
}
