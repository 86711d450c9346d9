/** What the operator's routes ask of the registry, and to whom they are closed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import { bearer, type Method, type RestStage, restStage } from "./rest-stage.js";

let stage: RestStage;
let operator: ReturnType<typeof bearer>;
beforeAll(async () => {
  stage = await restStage();
  const [key = ""] = [...stage.registry.keys].find(([, owner]) => owner === "operator") ?? [];
  operator = bearer(key);
});
afterAll(() => stage.app.close());

const ask = (method: Method, url: string, payload?: object) =>
  stage.ask(method, `/operator${url}`, { headers: operator, ...(payload === undefined ? {} : { payload }) });

async function paths(): Promise<[Method, string][]> {
  const { json } = await stage.ask("GET", "/swagger/json");
  return Object.entries(json.paths as Record<string, object>)
    .filter(([path]) => path.startsWith("/operator/"))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [Method, string] => [method.toUpperCase() as Method, path]),
    );
}

describe("the operator's routes", () => {
  it("are closed to whoever has no key, and to every participant's", async () => {
    const participant = bearer(await stage.newcomer());
    const all = await paths();
    expect(all.length).toBeGreaterThan(8);
    for (const [method, path] of all) {
      const url = path.replaceAll(/\{\w+\}/g, "x1");
      const nobody = await stage.ask(method, url, { payload: {} });
      expect([path, nobody.status, nobody.json.code]).toEqual([path, 401, "not-registered"]);
      const somebody = await stage.ask(method, url, { payload: {}, headers: participant });
      expect([path, somebody.status, somebody.json.code]).toEqual([path, 403, "not-owner"]);
    }
  });

  it("tell of every one what is refused to others than the operator", async () => {
    const { json } = await stage.ask("GET", "/swagger/json");
    for (const [path, methods] of Object.entries(json.paths as Record<string, Record<string, { responses: object }>>)) {
      if (!path.startsWith("/operator/")) continue;
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "403", "429", "500"]));
      }
    }
  });
});

describe("participants, for the operator", () => {
  it("are registered, found, changed, suspended and resumed", async () => {
    const made = await ask("POST", "/participants", { name: "Cleo", role: "meter", id: "meter1" });
    expect([made.status, made.json.id]).toEqual([201, "meter1"]);
    stage.ownTopics.set("tariff", JSON.stringify(privateExamples.tariff[0]));
    const [tariff, orders] = [privateExamples.tariff[0], null];
    expect((await ask("GET", "/participants/meter1")).json).toMatchObject({
      name: "Cleo",
      role: "meter",
      tariff,
      orders,
    });
    const change = { capacityKw: 7, connectionPoint: "R18", creditLimit: 0 };
    expect((await ask("PATCH", "/participants/meter1", change)).json).toMatchObject(change);
    expect((await ask("PATCH", "/participants/meter1", { creditLimit: null })).json).toMatchObject({
      ...{ capacityKw: 7, creditLimit: null },
    });
    const suspended = await ask("POST", "/participants/meter1/suspend", { reason: "broken" });
    expect(suspended.json).toMatchObject({ standing: "suspended", reason: "broken" });
    expect((await ask("POST", "/participants/meter1/resume")).json).toMatchObject({ standing: "active" });
    const { json } = await ask("GET", "/participants?limit=10");
    expect((json.items as { id: string }[]).map(({ id }) => id)).toContain("meter1");
  });

  it("get a new key from the operator, or lose theirs", async () => {
    const key = await stage.newcomer();
    const id = String(stage.registry.keys.get(key));
    const renewed = await ask("POST", `/participants/${id}/key`);
    expect([renewed.status, renewed.headers["cache-control"]]).toEqual([201, "no-store"]);
    const me = async (own: string) => (await stage.ask("GET", "/participants/me", { headers: bearer(own) })).status;
    expect([await me(key), await me(String(renewed.json.key))]).toEqual([401, 200]);
    expect((await ask("DELETE", `/participants/${id}/key`)).json).toEqual({ id });
    expect(await me(String(renewed.json.key))).toBe(401);
  });

  it("are unknown, or the request is not as it should be: a problem says so", async () => {
    for (const [method, url, payload, code] of [
      ["GET", "/participants/nobody", undefined, "unknown-participant"],
      ["PATCH", "/participants/nobody", { phase: "a" }, "unknown-participant"],
      ["PATCH", "/participants/operator", {}, "bad-message"],
      ["PATCH", "/participants/operator", { creditLimit: -1 }, "bad-message"],
      ["POST", "/participants/nobody/suspend", { reason: " " }, "bad-message"],
      ["POST", "/participants", { name: "A", role: "operator" }, "bad-message"],
      ["GET", "/participants?limit=0", undefined, "bad-message"],
      ["POST", "/invitations", { expiresAt: "tomorrow" }, "bad-message"],
      ["DELETE", "/invitations/none", undefined, "unknown-invitation"],
    ] as const) {
      const answer = await ask(method, url, payload);
      expect([url, answer.json.code]).toEqual([url, code]);
    }
  });
});

describe("invitations", () => {
  it("are made with their code told once, listed without it, and revoked", async () => {
    const made = await ask("POST", "/invitations", { uses: 2, expiresAt: "2016-08-08T00:00:00Z" });
    expect(made.json).toMatchObject({ role: "prosumer", uses: 2, code: "invited", expiresAt: "2016-08-08T00:00:00Z" });
    const { code: _code, ...shown } = made.json;
    expect((await ask("GET", "/invitations")).json).toEqual({ items: [shown] });
    expect((await ask("DELETE", `/invitations/${String(made.json.id)}`)).json).toEqual({ id: made.json.id });
    expect((await ask("GET", "/invitations")).json).toEqual({ items: [] });
  });
});

describe("payments", () => {
  const deposit = { participant: "meter1", kind: "deposit", amount: 20 };

  it("are noted under an id of the operator's, which both ways of naming it give, and listed", async () => {
    const headers = { ...operator, "idempotency-key": "pay-1" };
    const first = await stage.ask("POST", "/operator/payments", { headers, payload: deposit });
    expect([first.status, first.headers["idempotency-key"]]).toEqual([201, "pay-1"]);
    expect(first.json).toMatchObject({ paymentId: "pay-1", amount: 20, state: "booked", reference: null });
    const again = await ask("POST", "/payments", { ...deposit, requestId: "pay-1" });
    expect(again.json).toEqual(first.json);
    expect((await ask("GET", "/payments?participant=meter1")).json).toEqual({ items: [first.json], next: null });
    expect((await ask("GET", "/payments/pay-1")).json).toEqual(first.json);
  });

  it("are refused with a code: without an id, with one that stood for another, beyond the funds", async () => {
    for (const [payload, status, code] of [
      [deposit, 400, "bad-message"],
      [{ ...deposit, requestId: "pay-1", amount: 21 }, 409, "request-id-reused"],
      [{ ...deposit, requestId: "pay-2", kind: "payout" }, 422, "funds-exceeded"],
      [{ ...deposit, requestId: "pay-3", amount: 0 }, 400, "bad-message"],
      [{ ...deposit, requestId: "pay-3", amount: 1e9 }, 400, "bad-message"],
      [{ ...deposit, requestId: "pay-3", amount: 0.0000001 }, 400, "bad-message"],
    ] as const) {
      const answer = await ask("POST", "/payments", payload);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
    expect((await ask("GET", "/payments/none")).json.code).toBe("unknown-payment");
    expect((await ask("GET", "/payments?after=none")).json.code).toBe("bad-message");
  });
});

describe("supply", () => {
  it("is changed from a period on, by price, by series and by the clock", async () => {
    const from = "20160802-0000";
    const bands = { otherwise: 0.16, timeOfUse: [{ from: "23:00", to: "07:00", price: 0.08 }] };
    const clock = await ask("PUT", "/suppliers/green/tariff", {
      from,
      import: bands,
      export: { prices: [0.05, 0.04] },
    });
    expect([clock.status, clock.json]).toMatchObject([
      200,
      { supplier: "green", from: "2016-08-02T00:00:00Z", importPerKwh: [0.16], exportPerKwh: [0.05, 0.04] },
    ]);
    const moved = await ask("PUT", "/participants/meter1/supplier", { supplier: "green", from });
    expect(moved.json).toEqual({ participant: "meter1", supplier: "green", from: "2016-08-02T00:00:00Z" });
    const told = await ask("GET", "/suppliers");
    expect(told.json).toEqual({ offers: [clock.json], customers: [moved.json] });
  });

  it("is refused where the request is not as it should be", async () => {
    for (const body of [
      { from: "tomorrow", import: 0.1, export: 0.1 },
      { from: "20160802-0000", import: 0.1 },
      { from: "20160802-0000", import: { timeOfUse: [] }, export: 0.1 },
      { from: "20160802-0000", import: { prices: [] }, export: 0.1 },
    ])
      expect((await ask("PUT", "/suppliers/green/tariff", body)).json.code).toBe("bad-message");
    expect(
      (await ask("PUT", "/suppliers/Green/tariff", { from: "20160802-0000", import: 1, export: 1 })).json.code,
    ).toBe("bad-message");
  });
});

describe("the switch of what goes wrong on purpose", () => {
  it("is refused where nobody asked for faults, with what to do", async () => {
    expect((await ask("GET", "/chaos")).json).toEqual({ available: false, on: false, faults: {} });
    const { status, json } = await ask("PUT", "/chaos", { on: true });
    expect([status, json.code, json.detail]).toEqual([400, "bad-message", expect.stringContaining("--faults FILE")]);
  });

  it("is turned, and tells what has struck", async () => {
    let on = true;
    stage.settings.chaos = {
      isOn: () => on,
      turn: (wanted) => {
        on = wanted;
      },
      counts: () => ({ "pause-broker": 1 }),
    };
    expect((await ask("PUT", "/chaos", { on: false })).json).toEqual({
      ...{ available: true, on: false, faults: { "pause-broker": 1 } },
    });
    expect(on).toBe(false);
    expect((await ask("GET", "/chaos")).json.on).toBe(false);
  });
});
