/** Payments as the registrar's facts tell them: a projection for readers, and whoever waits for one to be booked or refused. */
import type { Fact } from "../../market/facts.js";
import type { NotedPayment } from "../../market/rules/payments.js";

export interface PaymentQuery {
  readonly participant?: string | undefined;
  readonly state?: NotedPayment["state"] | undefined;
  /** The last of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface PaymentBook {
  learn(fact: Fact): void;
  payment(paymentId: string): NotedPayment | undefined;
  /** The newest first. Undefined: `after` is none of them. */
  list(query: PaymentQuery): readonly NotedPayment[] | undefined;
  /** Resolves once it is booked or refused. */
  decided(paymentId: string): Promise<void>;
}

export function createPaymentBook(facts: Iterable<Fact>): PaymentBook {
  const payments = new Map<string, NotedPayment>();
  const waiting = new Map<string, (() => void)[]>();
  const book: PaymentBook = {
    learn(fact) {
      if (fact.type !== "payment") return;
      const { payment } = fact;
      payments.set(payment.paymentId, payment);
      if (payment.state === "pending") return;
      for (const resolve of waiting.get(payment.paymentId) ?? []) resolve();
      waiting.delete(payment.paymentId);
    },
    payment: (paymentId) => payments.get(paymentId),
    list({ participant, state, after, limit }) {
      if (after !== undefined && !payments.has(after)) return undefined;
      const all = [...payments.values()].reverse();
      const rest = after === undefined ? all : all.slice(all.findIndex(({ paymentId }) => paymentId === after) + 1);
      return rest
        .filter((one) => participant === undefined || one.participant === participant)
        .filter((one) => state === undefined || one.state === state)
        .slice(0, limit);
    },
    decided(paymentId) {
      const known = payments.get(paymentId);
      if (known !== undefined && known.state !== "pending") return Promise.resolve();
      return new Promise((resolve) => waiting.set(paymentId, [...(waiting.get(paymentId) ?? []), resolve]));
    },
  };
  for (const fact of facts) book.learn(fact);
  return book;
}
