/** Who takes part, as each manager knows it from the supervisor's `manage/members`. */
import { microFromMajor, wattFromKw } from "../../shared/decimal.js";
import type { ManageMembers, Member } from "../../shared/messages/manage.js";
import { instantFromIso, isoUtc } from "../../shared/time.js";
import { micro, watt } from "../../shared/units.js";
import type { MemberTerms } from "../terms.js";

export type Members = ReadonlyMap<string, MemberTerms>;

export function membersFrom(message: ManageMembers): Members {
  return new Map(message.members.map((member) => [member.id, memberFrom(member)]));
}

/** With the operator, who takes no part but reads meters: he sends what he was told of them as `operator`. */
export function withOperator(members: Members): Members {
  const operator: MemberTerms = {
    ...{ id: "operator", role: "operator", capacityW: watt(0), connectionPoint: null, phase: null },
    ...{ creditLimitMicro: undefined, depositMicro: micro(0) },
  };
  return new Map([...members, [operator.id, operator]]);
}

/** One of them, as it is told. */
export function memberFrom(member: Member): MemberTerms {
  const { id, role, capacityKw, connectionPoint, phase, creditLimit, deposit, standing, gateway, from, until } = member;
  return {
    ...{ id, role, capacityW: wattFromKw(capacityKw), connectionPoint, phase },
    creditLimitMicro: creditLimit === undefined ? undefined : microFromMajor(creditLimit),
    depositMicro: microFromMajor(deposit ?? 0),
    ...(gateway === undefined ? {} : { gateway }),
    ...(standing === undefined ? {} : { standing }),
    ...(from === undefined ? {} : { fromMs: instantFromIso(from) }),
    ...(until === undefined ? {} : { untilMs: instantFromIso(until) }),
  };
}

/** Whether a delivery period is one of those that it takes part in. */
export function takesPartIn({ fromMs, untilMs }: MemberTerms, periodMs: number): boolean {
  return (fromMs === undefined || periodMs >= fromMs) && (untilMs === undefined || periodMs < untilMs);
}

/** Why a period is not its own; undefined: it is. */
export function whyNotOwnPeriod(member: MemberTerms, periodMs: number): string | undefined {
  if (takesPartIn(member, periodMs)) return undefined;
  const { id, fromMs, untilMs } = member;
  return fromMs !== undefined && periodMs < fromMs
    ? `${id} takes part from ${isoUtc(fromMs)} on`
    : `${id} takes no part from ${isoUtc(untilMs ?? periodMs)} on`;
}

/**
 * Ids of those who consume and produce in a period: everyone whose energy is metered, sorted. Who has left is looked for in its own periods
 * alone, and where it left at once in none.
 */
export function prosumersOf(members: Members, periodMs: number): string[] {
  return [...members.values()]
    .filter((member) => member.role === "prosumer" && takesPartIn(member, periodMs))
    .filter(({ standing, untilMs }) => standing !== "left" || untilMs !== undefined)
    .map(({ id }) => id)
    .sort();
}
