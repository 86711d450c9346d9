import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openUntoldKeys } from "../../../infra/brokers/untold-keys.js";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { hashKey } from "../../../infra/registry/keys.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-untold-"));
const file = join(folder, "untold-keys.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const account = async (username: string, key: string): Promise<Account> => ({
  ...{ username, password: undefined, key: await hashKey(key), standing: { kind: "participant", id: username } },
});

describe("keys that the broker has not confirmed", () => {
  it("outlive the market, those alone that hold, and are nobody else's to read", async () => {
    const before = openUntoldKeys(folder);
    before.keep("ann", "first");
    before.keep("ann", "second");
    before.keep("bob", "refused");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const accounts = [await account("ann", "second"), await account("bob", "another")];
    expect([...(await openUntoldKeys(folder).holding(accounts))]).toEqual([["ann", "second"]]);
    expect([...(await openUntoldKeys(folder).holding(accounts))]).toEqual([["ann", "second"]]);
  });

  it("are gone once the broker has them", async () => {
    const keys = openUntoldKeys(folder);
    keys.drop("ann", "second");
    expect(existsSync(file)).toBe(false);
    expect([...(await openUntoldKeys(folder).holding([await account("ann", "second")]))]).toEqual([]);
  });
});
