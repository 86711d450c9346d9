/** Who takes part, as each manager knows it from the supervisor's `manage/members`. */
import { microFromMajor, wattFromKw } from "../../shared/decimal.js";
import type { ManageMembers, Member } from "../../shared/messages/manage.js";
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
  const { id, role, capacityKw, connectionPoint, phase, creditLimit, deposit, standing } = member;
  return {
    ...{ id, role, capacityW: wattFromKw(capacityKw), connectionPoint, phase },
    creditLimitMicro: creditLimit === undefined ? undefined : microFromMajor(creditLimit),
    depositMicro: microFromMajor(deposit ?? 0),
    ...(standing === undefined ? {} : { standing }),
  };
}

/** Ids of those who consume and produce: everyone whose energy is metered, sorted. Who has left is not looked for any more. */
export function prosumersOf(members: Members): string[] {
  return [...members.values()]
    .filter(({ role, standing }) => role === "prosumer" && standing !== "left")
    .map(({ id }) => id)
    .sort();
}
