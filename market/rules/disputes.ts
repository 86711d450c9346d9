/**
 * Disputes: a bill is provisional for some days after it went out; until then its participant may say that it is wrong, and the operator
 * answers. Instants in UTC milliseconds of market time.
 *
 * A bill is final `disputeDays` after it was sent, whatever is disputed of others; at that instant it is too late. Each bill is disputed at
 * most once, and answered once, also after it is final. Nothing that was billed is edited: what is upheld is put right by a corrected reading,
 * whose bill of the correction is provisional for as long again, or by a payment. A final bill shuts out disputes, not corrections by readings:
 * those end with the correction limit. Nothing is rounded. Source: issue 5 (a dispute window before bills are final).
 */
import { dayMs, isoUtc } from "../../shared/time.js";
import type { AccountRefusal } from "./account.js";

export const disputeStates = ["open", "upheld", "rejected"] as const;
export type DisputeState = (typeof disputeStates)[number];

export interface Dispute {
  readonly billId: string;
  readonly participant: string;
  /** Start of the bill's period. */
  readonly periodMs: number;
  /** What the participant says. */
  readonly reason: string;
  readonly raisedAtMs: number;
  readonly state: DisputeState;
  /** What the operator says; null while it is open. */
  readonly answer: string | null;
  readonly answeredAtMs: number | null;
}

/** What a dispute is raised about. */
export interface DisputedBill extends Pick<Dispute, "billId" | "participant" | "periodMs" | "reason"> {
  readonly sentAtMs: number;
}

/** Of one participant, that are not answered yet. */
export const mostOpenDisputes = 100;

/** @param disputeDays how long a bill is provisional; 0: not at all */
export function finalAt(sentAtMs: number, disputeDays: number): number {
  return sentAtMs + disputeDays * dayMs;
}

/** The dispute as it is raised, or why it is not. @param own those of the participant */
export function raised(
  { sentAtMs, ...bill }: DisputedBill,
  own: Iterable<Dispute>,
  disputeDays: number,
  nowMs: number,
): Dispute | AccountRefusal {
  let open = 0;
  for (const one of own) {
    if (one.billId === bill.billId) return { code: "already-disputed", reason: `${bill.billId} is disputed already` };
    if (one.state === "open") open += 1;
  }
  const finalMs = finalAt(sentAtMs, disputeDays);
  if (nowMs >= finalMs) {
    const reason =
      disputeDays === 0 ? "bills of this market are final at once" : `${bill.billId} is final since ${isoUtc(finalMs)}`;
    return { code: "dispute-closed", reason };
  }
  if (open >= mostOpenDisputes)
    return { code: "too-many-disputes", reason: `${open} disputes wait for an answer already: wait for some of them` };
  return { ...bill, raisedAtMs: nowMs, state: "open", answer: null, answeredAtMs: null };
}

/** The dispute as it is answered; the very same where it was answered so; or why it is not. */
export function answered(
  dispute: Dispute | undefined,
  {
    billId,
    state,
    answer,
  }: { readonly billId: string; readonly state: "upheld" | "rejected"; readonly answer: string },
  nowMs: number,
): Dispute | AccountRefusal {
  if (dispute === undefined) return { code: "unknown-dispute", reason: `nobody disputes ${billId}` };
  if (dispute.state === state && dispute.answer === answer) return dispute;
  if (dispute.state !== "open")
    return { code: "already-answered", reason: `the dispute about ${billId} was ${dispute.state} already` };
  return { ...dispute, state, answer, answeredAtMs: nowMs };
}
