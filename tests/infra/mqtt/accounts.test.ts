import { describe, expect, it } from "vitest";
import { type Account, Accounts } from "../../../infra/mqtt/accounts.js";
import { hashKey } from "../../../infra/registry/keys.js";

const registered: readonly Account[] = [
  { username: "ann", password: "secret", standing: { kind: "participant", id: "ann" } },
  { username: "bidding", password: "made at start", standing: { kind: "process", role: "bidding" } },
  { username: "operator", password: "key", standing: { kind: "operator" } },
  { username: "observer", password: undefined, standing: { kind: "observer" } },
];

const at128Bytes = (given: readonly Account[], guestsWelcome: boolean) => new Accounts(given, guestsWelcome, 128);

async function login(
  accounts: Accounts,
  username: string | undefined,
  password: string | undefined,
  clientId = username ?? "",
) {
  const result = await accounts.login({ username, password, clientId }, (compare) => compare());
  return result.ok ? { ...result.standing, guest: result.isNewGuest } : result.reason;
}

describe("accounts of the embedded broker", () => {
  it("know a participant by name and password", async () => {
    const accounts = at128Bytes(registered, false);
    expect(await login(accounts, "ann", "secret")).toEqual({ kind: "participant", id: "ann", guest: false });
    expect(await login(accounts, "ann", "Secret")).toBe("wrong password for ann");
    expect(await login(accounts, "ann", "")).toBe("wrong password for ann");
    expect(await login(accounts, "ann", undefined)).toBe("wrong password for ann");
    expect(await login(accounts, "zoe", "secret")).toBe("nobody is registered as zoe");
  });

  it("tie the client id to the name: the name itself, or the name and anything after a slash", async () => {
    const accounts = at128Bytes(registered, true);
    for (const clientId of ["ann", "ann/phone", "ann/"]) {
      expect(await login(accounts, "ann", "secret", clientId)).toMatchObject({ id: "ann" });
    }
    for (const clientId of ["bidding", "annx", "", "ANN", "/ann"]) {
      expect(await login(accounts, "ann", "secret", clientId)).toBe(`client id ${clientId} is not ann's`);
    }
    expect(await login(accounts, "zoe", "x", "ann")).toBe("client id ann is not zoe's");
  });

  it("let observers in without a password, under any client id that is nobody else's", async () => {
    const accounts = at128Bytes(registered, false);
    for (const clientId of ["observer", "mosquitto-123", "observer/2"]) {
      expect(await login(accounts, "observer", undefined, clientId)).toEqual({ kind: "observer", guest: false });
      expect(await login(accounts, undefined, undefined, clientId)).toEqual({ kind: "observer", guest: false });
    }
    for (const clientId of ["ann", "ann/2", "bidding", "clock", "market"]) {
      expect(await login(accounts, "observer", undefined, clientId)).toContain("is not observer's");
    }
  });

  it("give a stranger a free id where guests are welcome; the first password holds", async () => {
    const accounts = at128Bytes(registered, true);
    expect(await login(accounts, "zoe", "first")).toEqual({ kind: "participant", id: "zoe", guest: true });
    expect(await login(accounts, "zoe", "first", "zoe/2")).toEqual({ kind: "participant", id: "zoe", guest: false });
    expect(await login(accounts, "zoe", "second")).toBe("wrong password for zoe");
    expect(await login(accounts, "guest2", undefined)).toBe("guest2 needs a password of its own");
    expect(await login(accounts, "guest2", "")).toBe("guest2 needs a password of its own");
  });

  it("make no guest of a mere watcher, and let a guest watch", async () => {
    const accounts = at128Bytes([], true);
    expect(await login(accounts, "zoe", "first", "zoe/watch-1a2b")).toBe("nobody is registered as zoe");
    expect(await login(accounts, "zoe", "first")).toMatchObject({ guest: true });
    expect(await login(accounts, "zoe", "first", "zoe/watch-1a2b")).toMatchObject({ id: "zoe", guest: false });
  });

  it("have room for 100 guests and not one more", async () => {
    const accounts = at128Bytes(registered, true);
    for (let guest = 1; guest <= 100; guest += 1)
      expect(await login(accounts, `guest${guest}`, "x")).toMatchObject({ guest: true });
    expect(await login(accounts, "guest101", "x")).toBe("there is no room for more than 100 guests");
    expect(await login(accounts, "guest1", "x")).toMatchObject({ guest: false });
  });

  it.each(["market", "clock", "dso", "supplier", "api", "Zoe", "z", "1zoe", "a/b", "zoe#", "x".repeat(33)])(
    "give no guest the name %s",
    async (name) => {
      expect(await login(at128Bytes(registered, true), name, "x")).toBe(`${name} is no free participant id`);
    },
  );

  it("keep the market's own names behind their secrets", async () => {
    const accounts = at128Bytes(registered, true);
    expect(await login(accounts, "bidding", "guess")).toBe("wrong password for bidding");
    expect(await login(accounts, "operator", "key")).toEqual({ kind: "operator", guest: false });
  });

  it("find a key by its hash, once for each time that it changes, and never the old one", async () => {
    const hashOf = async (key: string) =>
      ({ ...registered[0], password: undefined, key: await hashKey(key) }) as Account;
    const accounts = at128Bytes([await hashOf("first")], false);
    let hashed = 0;
    const given = async (password: string) => {
      const result = await accounts.login({ username: "ann", password, clientId: "ann" }, (compare) => {
        hashed += 1;
        return compare();
      });
      return result.ok;
    };
    expect([await given("first"), await given("first"), hashed]).toEqual([true, true, 1]);
    expect([await given("second"), hashed]).toEqual([false, 2]);
    accounts.set(await hashOf("second"));
    expect([await given("first"), await given("second")]).toEqual([false, true]);
  });

  it("do not let a key in that was renewed while it was compared", async () => {
    const account: Account = { ...(registered[0] as Account), password: undefined, key: await hashKey("old") };
    const accounts = at128Bytes([account], false);
    const result = await accounts.login({ username: "ann", password: "old", clientId: "ann" }, async (compare) => {
      const isKey = await compare();
      accounts.set({ ...account });
      return isKey;
    });
    expect(result).toMatchObject({ ok: false, reason: "the key of ann has changed" });
  });

  it("take no client id of more than 128 bytes", async () => {
    const accounts = at128Bytes(registered, false);
    expect(await login(accounts, "ann", "secret", `ann/${"x".repeat(124)}`)).toMatchObject({ id: "ann" });
    expect(await login(accounts, "ann", "secret", `ann/${"x".repeat(125)}`)).toContain("is not ann's");
  });
});
