import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type RestStage, restStage } from "./rest-stage.js";

let stage: RestStage;
let headers: Record<string, string>;
beforeAll(async () => {
  stage = await restStage();
  headers = bearer(stage.operatorKey);
});
afterAll(() => stage.app.close());

const newcomer = async (): Promise<string> => stage.registry.keys.get(await stage.newcomer()) ?? "";

describe("who leaves", () => {
  it("leaves with a period, in either form, or at once", async () => {
    const id = await newcomer();
    const url = `/operator/participants/${id}/leave`;
    const later = await stage.ask("POST", url, { headers, payload: { from: "20160901-0000" } });
    expect([later.status, later.json]).toMatchObject([200, { standing: "active", until: "2016-09-01T00:00:00Z" }]);
    expect((await stage.ask("POST", url, { headers, payload: { from: "soon" } })).status).toBe(400);
    expect((await stage.ask("POST", url, { headers, payload: {} })).json).toMatchObject({ standing: "left" });
  });

  it("is followed by another at the same connection", async () => {
    const id = await newcomer();
    const payload = { name: "Bob Example", from: "2016-09-01T00:00:00Z", id: "bob" };
    const follows = await stage.ask("POST", `/operator/participants/${id}/tenant`, { headers, payload });
    expect([follows.status, follows.json]).toMatchObject([201, { id: "bob", key: expect.stringMatching(/^bob\./) }]);
    const nobody = await stage.ask("POST", "/operator/participants/eve/tenant", { headers, payload });
    expect([nobody.status, nobody.json.code]).toEqual([404, "unknown-participant"]);
  });

  it("has its name erased, and hears what remains", async () => {
    const id = await newcomer();
    const url = `/operator/participants/${id}/name`;
    const erased = await stage.ask("DELETE", url, { headers });
    expect([erased.status, erased.json]).toMatchObject([200, { id, name: null }]);
    expect(erased.json.kept).toHaveLength(3);
    expect(stage.registry.account(id)?.name).toBeNull();
    expect((await stage.ask("DELETE", url, { headers: bearer(await stage.newcomer()) })).status).toBe(403);
  });
});
