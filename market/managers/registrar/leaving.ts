/**
 * Leaving with a delivery period, and a change of tenant: who leaves takes part up to the period before, who follows begins with it.
 *
 * Only a period whose bidding has not opened yet can be named, so that the leaver has neither orders nor contracts there. All that it has
 * contracted before is settled with its own readings, which are taken for its own periods alone, also after it has left. Who leaves at once
 * bids no more, and its last period is the last that is open then: a reading of a later one would be paid for energy that is not its own.
 */
import { isoUtc, minuteMs } from "../../../shared/time.js";
import type { Fact } from "../../facts.js";
import { type Account, type AccountRefusal, accountAfter, isToLeave } from "../../rules/account.js";
import { countPresent, isGuest } from "../../rules/guests.js";
import { registered } from "../../rules/registration.js";
import type { CalendarTerms, MarketTerms } from "../../terms.js";
import { firstPeriod, isInRun, tickLengthMs, timesOf } from "../calendar.js";
import type { Ask } from "./asks.js";
import type { RegistrarState } from "./registrar-state.js";

type Of<Type extends Ask["type"]> = Extract<Ask, { readonly type: Type }>;
type Decision = readonly Fact[] | AccountRefusal;
type Terms = Pick<MarketTerms, "calendar" | "creditLimitMicro">;

export function leave({ accounts }: RegistrarState, { calendar }: Terms, ask: Of<"LEAVE">, nowMs: number): Decision {
  const before = accounts.get(ask.id);
  if (before === undefined) return unknown(ask.id);
  const { untilMs, endsWithOpen } = ask;
  const refusal =
    untilMs === undefined
      ? undefined
      : (whyNotWith(untilMs, before, calendar, nowMs) ?? whyFollowed(accounts, before, untilMs));
  if (refusal !== undefined) return refusal;
  const account = accountAfter(before, { act: "leave", untilMs });
  if ("code" in account) return account;
  if (account === before) return [];
  if (untilMs !== undefined || endsWithOpen !== true) return kept(accounts, [account]);
  const endMs = Math.min(firstUnopened(calendar, nowMs), before.untilMs ?? Number.POSITIVE_INFINITY);
  return kept(accounts, [{ ...account, untilMs: endMs }]);
}

export function changeTenant(
  { accounts, policy }: RegistrarState,
  { calendar, creditLimitMicro }: Terms,
  { leaver, newcomer, isNoted }: Of<"CHANGE_TENANT">,
  nowMs: number,
): Decision {
  const before = accounts.get(leaver);
  if (before === undefined) return unknown(leaver);
  if (before.role !== "prosumer") return { code: "bad-message", reason: `${leaver} is a ${before.role}, no tenant` };
  const { fromMs } = newcomer;
  const refusal = whyNotWith(fromMs, before, calendar, nowMs) ?? whyFollowed(accounts, before, undefined);
  if (refusal !== undefined) return refusal;
  const left = accountAfter(before, { act: "leave", untilMs: fromMs });
  if ("code" in left) return left;
  const others = countPresent(accounts.values()).participants - (isGuest(before) ? 0 : 1); // the leaver makes room
  const { connectionPoint, phase, capacityW } = before;
  const follows = registered(
    {
      ...{ ...newcomer, connectionPoint, phase, capacityW: newcomer.capacityW ?? capacityW },
      ...{ role: "prosumer", by: "operator" },
    },
    {
      ...{ policy, participants: others, isTaken: accounts.has(newcomer.id), invitation: null, nowMs },
      creditLimitMicro: creditLimitMicro ?? null,
    },
  );
  if ("code" in follows) return follows;
  return kept(accounts, [left, isNoted === true ? { ...follows, follows: leaver } : follows]);
}

/** Those whose time has come. */
export function leaveInTime({ accounts }: RegistrarState, nowMs: number): readonly Fact[] {
  const due = [...accounts.values()].filter((account) => isToLeave(account, nowMs));
  return kept(
    accounts,
    due.map((account): Account => ({ ...account, standing: "left", reason: null })),
  );
}

/** The first period whose bidding opens so late that bidding is told before. */
function firstUnopened(calendar: CalendarTerms, nowMs: number): number {
  const lengthMs = calendar.periodMinutes * minuteMs;
  const leadMs = (calendar.openMinutes + calendar.gateMinutes) * minuteMs;
  const lastOpenMs = nowMs + tickLengthMs(calendar) + leadMs;
  return Math.max(firstPeriod(calendar), Math.floor(lastOpenMs / lengthMs) * lengthMs + lengthMs);
}

function whyNotWith(
  periodMs: number,
  account: Account,
  calendar: CalendarTerms,
  nowMs: number,
): AccountRefusal | undefined {
  const bad = (reason: string): AccountRefusal => ({ code: "bad-message", reason });
  if (account.standing === "left") return { code: "has-left", reason: `${account.id} has left this market` };
  if (!isInRun(periodMs, calendar)) return bad(`${isoUtc(periodMs)} is no delivery period of this market`);
  // A tick early: bidding is told of it in time.
  if (timesOf(periodMs, calendar).opensAtMs <= nowMs + tickLengthMs(calendar))
    return bad(`bidding for ${isoUtc(periodMs)} is open, or about to be: name a later period`);
  if (account.fromMs !== undefined && periodMs <= account.fromMs)
    return bad(`${account.id} begins with ${isoUtc(account.fromMs)}: name a later period`);
  return undefined;
}

/**
 * Why somebody who is followed at its connection cannot stay as long as that, or be followed by another: nobody's energy counts for two.
 * @param untilMs undefined: another is to follow
 */
function whyFollowed(
  accounts: ReadonlyMap<string, Account>,
  { id, untilMs: endMs }: Account,
  untilMs: number | undefined,
): AccountRefusal | undefined {
  if (endMs === undefined || (untilMs !== undefined && untilMs <= endMs)) return undefined;
  for (const one of accounts.values()) {
    if (one.follows !== id || one.standing === "left") continue;
    const reason = `${one.id} follows ${id} from ${isoUtc(endMs)} on: let ${one.id} leave first`;
    return { code: "bad-message", reason };
  }
  return undefined;
}

function kept(accounts: Map<string, Account>, changed: readonly Account[]): readonly Fact[] {
  for (const account of changed) accounts.set(account.id, account);
  return changed.map((account) => ({ type: "account", account }));
}

const unknown = (id: string): AccountRefusal => ({
  ...{ code: "unknown-participant", reason: `nobody is registered as ${id}` },
});
