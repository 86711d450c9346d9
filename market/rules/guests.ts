/**
 * Guests: who takes part over MQTT under a free id without having registered, where the market welcomes that. Power in W.
 *
 * A guest is an account like any other, marked as such, so that the operator can list, suspend, pay and bill it. The first password that is
 * given for an id holds for good. Nobody who registers comes into a guest's id, money and bills, unless the operator says so: then the guest
 * has become that participant (it is adopted), with a key of its own in the place of the password.
 * Room is for `mostGuests` of them, those who have left not counted; they take no room of those who register.
 * Source: issue 5 (the door); docs/operate.md, "Guests".
 */
import { isParticipantId } from "../../shared/participant-id.js";
import type { Micro, Watt } from "../../shared/units.js";
import type { Account, AccountRefusal, KeyHash } from "./account.js";
import type { RegistrationRequest } from "./registration.js";

/** Not more of them than a community would have. */
export const mostGuests = 100;

export interface GuestRequest {
  readonly id: string;
  /** Of the password that it came with; null: not known here, the broker alone keeps it. */
  readonly key: KeyHash | null;
}

export interface GuestSetting {
  /** Whoever has the id already. */
  readonly known: Account | undefined;
  /** Guests who have not left. */
  readonly guests: number;
  /** Of each guest; undefined: none are welcome. */
  readonly capacityW: Watt | undefined;
  /** Null: no limit. */
  readonly creditLimitMicro: Micro | null;
  readonly nowMs: number;
}

export const isGuest = ({ origin }: Pick<Account, "origin">): boolean => origin === "guest";

/** Those who have not left: who registered or is the scenario's own, and guests, each of which has its own room. */
export function countPresent(accounts: Iterable<Account>): { readonly participants: number; readonly guests: number } {
  let participants = 0;
  let guests = 0;
  for (const account of accounts) {
    if (account.standing === "left") continue;
    if (isGuest(account)) guests += 1;
    else participants += 1;
  }
  return { participants, guests };
}

/** The guest's account, the very same where it is known so already, or why there is none. */
export function admittedGuest({ id, key }: GuestRequest, setting: GuestSetting): Account | AccountRefusal {
  const { known, guests, capacityW, creditLimitMicro, nowMs } = setting;
  if (known !== undefined) return returned(known, key);
  if (!isParticipantId(id)) return { code: "bad-message", reason: `${id} is no participant id` };
  if (capacityW === undefined) return { code: "registration-closed", reason: "this market welcomes no guests" };
  if (guests >= mostGuests)
    return { code: "registration-closed", reason: `there is no room for more than ${mostGuests} guests` };
  return {
    ...{ id, role: "prosumer", capacityW, connectionPoint: null, phase: null, creditLimitMicro, key, claim: null },
    ...{ standing: "active", reason: null, registeredAtMs: nowMs, origin: "guest" },
  };
}

/** A guest whose password nobody here knew yet keeps the one that it comes back with. */
function returned(known: Account, key: KeyHash | null): Account | AccountRefusal {
  if (!isGuest(known)) return { code: "id-taken", reason: `somebody is registered as ${known.id}` };
  if (known.standing === "left") return { code: "has-left", reason: `${known.id} has left this market` };
  return key === null || known.key !== null ? known : { ...known, key };
}

/**
 * A guest becomes the participant whom the operator registers: money, bills, credit limit and standing stay as they are, the key and what the
 * operator says of the connection are new.
 * @returns why not, where it is none
 */
export function adopted(request: RegistrationRequest, guest: Account | undefined): Account | AccountRefusal {
  const { id, role, key, capacityW, connectionPoint, phase } = request;
  if (guest === undefined) return { code: "unknown-participant", reason: `there is no guest ${id}` };
  if (!isGuest(guest)) return { code: "id-taken", reason: `${id} is taken, and by no guest` };
  if (guest.standing === "left") return { code: "has-left", reason: `${id} has left this market` };
  if (role !== guest.role) return { code: "bad-message", reason: `${id} is a ${guest.role}, no ${role}` };
  if (capacityW !== null && capacityW < 0) return { code: "bad-message", reason: "a capacity is no less than 0" };
  const { origin: _origin, ...account } = guest;
  return {
    ...{ ...account, key },
    capacityW: capacityW ?? guest.capacityW,
    connectionPoint: connectionPoint ?? guest.connectionPoint,
    phase: phase ?? guest.phase,
  };
}
