/**
 * Credit at the bidding desk (elecbay.md 0, rule 5): bidding alone reserves, against the funds that settlement grants.
 *
 * Before the first grant nothing is held from anybody with a limit, so that never more is held than granted. A period's SBP is
 * taken from the supplier's newest word when somebody first needs it, and then stands for all holds of that period; beyond what the
 * supplier has told the highest told price holds. Who has no limit is left out of all of this.
 */
import { microFromMajor, microPerKwhFromMajor } from "../../../shared/decimal.js";
import type { ManageGrants, ManageTariffs } from "../../../shared/messages/manage.js";
import { instantFromIso, minuteMs } from "../../../shared/time.js";
import { type MicroPerKwh, micro } from "../../../shared/units.js";
import type { Trade } from "../../facts.js";
import {
  type CreditAccount,
  type CreditCheck,
  capturedHolds,
  createCreditAccount,
  creditExceeded,
  type Exposure,
  type HoldTerms,
  holdFor,
  openHold,
  openHolds,
  releasePayout,
  setHold,
} from "../../rules/credit.js";
import type { BookChange } from "../../rules/period-book.js";
import type { MemberTerms } from "../../terms.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";

export interface CreditDesk {
  /** Of those with a limit, from their first grant on. */
  readonly accounts: Map<string, CreditAccount>;
  readonly systemBuy: Map<number, MicroPerKwh>;
  /** The newest, which covers all that is open: bidding is for periods to come. */
  tariffs: ManageTariffs | undefined;
}

export function createCreditDesk(): CreditDesk {
  return { accounts: new Map(), systemBuy: new Map(), tariffs: undefined };
}

/** Why nobody can say yet what a member may hold; undefined where it is known, or the member has no limit. */
export function whyCreditUnknown({ credit }: BiddingDesk, member: MemberTerms): string | undefined {
  if (member.creditLimitMicro === undefined) return undefined;
  if (credit.tariffs === undefined)
    return "the market is starting, its supplier has told no prices yet: send again later";
  if (credit.accounts.get(member.id)?.fundsMicro === undefined) {
    return "your funds are not known to the market yet: send again later";
  }
  return undefined;
}

/**
 * What the rules ask where `credit-exceeded` stands in the list of codes; undefined for who has no limit.
 * @param orderId the order whose hold the new one takes the place of
 */
export function creditCheck(
  desk: BiddingDesk,
  period: PeriodDesk,
  member: MemberTerms,
  orderId?: string,
): CreditCheck | undefined {
  const { creditLimitMicro } = member;
  if (creditLimitMicro === undefined) return undefined;
  return (exposure: Exposure) => {
    const terms = holdTerms(desk, period.times.periodMs);
    if (terms === undefined) throw new Error("credit is asked for before any price is told");
    const order = orderId === undefined ? undefined : period.book.orders.get(orderId);
    const insteadMicro = order === undefined ? micro(0) : openHold(order, terms);
    const account = desk.credit.accounts.get(member.id);
    return creditExceeded(account, creditLimitMicro, holdFor(exposure, terms), insteadMicro);
  };
}

/** After a command was accepted: all that it touched is held anew, what was traded at once is captured. */
export function holdAnew(desk: BiddingDesk, period: PeriodDesk, sender: string, changes: readonly BookChange[]): void {
  if (desk.credit.accounts.size === 0) return;
  const { periodMs } = period.times;
  const terms = holdTerms(desk, periodMs);
  if (terms === undefined) return;
  const touched = new Set([sender]);
  const trades: Trade[] = [];
  for (const change of changes) {
    if (change.kind === "traded") {
      trades.push(change.trade);
      touched.add(change.trade.buyer).add(change.trade.seller);
    } else if (change.kind !== "item") touched.add(change.orderParticipant).add(change.itemParticipant);
  }
  for (const [participant, holdMicro] of capturedHolds(trades, terms, (id) => limitedAccount(desk, id) !== undefined)) {
    const account = desk.credit.accounts.get(participant);
    const before = account?.captured.get(periodMs) ?? 0;
    if (account !== undefined) setHold(account, "captured", periodMs, micro(before + holdMicro));
  }
  for (const participant of touched) {
    const account = limitedAccount(desk, participant);
    if (account !== undefined) setHold(account, "open", periodMs, openHolds(period.book, participant, terms));
  }
}

/**
 * At the gate: what was traded in all, fills before the gate included, is held until the period is settled; all else is released. After
 * the DSO's cuts once more: what was held for energy that is cut is released.
 */
export function captureHolds(desk: BiddingDesk, periodMs: number, trades: readonly Trade[]): void {
  const { accounts } = desk.credit;
  const terms = holdTerms(desk, periodMs);
  if (accounts.size === 0 || terms === undefined) return;
  const captured = capturedHolds(trades, terms, (id) => limitedAccount(desk, id) !== undefined);
  for (const [participant, account] of accounts) {
    setHold(account, "open", periodMs, undefined);
    setHold(account, "captured", periodMs, captured.get(participant));
  }
}

/** Once nothing of a period can be held anew. */
export function forgetHoldPrice(desk: BiddingDesk, periodMs: number): void {
  desk.credit.systemBuy.delete(periodMs);
}

/** New funds, and the periods and payouts they contain: both at once, so that nothing counts twice or is missing. */
export function learnGrants(desk: BiddingDesk, { grants, settled = [], payouts = [] }: ManageGrants): void {
  const { accounts } = desk.credit;
  for (const { participant, funds } of grants) {
    const account = accounts.get(participant) ?? createCreditAccount();
    account.fundsMicro = microFromMajor(funds);
    accounts.set(participant, account);
  }
  for (const paymentId of payouts) for (const account of accounts.values()) releasePayout(account, paymentId);
  for (const iso of settled) {
    const periodMs = instantFromIso(iso);
    if (periodMs === undefined) continue;
    for (const account of accounts.values()) setHold(account, "captured", periodMs, undefined);
  }
}

function limitedAccount(desk: BiddingDesk, participant: string): CreditAccount | undefined {
  const isLimited = desk.reception.members.get(participant)?.creditLimitMicro !== undefined;
  return isLimited ? desk.credit.accounts.get(participant) : undefined;
}

function holdTerms(desk: BiddingDesk, periodMs: number): HoldTerms | undefined {
  const { systemBuy, tariffs } = desk.credit;
  const known = systemBuy.get(periodMs) ?? (tariffs === undefined ? undefined : systemBuyAt(tariffs, periodMs));
  if (known === undefined) return undefined;
  systemBuy.set(periodMs, known);
  return { fees: desk.terms.settlement, systemBuyMicroPerKwh: known };
}

function systemBuyAt({ from, stepMinutes, systemBuyPerKwh }: ManageTariffs, periodMs: number): MicroPerKwh {
  const stepMs = stepMinutes * minuteMs;
  const step = Math.max(0, Math.floor((periodMs - (instantFromIso(from) ?? 0)) / stepMs));
  const [only] = systemBuyPerKwh;
  const told = systemBuyPerKwh.length === 1 ? only : systemBuyPerKwh[step];
  return microPerKwhFromMajor(told ?? Math.max(...systemBuyPerKwh));
}
