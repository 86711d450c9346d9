import { describe, expect, it } from "vitest";
import { type Account, accountAfter } from "../../../market/rules/account.js";
import { type Draft, largestDraftCharacters, mostDrafts, refusedDraft } from "../../../market/rules/drafts.js";
import { type Invitation, refusedInvitation, refusedUse, used } from "../../../market/rules/invitations.js";
import {
  type RegistrationRequest,
  type RegistrationSetting,
  registered,
  registrationModes,
} from "../../../market/rules/registration.js";
import { micro, watt } from "../../../shared/units.js";

const nowMs = Date.UTC(2016, 7, 1);
const key = { saltBase64: "c2FsdA==", hashBase64: "aGFzaA==", iterations: 101 };
const invitation: Invitation = { hash: "h", role: "meter", usesLeft: 2, expiresAtMs: nowMs + 1 };
const stranger: RegistrationRequest = {
  ...{ id: "p1", role: "prosumer", capacityW: null, connectionPoint: null, phase: null, key, by: "stranger" },
};

function asked(request: Partial<RegistrationRequest>, setting: Partial<RegistrationSetting> = {}, mode = "open") {
  return registered(
    { ...stranger, ...request },
    {
      policy: { mode: mode as "open", capacityW: watt(7000), maxParticipants: 3 },
      ...{ participants: 2, isTaken: false, invitation: null, creditLimitMicro: micro(5), nowMs, ...setting },
    },
  );
}
const codeOf = (outcome: object): unknown => ("code" in outcome ? outcome.code : "registered");

describe("registration", () => {
  it.each([
    ["open", ["registered", "registered", "registered"]],
    ["invitation", ["registration-closed", "registered", "registered"]],
    ["operator", ["registration-closed", "registration-closed", "registered"]],
    ["closed", ["registration-closed", "registration-closed", "registration-closed"]],
  ])("in mode %s: a stranger, one with an invitation, one whom the operator registers", (mode, expected) => {
    const invited = { ...invitation, role: "prosumer" } as const;
    const outcomes = [
      asked({}, {}, mode),
      asked({}, { invitation: invited }, mode),
      asked({ by: "operator" }, {}, mode),
    ];
    expect(registrationModes).toContain(mode);
    expect(outcomes.map(codeOf)).toEqual(expected);
  });

  it("gives a stranger a newcomer's capacity and credit; what it says of its connection waits for the operator", () => {
    expect(asked({ capacityW: watt(9000), connectionPoint: "R18", phase: "a" })).toMatchObject({
      ...{ capacityW: 7000, connectionPoint: null, phase: null, creditLimitMicro: 5, standing: "active" },
      claim: { capacityW: 9000, connectionPoint: "R18", phase: "a" },
    });
    expect(asked({ capacityW: watt(3000) })).toMatchObject({ capacityW: 3000, claim: null });
    expect(asked({ capacityW: watt(9000), connectionPoint: "R18", by: "operator" })).toMatchObject({
      ...{ capacityW: 9000, connectionPoint: "R18", claim: null },
    });
  });

  it("lets nobody be a meter without an invitation for one, nor an operator at all", () => {
    expect(codeOf(asked({ role: "meter" }))).toBe("registration-closed");
    expect(asked({ role: "meter" }, { invitation })).toMatchObject({ role: "meter", capacityW: 0 });
    expect(codeOf(asked({ role: "prosumer" }, { invitation }))).toBe("invitation-invalid");
    expect(codeOf(asked({ role: "operator", by: "operator" }))).toBe("bad-message");
  });

  it("refuses a taken id, a reserved one, and whoever comes when all places are taken", () => {
    expect(codeOf(asked({}, { isTaken: true }))).toBe("id-taken");
    expect(codeOf(asked({ id: "settlement" }))).toBe("bad-message");
    expect(codeOf(asked({}, { participants: 3 }))).toBe("registration-closed");
    expect(codeOf(asked({ by: "operator" }, { participants: 3 }))).toBe("registration-closed");
  });
});

describe("an invitation", () => {
  it("is good until its instant, so often as it says, and for its role", () => {
    const once = used(invitation);
    expect(refusedUse(once, "meter", nowMs)).toBeUndefined();
    expect(refusedUse(once, "meter", nowMs + 1)).toMatchObject({ code: "invitation-invalid" });
    expect(refusedUse(used(once), "meter", nowMs)).toMatchObject({ code: "invitation-invalid" });
    expect(refusedUse(undefined, "meter", nowMs)).toMatchObject({ code: "invitation-invalid" });
    expect(refusedUse(invitation, "prosumer", nowMs)).toMatchObject({ code: "invitation-invalid" });
  });

  it("is not made for an operator, for the past, for no use, nor beyond what is kept", () => {
    expect(refusedInvitation(invitation, 999, nowMs)).toBeUndefined();
    expect(refusedInvitation(invitation, 1000, nowMs)).toBeDefined();
    expect(refusedInvitation(invitation, 0, nowMs + 1)).toBeDefined();
    expect(refusedInvitation({ ...invitation, role: "operator" }, 0, nowMs)).toBeDefined();
    expect(refusedInvitation({ ...invitation, usesLeft: 0 }, 0, nowMs)).toBeDefined();
    expect(refusedInvitation({ ...invitation, usesLeft: 1.5 }, 0, nowMs)).toBeDefined();
  });
});

describe("a draft", () => {
  const draft = (draftId: string, expiresAtMs = nowMs + 1): Draft => ({
    ...{ draftId, participant: "p1", kind: "BID", message: { action: "place" }, keptAtMs: nowMs, expiresAtMs },
  });
  const full = Array.from({ length: mostDrafts }, (_, number) => draft(`d${number}`));

  it("is refused beyond a hundred, unless it takes the place of one or some are over", () => {
    expect(refusedDraft(draft("new"), full, nowMs)).toMatchObject({ code: "too-many-drafts" });
    expect(refusedDraft(draft("d7"), full, nowMs)).toBeUndefined();
    expect(refusedDraft(draft("new"), [...full.slice(1), draft("d0", nowMs)], nowMs)).toBeUndefined();
  });

  it("is refused when it is longer than a command, or its period is billed", () => {
    const long = { ...draft("new"), message: { text: "x".repeat(largestDraftCharacters) } };
    expect(refusedDraft(long, [], nowMs)).toMatchObject({ code: "bad-message" });
    expect(refusedDraft(draft("new", nowMs), [], nowMs)).toMatchObject({ code: "bad-message" });
  });
});

describe("an account", () => {
  const account = asked({ capacityW: watt(9000) }) as Account;

  it("that has left stays so, and may only have a new key", () => {
    const left = accountAfter(account, { act: "leave" }) as Account;
    expect(left.standing).toBe("left");
    expect(accountAfter(left, { act: "leave" })).toBe(left);
    for (const act of [{ act: "resume" }, { act: "suspend", reason: "" }, { act: "change", change: {} }] as const)
      expect(accountAfter(left, act)).toMatchObject({ code: "has-left" });
    expect(accountAfter(left, { act: "renew-key", key: { ...key, iterations: 7 } })).toMatchObject({
      ...{ standing: "left", key: { iterations: 7 } },
    });
  });

  it("is as the operator says from then on, and what it claimed is settled by it", () => {
    expect(account.claim).not.toBeNull();
    const limited = accountAfter(account, { act: "change", change: { creditLimitMicro: null } }) as Account;
    expect(limited).toMatchObject({ creditLimitMicro: null, capacityW: 7000, claim: account.claim });
    const change = { capacityW: watt(8000), connectionPoint: "R18" };
    expect(accountAfter(account, { act: "change", change })).toMatchObject({ ...change, phase: null, claim: null });
  });
});
