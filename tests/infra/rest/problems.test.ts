import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longestBodyBytes, wrongKeysPerAddress } from "../../../infra/rest/limits.js";
import { NoReplyError } from "../../../infra/rest/market-door.js";
import { rejectCodeNames, rejectCodes } from "../../../shared/reject-codes.js";
import { bearer, type RestStage, restStage } from "./rest-stage.js";

let stage: RestStage;
let key = "";
beforeAll(async () => {
  stage = await restStage();
  key = await stage.newcomer();
});
afterAll(() => stage.app.close());

const order = { period: "2016-08-01T02:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 };
const place = (payload: unknown) => stage.ask("POST", "/orders", { headers: bearer(key), payload: payload as object });
const json = { "content-type": "application/json" };

describe("what goes wrong", () => {
  it("is a problem with code, title, detail and status, for an unknown path too", async () => {
    const answer = await stage.ask("GET", "/nowhere?key=secret");
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect([answer.status, answer.json]).toEqual([
      404,
      {
        ...{ type: "urn:elecbay:problem:not-found", title: "Not found", status: 404, code: "not-found" },
        detail: "there is no GET /nowhere: see /swagger/ for what there is",
      },
    ]);
  });

  it("is a problem also where the address cannot be read", async () => {
    const answer = await stage.ask("GET", "/%zz");
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect([answer.status, answer.json.code]).toEqual([400, "bad-message"]);
  });

  it("says that nothing is there of a period, and takes no period that starts within a minute", async () => {
    const none = await stage.ask("GET", "/items?period=20160801-0200");
    expect(none.json.detail).toBe("period 2016-08-01T02:00:00Z has no items to be read now");
    const { status } = await stage.ask("GET", "/items?period=2016-08-01T02:00:17Z");
    expect(status).toBe(400);
  });

  it("says of a file in another form which one it takes", async () => {
    const headers = { ...bearer(stage.operatorKey), "content-type": "application/x-www-form-urlencoded" };
    for (const type of [headers["content-type"], "application/json"]) {
      const answer = await stage.ask("POST", "/operator/readings", {
        headers: { ...headers, "content-type": type },
        payload: "{}",
      });
      expect([answer.status, answer.json.detail]).toEqual([415, expect.stringContaining("must be text/csv")]);
    }
  });

  it("names each field that is not as it should be", async () => {
    const { status, json: problem } = await place({ ...order, energyKwh: 0.0004, colour: "red" });
    expect([status, problem.code]).toEqual([400, "bad-message"]);
    const errors = problem.errors as { path: string; message: string }[];
    expect(errors.find(({ path }) => path === "/energyKwh")?.message).toContain("3 decimals");
    expect(errors.some(({ message }) => message.includes("colour"))).toBe(true);
  });

  it.each([
    ["no JSON", "{", json, 400, "bad-message"],
    ["an empty body", "", json, 400, "bad-message"],
    ["a body that is no object", "7", json, 400, "bad-message"],
    ["another form", "a=b", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported-media-type"],
    ["too much", `"${"x".repeat(longestBodyBytes)}"`, json, 413, "too-large"],
  ])("%s in a body is refused", async (_what, payload, headers, status, code) => {
    const answer = await stage.ask("POST", "/orders", { headers: { ...headers, ...bearer(key) }, payload });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it("says nothing of the program's inside where it fails, and logs it without key and body", async () => {
    stage.settings.answer = () => {
      throw new Error("the cellar is full of water");
    };
    const { status, json: problem } = await place(order);
    expect([status, problem.code]).toEqual([500, "internal"]);
    expect(JSON.stringify(problem)).not.toMatch(/cellar|\.ts|at /);
    const [logged = ""] = stage.logged;
    expect(logged).toContain("cellar");
    expect(logged).not.toContain(key);
  });

  it("has for every rejection of the market that code's status, the reason and the requestId", async () => {
    for (const code of rejectCodeNames) {
      stage.settings.answer = ({ topic, command: { requestId } }) => ({
        ...{
          v: 1,
          ts: "2016-08-01T00:30:00Z",
          requestId,
          topic,
          status: "rejected",
          code,
          reason: `because of ${code}`,
        },
      });
      const { status, json: problem, headers } = await place({ ...order, requestId: "a2" });
      expect([status, problem.code, problem.detail, problem.requestId]).toEqual([
        rejectCodes[code],
        code,
        `because of ${code}`,
        "a2",
      ]);
      if (status === 429) expect(headers["retry-after"]).toBe("1");
    }
  });

  it("is 503 with the requestId to ask again where the market does not reply", async () => {
    stage.settings.answer = ({ command }) => Promise.reject(new NoReplyError(command.requestId, "no reply in time"));
    const { status, json: problem, headers } = await place(order);
    expect([status, problem.code, headers["retry-after"]]).toEqual([503, "no-reply", "5"]);
    expect(problem.requestId).toBe(stage.sent.at(-1)?.command.requestId);
  });
});

describe("a key", () => {
  it.each(["Bearer nobody.s", "Basic YW5uOnNlY3JldA==", "Bearer", `Bearer ${"x".repeat(600)}`])(
    "that is nobody's is refused: %s",
    async (authorization) => {
      const answer = await stage.ask("GET", "/kpi", { headers: { authorization } });
      expect([answer.status, answer.json.code]).toEqual([401, "not-registered"]);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    },
  );

  it("of the operator trades nothing", async () => {
    const operator = [...stage.registry.keys].find(([, id]) => id === "operator")?.[0] ?? "";
    const answer = await stage.ask("POST", "/orders", { headers: bearer(operator), payload: order });
    expect([answer.status, answer.json.code]).toEqual([403, "not-owner"]);
  });

  it("that is wrong too often from one address is told to wait; a right one from there still opens", async () => {
    const { app, ask, newcomer } = await restStage();
    const remoteAddress = "10.0.0.7";
    const right = await newcomer();
    for (let guess = 0; guess < wrongKeysPerAddress.most; guess += 1) {
      const answer = await ask("GET", "/tariff", { remoteAddress, headers: bearer(`nobody.${guess}`) });
      expect(answer.status).toBe(401);
    }
    const next = await ask("GET", "/tariff", { remoteAddress, headers: bearer("nobody.more") });
    expect([next.status, next.json.code]).toEqual([429, "rate-limited"]);
    expect(Number(next.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask("GET", "/participants/me", { remoteAddress, headers: bearer(right) })).status).toBe(200);
    await app.close();
  });
});

describe("too many requests", () => {
  it("that would leave a trace for good are fewer: drafts, and new keys", async () => {
    const { app, ask, newcomer } = await restStage();
    const headers = bearer(await newcomer());
    const draft = { type: "BID", message: { action: "place", ...order } };
    let last = await ask("POST", "/request", { headers, payload: draft });
    const url = `/request/${String(last.json.id)}`;
    for (let more = 0; more < 250 && last.status !== 429; more += 1)
      last = await ask("PUT", url, { headers, payload: draft });
    expect([last.status, last.json.code]).toEqual([429, "rate-limited"]);
    expect((await ask("GET", url, { headers })).status).toBe(200);
    let key = await ask("POST", "/participants/me/key", { headers });
    for (let more = 0; more < 20 && key.status !== 429; more += 1)
      key = await ask("POST", "/participants/me/key", { headers: bearer(String(key.json.key)) });
    expect(key.status).toBe(429);
    await app.close();
  });

  it("count also where there is no such path", async () => {
    const { app, ask } = await restStage();
    let last = await ask("GET", "/nowhere");
    for (let more = 0; more < 1100 && last.status !== 429; more += 1) last = await ask("GET", "/nowhere");
    expect([last.status, last.json.code]).toEqual([429, "rate-limited"]);
    await app.close();
  });

  it("of one address without a key are told when to come again", async () => {
    const { app, ask } = await restStage();
    let last = await ask("GET", "/nowhere");
    for (let more = 0; more < 1100 && last.status !== 429; more += 1) last = await ask("GET", "/kpi");
    expect([last.status, last.json.code]).toEqual([429, "rate-limited"]);
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask("GET", "/healthz")).status).toBe(200);
    await app.close();
  });
});

describe("headers", () => {
  it("let pages load nothing from elsewhere, and keep what a key opens out of shared caches", async () => {
    const open = await stage.ask("GET", "/healthz");
    expect(open.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(open.headers["x-content-type-options"]).toBe("nosniff");
    expect(open.headers["strict-transport-security"]).toBeUndefined();
    const own = await stage.ask("GET", "/participants/me", { headers: bearer(key) });
    expect(own.headers["cache-control"]).toContain("no-store");
  });
});
