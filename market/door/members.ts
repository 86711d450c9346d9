/** Who takes part, as each manager knows it from the supervisor's `manage/members`. */
import { microFromMajor, wattFromKw } from "../../shared/decimal.js";
import type { ManageMembers } from "../../shared/messages/manage.js";
import type { MemberTerms } from "../terms.js";

export type Members = ReadonlyMap<string, MemberTerms>;

export function membersFrom(message: ManageMembers): Members {
  return new Map(
    message.members.map(({ id, role, capacityKw, connectionPoint, phase, creditLimit, deposit }) => [
      id,
      {
        ...{ id, role, capacityW: wattFromKw(capacityKw), connectionPoint, phase },
        creditLimitMicro: creditLimit === undefined ? undefined : microFromMajor(creditLimit),
        depositMicro: microFromMajor(deposit ?? 0),
      },
    ]),
  );
}

/** Ids of those who consume and produce: everyone whose energy is metered, sorted. */
export function prosumersOf(members: Members): string[] {
  return [...members.values()]
    .filter(({ role }) => role === "prosumer")
    .map(({ id }) => id)
    .sort();
}
