import { describe, expect, it } from "vitest";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { loginName, ownerOfName } from "../../../infra/nats/login-name.js";

const secret = Buffer.from("of the market");
const key = { saltBase64: "c2FsdA==", hashBase64: "aGFzaA==", iterations: 101 };
const ann: Account = { username: "ann", password: undefined, key, standing: { kind: "participant", id: "ann" } };
const street: Account = { ...ann, username: "street", standing: { kind: "participant", id: "street", under: ["ann"] } };
const nameOf = (account: Account): string => loginName("main", account, secret);

describe("the name of a login on a NATS server", () => {
  it("is the same whenever the account is", () => {
    expect(nameOf({ ...ann, key: { ...key } })).toBe(nameOf(ann));
    expect(ownerOfName(nameOf(ann))).toBe("ann");
  });

  it("is another one with another key, password, market or list of topics", () => {
    const names = [
      ...[nameOf(ann), nameOf({ ...ann, key: { ...key, hashBase64: "b3RoZXI=" } }), loginName("sandbox", ann, secret)],
      ...[nameOf({ ...ann, key: undefined, password: "one" }), nameOf({ ...ann, key: undefined, password: "two" })],
      ...[nameOf(street), nameOf({ ...street, standing: { kind: "participant", id: "street" } })],
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it("tells nobody the password: without the market's secret it cannot be tried", () => {
    const weak: Account = { ...ann, key: undefined, password: "1234" };
    expect(nameOf(weak)).not.toBe(loginName("main", weak, Buffer.from("a guess")));
  });
});
