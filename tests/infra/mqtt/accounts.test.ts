import { describe, expect, it } from "vitest";
import { type Account, Accounts } from "../../../infra/mqtt/accounts.js";

const registered: readonly Account[] = [
  { username: "ann", password: "secret", standing: { kind: "participant", id: "ann" } },
  { username: "bidding", password: "made at start", standing: { kind: "process", role: "bidding" } },
  { username: "operator", password: "key", standing: { kind: "operator" } },
  { username: "observer", password: undefined, standing: { kind: "observer" } },
];

function login(
  accounts: Accounts,
  username: string | undefined,
  password: string | undefined,
  clientId = username ?? "",
) {
  const result = accounts.login({ username, password, clientId });
  return result.ok ? { ...result.standing, guest: result.isNewGuest } : result.reason;
}

describe("accounts of the embedded broker", () => {
  it("know a participant by name and password", () => {
    const accounts = new Accounts(registered, false);
    expect(login(accounts, "ann", "secret")).toEqual({ kind: "participant", id: "ann", guest: false });
    expect(login(accounts, "ann", "Secret")).toBe("wrong password for ann");
    expect(login(accounts, "ann", "")).toBe("wrong password for ann");
    expect(login(accounts, "ann", undefined)).toBe("wrong password for ann");
    expect(login(accounts, "zoe", "secret")).toBe("nobody is registered as zoe");
  });

  it("tie the client id to the name: the name itself, or the name and anything after a slash", () => {
    const accounts = new Accounts(registered, true);
    for (const clientId of ["ann", "ann/phone", "ann/"]) {
      expect(login(accounts, "ann", "secret", clientId)).toMatchObject({ id: "ann" });
    }
    for (const clientId of ["bidding", "annx", "", "ANN", "/ann"]) {
      expect(login(accounts, "ann", "secret", clientId)).toBe(`client id ${clientId} is not ann's`);
    }
    expect(login(accounts, "zoe", "x", "ann")).toBe("client id ann is not zoe's");
  });

  it("let observers in without a password, under any client id that is nobody else's", () => {
    const accounts = new Accounts(registered, false);
    for (const clientId of ["observer", "mosquitto-123", "observer/2"]) {
      expect(login(accounts, "observer", undefined, clientId)).toEqual({ kind: "observer", guest: false });
      expect(login(accounts, undefined, undefined, clientId)).toEqual({ kind: "observer", guest: false });
    }
    for (const clientId of ["ann", "ann/2", "bidding", "clock", "market"]) {
      expect(login(accounts, "observer", undefined, clientId)).toContain("is not observer's");
    }
  });

  it("give a stranger a free id where guests are welcome; the first password holds", () => {
    const accounts = new Accounts(registered, true);
    expect(login(accounts, "zoe", "first")).toEqual({ kind: "participant", id: "zoe", guest: true });
    expect(login(accounts, "zoe", "first", "zoe/2")).toEqual({ kind: "participant", id: "zoe", guest: false });
    expect(login(accounts, "zoe", "second")).toBe("wrong password for zoe");
    expect(login(accounts, "guest2", undefined)).toBe("guest2 needs a password of its own");
    expect(login(accounts, "guest2", "")).toBe("guest2 needs a password of its own");
  });

  it("have room for 100 guests and not one more", () => {
    const accounts = new Accounts(registered, true);
    for (let guest = 1; guest <= 100; guest += 1)
      expect(login(accounts, `guest${guest}`, "x")).toMatchObject({ guest: true });
    expect(login(accounts, "guest101", "x")).toBe("there is no room for more than 100 guests");
    expect(login(accounts, "guest1", "x")).toMatchObject({ guest: false });
  });

  it.each(["market", "clock", "dso", "supplier", "api", "Zoe", "z", "1zoe", "a/b", "zoe#", "x".repeat(33)])(
    "give no guest the name %s",
    (name) => {
      expect(login(new Accounts(registered, true), name, "x")).toBe(`${name} is no free participant id`);
    },
  );

  it("keep the market's own names behind their secrets", () => {
    const accounts = new Accounts(registered, true);
    expect(login(accounts, "bidding", "guess")).toBe("wrong password for bidding");
    expect(login(accounts, "operator", "key")).toEqual({ kind: "operator", guest: false });
  });
});
