import { describe, expect, it } from "vitest";
import { pluginRole } from "../../../infra/brokers/plugin-access.js";
import { lockCommands, type PluginClient, roleCommands, tellingOf } from "../../../infra/brokers/plugin-commands.js";
import { fingerprint } from "../../../infra/brokers/plugin-file.js";
import type { Account } from "../../../infra/mqtt/accounts.js";

const hash = (name: string) => ({ saltBase64: name, hashBase64: `${name} hashed`, iterations: 101 });
const keyed = (name: string): Account => ({
  ...{ username: "ann", password: undefined, key: hash(name), standing: { kind: "participant", id: "ann" } },
});
const member: Account = { username: "bob", password: "made", standing: { kind: "participant", id: "bob" } };
const asTold = (account: Account): PluginClient => ({
  ...{ fingerprint: fingerprint(account), clientId: account.username, disabled: false },
  roles: [`participant/${account.username}`],
});
const names = (telling: ReturnType<typeof tellingOf>) => telling.commands.map(({ command }) => command);

describe("what the plugin is told of an account", () => {
  it("is nothing when it has it so", () => {
    expect(names(tellingOf("main", { account: member, key: undefined }, asTold(member)))).toEqual([]);
    expect(names(tellingOf("main", { account: keyed("a"), key: undefined }, asTold(keyed("a"))))).toEqual([]);
  });

  it("is a new client, bound to its client id and to its own role, while its key is known", () => {
    const telling = tellingOf("main", { account: keyed("a"), key: "ann.secret" }, undefined);
    expect(telling).toMatchObject({ isLockedOut: false, client: asTold(keyed("a")) });
    expect(telling.commands).toEqual([
      {
        ...{ command: "createClient", username: "ann", clientid: "ann", password: "ann.secret" },
        ...{ textname: "elecbay/main", textdescription: fingerprint(keyed("a")) },
        roles: [{ rolename: "participant/ann", priority: 0 }],
      },
    ]);
  });

  it("locks it as soon as its key has changed, and opens it with the new one", () => {
    const locked = tellingOf("main", { account: keyed("b"), key: undefined }, asTold(keyed("a")));
    expect(locked.commands).toEqual([{ command: "disableClient", username: "ann" }]);
    expect(locked).toMatchObject({ isLockedOut: true, client: { disabled: true } });
    const opened = tellingOf("main", { account: keyed("b"), key: "ann.new" }, locked.client);
    expect(opened).toMatchObject({ isLockedOut: false, client: asTold(keyed("b")) });
    expect(opened.commands).toMatchObject([
      { command: "modifyClient", password: "ann.new" },
      { command: "enableClient" },
    ]);
  });

  it("leaves who is not known there locked out while nobody knows the key", () => {
    expect(tellingOf("main", { account: keyed("a"), key: undefined }, undefined)).toEqual({
      ...{ commands: [], client: undefined, isLockedOut: true },
    });
  });

  it("puts a client right that is bound otherwise, and opens one that was locked, without its key", () => {
    const elsewhere = { ...asTold(keyed("a")), clientId: undefined, disabled: true };
    const telling = tellingOf("main", { account: keyed("a"), key: undefined }, elsewhere);
    expect(telling.commands).toMatchObject([{ command: "modifyClient", clientid: "ann" }, { command: "enableClient" }]);
    expect(telling.commands[0]).not.toHaveProperty("password");
  });

  it("binds the market's own processes to no client id: they have several connections", () => {
    const account: Account = { username: "api", password: "p", standing: { kind: "process", role: "api" } };
    expect(tellingOf("main", { account, key: undefined }, undefined).commands[0]).not.toHaveProperty("clientid");
  });

  it("locks whom the market does not know, once", () => {
    expect(lockCommands("zoe", asTold(member))).toEqual([{ command: "disableClient", username: "zoe" }]);
    expect(lockCommands("zoe", { ...asTold(member), disabled: true })).toEqual([]);
  });

  it("makes a role, mends one that allows something else, and leaves the right one alone in whatever order", () => {
    const role = pluginRole("main", member.standing);
    expect(roleCommands("main", member, undefined)).toEqual([{ command: "createRole", ...role }]);
    expect(roleCommands("main", member, { ...role, acls: role.acls.toReversed() })).toEqual([]);
    expect(roleCommands("main", member, { ...role, acls: role.acls.slice(1) })).toEqual([
      { command: "modifyRole", ...role },
    ]);
  });
});

describe("the mark of a key", () => {
  it("tells keys, passwords and users apart and holds nothing of them", () => {
    const marks = [
      keyed("a"),
      keyed("b"),
      member,
      { ...member, password: "other" },
      { ...member, username: "zoe" },
    ].map(fingerprint);
    expect(new Set(marks).size).toBe(marks.length);
    expect(marks.join()).not.toMatch(/hashed|made/);
  });
});
