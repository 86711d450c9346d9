import { describe, expect, it } from "vitest";
import { admittedBy, createGuestDoor } from "../../../infra/main/guest-door.js";
import type { Outcome } from "../../../infra/registry/registry.js";

const away: Outcome = { ok: false, code: "market-closed", reason: "the market is starting" };

function room() {
  const answer = { now: away };
  const asked: (readonly [string, boolean])[] = [];
  const refused: string[] = [];
  const door = createGuestDoor(
    async (id, key) => {
      asked.push([id, key !== null]);
      return answer.now;
    },
    (id) => void refused.push(id),
  );
  return { answer, asked, refused, door };
}
const settled = () => new Promise((later) => setImmediate(later));

describe("the door for guests", () => {
  it("lets in who comes before the market, and asks again, with its password, until the market is there", async () => {
    const { answer, asked, door } = room();
    await door.logIn("zoe", "her own");
    door.hear("zoe");
    await settled();
    door.tryAgain();
    await settled();
    answer.now = { ok: true };
    door.tryAgain();
    await settled();
    door.tryAgain();
    await settled();
    expect(asked).toEqual([
      ["zoe", true],
      ["zoe", false],
      ["zoe", true],
      ["zoe", true],
    ]);
  });

  it("turns away at the login whom the market refuses, and says so of who was let in before", async () => {
    const { answer, refused, door } = room();
    await door.logIn("zoe", "her own");
    answer.now = { ok: false, code: "registration-closed", reason: "there is no room" };
    await expect(door.logIn("yan", "his own")).rejects.toThrow("there is no room");
    door.tryAgain();
    await settled();
    expect(refused).toEqual(["zoe"]);
  });

  it("says nothing of members who are online", async () => {
    const { answer, refused, door } = room();
    answer.now = { ok: false, code: "id-taken", reason: "somebody is registered as ann" };
    door.hear("ann");
    await settled();
    expect(refused).toEqual([]);
  });
});

describe("a market without a registrar", () => {
  it("takes a guest once its managers have heard of it", async () => {
    const admit = (how: "told" | "later" | "no", told = async () => {}) => admittedBy(() => how, told)("zoe", null);
    const told: string[] = [];
    expect(await admit("told", async () => void told.push("the managers"))).toEqual({ ok: true });
    expect(told).toEqual(["the managers"]);
    expect(await admit("later")).toMatchObject({ code: "market-closed" });
    expect(await admit("no")).toMatchObject({ code: "id-taken" });
  });
});
