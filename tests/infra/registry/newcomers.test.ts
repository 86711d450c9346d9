/** Newcomers whose ids meet: one of two is taken, and its name is the one that is kept. */
import { describe, expect, it } from "vitest";
import { createNewcomers } from "../../../infra/registry/newcomers.js";
import type { Outcome } from "../../../infra/registry/registry.js";
import type { Account } from "../../../market/rules/account.js";

/** A registrar that takes its time, and takes whoever it is told to take; @param accepts by the order of asking */
function room(accepts: (asked: number) => boolean) {
  const accounts = new Map<string, Account>();
  const names = new Map<string, string>();
  const asked: string[] = [];
  let asking = 0;
  const newcomers = createNewcomers({
    desk: {
      async ask(ask): Promise<Outcome> {
        const id = ask.type === "CHANGE_TENANT" ? ask.newcomer.id : "id" in ask ? ask.id : "";
        asked.push(ask.type);
        asking += 1;
        const turn = asking;
        await new Promise((later) => setImmediate(later));
        if (accounts.has(id)) return { ok: false, code: "id-taken", reason: "it is taken" };
        if (!accepts(turn)) return { ok: false, code: "registration-closed", reason: "not now" };
        accounts.set(id, { id, origin: ask.type === "GUEST" ? "guest" : undefined } as Account);
        return { ok: true };
      },
    },
    book: { account: (id) => accounts.get(id) },
    persons: { keep: (id, name) => void names.set(id, name), erase: (id) => void names.delete(id) },
    ...{ toldToMarket: async () => {}, tellKey: async () => {} },
  });
  const register = (name: string, id: string | undefined = "cat") =>
    newcomers.register({ name, role: "prosumer", id }, "operator");
  return { newcomers, register, names, asked };
}
const codeOf = (outcome: Outcome): string => (outcome.ok ? "ok" : outcome.code);

describe("two who are registered under one id at the same time", () => {
  it("leave the name of the one who was taken", async () => {
    const { register, newcomers, names } = room(() => true);
    const tenant = newcomers.follow("bob", 0, { name: "Carol", id: "cat" });
    const outcomes = await Promise.all([tenant, register("Cat"), register("Cleo")]);
    expect(outcomes.map(codeOf)).toEqual(["ok", "id-taken", "id-taken"]);
    expect([...names]).toEqual([["cat", "Carol"]]);
  });

  it("leave the second one's name where the first was refused, and none where both were", async () => {
    const second = room((turn) => turn === 2);
    expect((await Promise.all([second.register("Cat"), second.register("Cleo")])).map(codeOf)).toEqual([
      ...["registration-closed", "ok"],
    ]);
    expect([...second.names]).toEqual([["cat", "Cleo"]]);
    const none = room(() => false);
    await Promise.all([none.register("Cat"), none.register("Cleo")]);
    expect([...none.names]).toEqual([]);
  });

  it("do not wait for others", async () => {
    const { register, asked } = room(() => true);
    const first = register("Cat", "cat");
    const other = register("Dan", "dan");
    await other;
    expect(asked).toHaveLength(2);
    await first;
  });
});

describe("a guest", () => {
  it("is asked about until the registrar knows it, and is nobody where somebody is registered", async () => {
    const { newcomers, register, asked } = room(() => true);
    expect(codeOf(await newcomers.admitGuest("zoe", null))).toBe("ok");
    expect(codeOf(await newcomers.admitGuest("zoe", null))).toBe("ok");
    expect(asked).toEqual(["GUEST"]);
    await register("Cat");
    expect(codeOf(await newcomers.admitGuest("cat", null))).toBe("id-taken");
    expect(asked).toEqual(["GUEST", "REGISTER"]);
  });
});
