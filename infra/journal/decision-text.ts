/**
 * What was decided on one input, as a text whose chained hash stands in the journal: whoever replays the inputs must come to the same.
 *
 * Numbers, ids and outcomes alone, in a fixed order: wording, times of sending and fields that later versions add are no decision, so that
 * a journal of today proves itself under every later version. What is listed here for a fact is never taken away again.
 */
import type { Fact, RegistrarFact } from "../../market/facts.js";
import type { Digest } from "../../market/ports.js";
import type { HandedOver } from "./journal.js";

/** Of a journal without entries. */
export const firstDigest = "0".repeat(32);

export interface Decided {
  readonly reply: object | null;
  readonly facts: readonly Fact[];
  readonly handedOver: readonly HandedOver[];
}

/** The next link of the chain; the one before where nothing was decided. */
export function nextDigest(previous: string, decided: Decided, digest: Digest): string {
  const text = decisionText(decided);
  return text === "" ? previous : digest(`${previous}\n${text}`).slice(0, firstDigest.length);
}

/** One line for each decision; empty where there is none. */
function decisionText({ reply, facts, handedOver }: Decided): string {
  const lines: unknown[][] = [];
  if (reply !== null) lines.push(replyLine(reply), ...entryLines(reply));
  for (const fact of facts) lines.push([fact.type, ...factValues(fact)]);
  for (const { n, topic } of handedOver) lines.push(["handed", n, topic]);
  return lines.map((line) => JSON.stringify(line)).join("\n");
}

function replyLine(reply: object): unknown[] {
  const { requestId, status, code, orderId, itemId, version, period, acceptedAt } = reply as Record<string, unknown>;
  return ["reply", requestId, status, code, orderId, itemId, version, period, acceptedAt].map((value) => value ?? null);
}

/** Of a gateway's batch, whose one reply holds one for each of its entries. */
function entryLines(reply: object): unknown[][] {
  const { replies = [] } = reply as { readonly replies?: readonly Record<string, unknown>[] };
  return replies.map((entry) => {
    const { requestId, status, code, orderId, itemId, version } = entry;
    return ["entry", entry.for, ...[requestId, status, code, orderId, itemId, version].map((value) => value ?? null)];
  });
}

function factValues(fact: Fact): unknown[] {
  switch (fact.type) {
    case "rejected":
      return [fact.participant, fact.topic, fact.code];
    case "book":
      return [fact.periodMs, ...fact.orders.map((order) => [order.orderId, order.energyWh, order.priceMicroPerKwh])];
    case "notified":
      return [fact.periodMs, ...fact.positions.map(({ participant, energyWh }) => [participant, energyWh])];
    case "fate": {
      const { orderId, outcome, tradedWh, tradedPriceMicroPerKwh, rank } = fact.fate;
      return [fact.periodMs, orderId, outcome, tradedWh, tradedPriceMicroPerKwh, rank];
    }
    case "trade": {
      const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } = fact.trade;
      return [fact.periodMs, buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh ?? null];
    }
    case "cut":
      return [fact.periodMs, ...fact.orders.map(({ orderId, cutWh }) => [orderId, cutWh])];
    case "cleared":
      return [fact.price.periodMs, fact.price.priceMicroPerKwh, fact.price.volumeWh];
    case "contract":
      return [fact.periodMs, fact.participant, fact.energyWh, fact.valueMicro];
    case "metered": {
      const { participant, importWh, exportWh, generationWh, quality } = fact.reading;
      return [fact.periodMs, participant, importWh, exportWh, generationWh, quality, fact.correction];
    }
    case "settled":
      return [fact.prices.periodMs, fact.prices.systemBuyMicroPerKwh, fact.prices.systemSellMicroPerKwh];
    case "head":
      return [fact.head.day, fact.head.head];
    case "entry": {
      const { entry, periodMs, debit, credit, amountMicro } = fact.entry;
      return [entry, periodMs, debit, credit, amountMicro];
    }
    case "bill":
      return [fact.bill.billId, fact.bill.participant, fact.bill.totalMicro, fact.bill.hash];
    case "billed":
      return [fact.periodMs];
    default:
      return registrarValues(fact);
  }
}

function registrarValues(fact: RegistrarFact): unknown[] {
  switch (fact.type) {
    case "account": {
      const { id, role, capacityW, connectionPoint, creditLimitMicro, standing, key } = fact.account;
      return [id, role, capacityW, connectionPoint, creditLimitMicro, standing, key?.hashBase64 ?? null];
    }
    case "invitation": {
      const { hash, role, usesLeft, expiresAtMs } = fact.invitation;
      return [hash, role, usesLeft, expiresAtMs];
    }
    case "offer":
      return [fact.offer.supplier, fact.offer.from, fact.offer.importPerKwh, fact.offer.exportPerKwh];
    case "customer":
      return [fact.customer.participant, fact.customer.supplier, fact.customer.from];
    case "payment": {
      const { paymentId, participant, kind, amountMicro, state } = fact.payment;
      return [paymentId, participant, kind, amountMicro, state, "entry" in fact.payment ? fact.payment.entry : null];
    }
    case "draft": {
      const { draftId, participant, kind, expiresAtMs } = fact.draft;
      return [draftId, participant, kind, expiresAtMs];
    }
    case "dispute": {
      const { billId, participant, raisedAtMs, state } = fact.dispute;
      return [billId, participant, raisedAtMs, state];
    }
    case "draft-dropped":
      return [fact.participant, fact.draftId];
    case "policy":
      return [fact.policy.mode, fact.policy.capacityW, fact.policy.maxParticipants];
    case "answered":
      return [fact.askId, fact.outcome.ok, fact.outcome.ok ? null : fact.outcome.code];
  }
}
