import { describe, expect, it } from "vitest";
import { brokerAccount, gatewaysChangedBy, isCutBy } from "../../../infra/main/accounts.js";
import type { Account, KeyHash } from "../../../market/rules/account.js";
import { watt } from "../../../shared/units.js";

const key = (hashBase64: string): KeyHash => ({ saltBase64: "salt", hashBase64, iterations: 101 });
const ann: Account = {
  ...{ id: "ann", role: "prosumer", capacityW: watt(7000), connectionPoint: null, phase: null, creditLimitMicro: null },
  ...{ gateway: "gw1", standing: "active", reason: null, key: key("first"), claim: null, registeredAtMs: 0 },
};
const gateway: Account = { ...ann, id: "gw1", role: "gateway", gateway: null };
const secrets = { passwordOf: () => "made", seedOf: () => Buffer.alloc(32) } as unknown as Parameters<
  typeof brokerAccount
>[1];

describe("live connections to the broker", () => {
  it("end with the key that they came in with", () => {
    expect(isCutBy({ ...ann, key: key("second") }, ann)).toBe(true);
    expect(isCutBy({ ...ann, standing: "suspended" }, ann)).toBe(false);
  });

  it("end where a guest had taken an id that somebody is registered with now", () => {
    expect(isCutBy(ann, undefined)).toBe(true);
  });
});

describe("a gateway", () => {
  const readBy = (one: Account): unknown => brokerAccount(one, secrets, [ann, one]).standing;

  it.each(["suspended", "left"] as const)(
    "that is %s reads nothing of those under it, and comes in anew",
    (standing) => {
      expect(readBy(gateway)).toEqual({ kind: "participant", id: "gw1", under: ["ann"] });
      const after = { ...gateway, standing };
      expect(readBy(after)).toEqual({ kind: "participant", id: "gw1" });
      expect(gatewaysChangedBy(after, gateway, [ann, after])).toEqual([after]);
      expect(gatewaysChangedBy(gateway, after, [ann, gateway])).toEqual([gateway]);
      expect(gatewaysChangedBy(after, after, [ann, after])).toEqual([]);
    },
  );
});
