import { describe, expect, it } from "vitest";
import type { Account } from "../../../market/rules/account.js";
import {
  admittedGuest,
  adopted,
  countPresent,
  type GuestRequest,
  type GuestSetting,
  mostGuests,
} from "../../../market/rules/guests.js";
import type { RegistrationRequest } from "../../../market/rules/registration.js";
import { micro, watt } from "../../../shared/units.js";

const nowMs = Date.UTC(2016, 7, 1);
const key = (hashBase64: string) => ({ saltBase64: "c2FsdA==", hashBase64, iterations: 101 });
const setting: GuestSetting = {
  ...{ known: undefined, guests: 0, capacityW: watt(20_000), creditLimitMicro: micro(5), nowMs },
};
const admit = (request: Partial<GuestRequest>, given: Partial<GuestSetting> = {}) =>
  admittedGuest({ id: "zoe", key: key("own"), ...request }, { ...setting, ...given });
const codeOf = (outcome: object): unknown => ("code" in outcome ? outcome.code : "taken in");

function guest(): Account {
  const account = admit({});
  if ("code" in account) throw new Error(account.reason);
  return account;
}
const { origin: _origin, ...registered } = guest();

describe("a guest", () => {
  it("is an account marked as such, with the connection and the credit of guests and the password it came with", () => {
    expect(guest()).toEqual({
      ...{ id: "zoe", role: "prosumer", origin: "guest", standing: "active", reason: null, key: key("own") },
      ...{ capacityW: 20_000, connectionPoint: null, phase: null, claim: null, creditLimitMicro: 5 },
      registeredAtMs: nowMs,
    });
  });

  it("is not admitted where none are welcome, there is no room, or the id is nobody's to have", () => {
    expect(codeOf(admit({}, { capacityW: undefined }))).toBe("registration-closed");
    expect(codeOf(admit({}, { guests: mostGuests }))).toBe("registration-closed");
    expect(codeOf(admit({}, { guests: mostGuests - 1 }))).toBe("taken in");
    expect(codeOf(admit({ id: "bidding" }))).toBe("bad-message");
    expect(codeOf(admit({}, { known: registered }))).toBe("id-taken");
    expect(codeOf(admit({}, { known: { ...guest(), standing: "left" } }))).toBe("has-left");
  });

  it("comes back as it was, also when there is no room for another; the first password that is known holds", () => {
    const known = { ...guest(), standing: "suspended" as const };
    expect(admit({ key: key("another's") }, { known, guests: mostGuests })).toBe(known);
    const before = { ...known, key: null };
    expect(admit({ key: null }, { known: before })).toBe(before);
    expect(admit({}, { known: before })).toEqual(known);
  });

  it("takes no room of those who register", () => {
    const left = { ...registered, standing: "left" as const };
    expect(countPresent([registered, guest(), left, { ...guest(), standing: "left" }])).toEqual({
      ...{ participants: 1, guests: 1 },
    });
  });
});

describe("a guest whom the operator registers", () => {
  const request: RegistrationRequest = {
    ...{ id: "zoe", role: "prosumer", capacityW: null, connectionPoint: "R18", phase: null, by: "operator" },
    key: key("drawn"),
  };

  it("keeps its money, credit and standing, and has a key and the connection that the operator says", () => {
    const before = { ...guest(), standing: "suspended" as const, reason: "late", creditLimitMicro: micro(7) };
    const { origin: _guest, ...rest } = before;
    expect(adopted(request, before)).toEqual({ ...rest, key: key("drawn"), connectionPoint: "R18" });
    expect(adopted({ ...request, capacityW: watt(7000) }, before)).toMatchObject({ capacityW: 7000 });
  });

  it("is one, is there, and stays what it is", () => {
    expect(codeOf(adopted(request, undefined))).toBe("unknown-participant");
    expect(codeOf(adopted(request, registered))).toBe("id-taken");
    expect(codeOf(adopted(request, { ...guest(), standing: "left" }))).toBe("has-left");
    expect(codeOf(adopted({ ...request, role: "meter" }, guest()))).toBe("bad-message");
    expect(codeOf(adopted({ ...request, capacityW: watt(-1) }, guest()))).toBe("bad-message");
  });
});
