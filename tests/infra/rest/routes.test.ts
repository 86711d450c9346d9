import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BillQuery, BillStore } from "../../../infra/journal/bill-store.js";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import { bill } from "../../../shared/messages/private.js";
import { accepting, bearer, type RestStage, restStage } from "./rest-stage.js";

const asked: { participant: string; query: BillQuery }[] = [];
const exampleBill = bill.parse(privateExamples.bills[0]);
const bills: BillStore = {
  page(participant, query) {
    asked.push({ participant, query });
    return query.after === "nonsense" ? undefined : { bills: [exampleBill], next: "7-1" };
  },
  find: (_participant, billId) => (billId === exampleBill.billId ? exampleBill : undefined),
  close: () => {},
};

let stage: RestStage;
let key = "";
let id = "";
let headers: Record<string, string> = {};
beforeAll(async () => {
  stage = await restStage(bills);
});
afterAll(() => stage.app.close());
beforeEach(async () => {
  key = await stage.newcomer();
  id = stage.registry.keys.get(key) ?? "";
  headers = bearer(key);
  stage.sent.length = 0;
  stage.settings.answer = accepting;
});

const period = "2016-08-01T02:00:00Z";

describe("public reads", () => {
  it("give what the topic holds, and 304 to who has it already", async () => {
    const payload = JSON.stringify(publicExamples["market-info"][0]);
    stage.publicTopics.set("market-info", payload);
    const first = await stage.ask("GET", "/market-info");
    expect([first.status, first.text]).toEqual([200, payload]);
    const etag = String(first.headers.etag);
    const again = await stage.ask("GET", "/market-info", { headers: { "if-none-match": `"other", W/${etag}` } });
    expect([again.status, again.text]).toEqual([304, ""]);
    stage.publicTopics.set("market-info", payload.replace("uniform", "vcg"));
    const changed = await stage.ask("GET", "/market-info", { headers: { "if-none-match": etag } });
    expect([changed.status, changed.headers.etag === etag]).toEqual([200, false]);
  });

  it("say that the market has not told it yet", async () => {
    const answer = await stage.ask("GET", "/kpi");
    expect([answer.status, answer.json.code]).toEqual([503, "no-reply"]);
  });

  it("take a period in both forms, and without one the period whose gate closes next", async () => {
    const bidding = (start: string, gateAt: string) => ({
      ...{ period: start, biddingCycle: 1, opensAt: gateAt, gateAt, orderCount: 0, itemCount: 0 },
    });
    const later = bidding("2016-08-01T03:00:00Z", "2016-08-01T02:00:00Z");
    const next = bidding(period, "2016-08-01T01:00:00Z");
    const state = { ...publicExamples["market-state"][0], bidding: [later, next] };
    stage.publicTopics.set("market-state", JSON.stringify(state));
    stage.publicTopics.set("items/20160801-0200", '{"of":"two"}');
    stage.publicTopics.set("items/20160801-0300", '{"of":"three"}');
    for (const query of ["?period=20160801-0200", `?period=${period}`, ""]) {
      expect((await stage.ask("GET", `/items${query}`)).json).toEqual({ of: "two" });
    }
    const unknown = await stage.ask("GET", "/items?period=20160801-0230");
    expect([unknown.status, unknown.json.code]).toEqual([404, "unknown-period"]);
    for (const query of ["?period=today", "?perod=20160801-0200"]) {
      expect((await stage.ask("GET", `/items${query}`)).json.code).toBe("bad-message");
    }
  });

  it("give a long item list a page at a time, each item once, and all of it where no limit is named", async () => {
    const [example] = publicExamples.items;
    const items = ["i1", "i2", "i3", "i4", "i5"].map((itemId) => ({ ...example?.items[0], itemId }));
    const list = { ...example, items };
    stage.publicTopics.set("items/20160801-0200", JSON.stringify(list));
    expect((await stage.ask("GET", `/items?period=${period}`)).json).toEqual(list);
    const found: unknown[] = [];
    let url = `/items?period=${period}&limit=2`;
    for (const next of ["i2", "i4", null]) {
      const page = await stage.ask("GET", url);
      expect(page.json).toEqual({ ...list, items: page.json.items, next });
      found.push(...(page.json.items as unknown[]));
      const etag = String(page.headers.etag);
      expect((await stage.ask("GET", url, { headers: { "if-none-match": etag } })).status).toBe(304);
      url = /<(.*)>; rel="next"/.exec(String(page.headers.link))?.[1] ?? "none";
    }
    expect([found, url]).toEqual([items, "none"]);
    for (const wrong of ["limit=0", "limit=1001", "limit=many", "after=i%202"]) {
      expect((await stage.ask("GET", `/items?period=${period}&${wrong}`)).json.code).toBe("bad-message");
    }
    const gone = await stage.ask("GET", `/items?period=${period}&limit=2&after=i9`);
    expect((gone.json.items as unknown[])[0]).toEqual(items[0]);
  });

  it("of results without a period give the last one", async () => {
    stage.publicTopics.set("results/20160801-0130", '{"of":"earlier"}');
    stage.publicTopics.set("results/20160801-0200", '{"of":"later"}');
    expect((await stage.ask("GET", "/results")).json).toEqual({ of: "later" });
  });
});

describe("commands", () => {
  const order = { period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 };
  const reading = { period, importKwh: 0.3, exportKwh: 0, generationKwh: 0.2 };

  it.each([
    ["POST", "/items", "items", { ...order, side: "sell", sale: "fixed" }, { action: "list" }, 201],
    ["DELETE", "/items/i7", "items", undefined, { action: "withdraw", itemId: "i7" }, 200],
    ["POST", "/orders", "orders", { ...order, itemId: "i7" }, { action: "place" }, 201],
    [
      ...(["PATCH", "/orders/o9", "orders"] as const),
      { expectedVersion: 1, energyKwh: 0.4, pricePerKwh: 0.1 },
      ...([{ action: "modify", orderId: "o9" }, 200] as const),
    ],
    ["DELETE", "/orders/o9", "orders", undefined, { action: "cancel", orderId: "o9" }, 200],
    ["POST", "/meter", "meter", reading, {}, 200],
  ] as const)("%s %s goes to the market as its sender's, and is answered with its reply", async (...row) => {
    const [method, url, topic, payload, more, status] = row;
    const body = payload === undefined ? {} : { payload: { ...payload, requestId: "a2" } };
    const withKey = { ...headers, ...(payload === undefined ? { "idempotency-key": "a2" } : {}) };
    const answer = await stage.ask(method, url, { headers: withKey, ...body });
    expect(stage.sent).toEqual([{ id, topic, command: { v: 1, requestId: "a2", ...payload, ...more } }]);
    expect([answer.status, answer.json.status, answer.json.requestId]).toEqual([status, "accepted", "a2"]);
  });

  it("take their requestId from the header or the body, which must not differ, or get one that the reply names", async () => {
    const post = (payload: object, idempotency?: string) =>
      stage.ask("POST", "/orders", {
        headers: { ...headers, ...(idempotency === undefined ? {} : { "idempotency-key": idempotency }) },
        payload,
      });
    expect((await post(order, "k1")).json.requestId).toBe("k1");
    expect((await post(order, '"k2"')).json.requestId).toBe("k2");
    expect((await post({ ...order, requestId: "k3" }, "k3")).json.requestId).toBe("k3");
    expect((await post({ ...order, requestId: "k3" }, "k4")).json.code).toBe("bad-message");
    expect((await post(order, "no spaces")).json.code).toBe("bad-message");
    const made = await post(order);
    expect(made.json.requestId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(made.headers["idempotency-key"]).toBe(made.json.requestId);
  });

  it.each([
    ["POST", "/items", "list", { ...order, side: "sell" }],
    ["POST", "/orders", "place", order],
    ["PATCH", "/orders/o9", "modify", { expectedVersion: 1, energyKwh: 0.4, pricePerKwh: 0.1 }],
  ] as const)("%s %s takes the whole message of the contract, with action %s and no other", async (...row) => {
    const [method, url, action, payload] = row;
    const ask = (more: object) =>
      stage.ask(method, url, { headers, payload: { ...payload, requestId: "a2", ...more } });
    expect((await ask({ v: 1, ts: "2016-08-01T00:30:00Z", action })).json.status).toBe("accepted");
    expect(stage.sent[0]?.command).toMatchObject({ v: 1, action, requestId: "a2" });
    const wrong = await ask({ v: 1, action: "cancel" });
    expect([wrong.status, wrong.json.code]).toEqual([400, "bad-message"]);
    expect(wrong.json.detail).toContain(`/action must be "${action}" here, or left out: `);
    expect((await ask({ v: 2 })).json.code).toBe("bad-message");
    expect(stage.sent.length).toBe(1);
  });

  it("of a meter may have the version of the contract as well", async () => {
    const payload = { v: 1, ...reading, requestId: "m1" };
    expect((await stage.ask("POST", "/meter", { headers, payload })).json.status).toBe("accepted");
  });
});

describe("drafts", () => {
  const message = { action: "place", period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 };
  const keep = (payload: object) => stage.ask("POST", "/request", { headers, payload });

  it("are kept, read, replaced, sent with their id as requestId, and dropped", async () => {
    const kept = await keep({ type: "BID", message });
    expect(kept.status).toBe(201);
    const url = String(kept.headers.location);
    expect((await stage.ask("GET", url, { headers })).json).toMatchObject({ type: "BID", message });
    const cheaper = { ...message, pricePerKwh: 0.1 };
    expect((await stage.ask("PUT", url, { headers, payload: { type: "BID", message: cheaper } })).status).toBe(200);
    const list = (await stage.ask("GET", "/request", { headers })).json.items as object[];
    expect(list).toHaveLength(1);
    const draftId = url.split("/").at(-1) ?? "";
    // Many clients name the type whether or not there is a body.
    const typed = { ...headers, "content-type": "application/json" };
    const sent = await stage.ask("POST", `/submit/${draftId}`, { headers: typed, payload: "" });
    expect([sent.status, sent.json.requestId]).toEqual([201, draftId]);
    expect(stage.sent).toEqual([{ id, topic: "orders", command: { v: 1, requestId: draftId, ...cheaper } }]);
    expect((await stage.ask("DELETE", url, { headers })).status).toBe(204);
    expect((await stage.ask("POST", `/submit/${draftId}`, { headers })).json.code).toBe("unknown-draft");
  });

  it("of type INFO go to the meter, items to the items", async () => {
    const reading = { period, importKwh: 0.3, exportKwh: 0, generationKwh: 0.2 };
    const info = (await keep({ type: "INFO", message: reading })).json.id;
    const offer = (await keep({ type: "OFFER", message: { ...message, action: "list", side: "sell" } })).json.id;
    expect((await stage.ask("POST", `/submit/${String(info)}`, { headers })).status).toBe(200);
    expect((await stage.ask("POST", `/submit/${String(offer)}`, { headers })).status).toBe(201);
    expect(stage.sent.map(({ topic }) => topic)).toEqual(["meter", "items"]);
    for (const draft of [info, offer]) await stage.ask("DELETE", `/request/${String(draft)}`, { headers });
  });

  it.each([
    { type: "BID", message: { ...message, side: "sell" } },
    { type: "OFFER", message },
    { type: "INFO", message },
    { type: "BID", message: { ...message, requestId: "mine" } },
    { type: "WISH", message },
  ])("that could never be sent are refused: %j", async (draft) => {
    expect((await keep(draft)).json.code).toBe("bad-message");
  });

  it("of somebody else are not there", async () => {
    const draft = (await keep({ type: "BID", message })).json.id;
    const other = bearer(await stage.newcomer());
    expect((await stage.ask("GET", `/request/${String(draft)}`, { headers: other })).json.code).toBe("unknown-draft");
    expect((await stage.ask("POST", `/submit/${String(draft)}`, { headers: other })).json.code).toBe("unknown-draft");
    expect(stage.sent).toEqual([]);
  });
});

describe("one's own", () => {
  it("orders are an empty list before there were any", async () => {
    stage.publicTopics.set("clock", '{"ts":"2016-08-01T00:30:00Z"}');
    const answer = await stage.ask("GET", "/orders", { headers });
    expect(answer.json).toEqual({ v: 1, ts: "2016-08-01T00:30:00Z", items: [], orders: [] });
  });

  it("contracts are those not billed yet, by period", async () => {
    stage.ownTopics.set("contracts/20160801-0230", '{"of":"half past two"}');
    stage.ownTopics.set("contracts/20160801-0200", '{"of":"two"}');
    const all = await stage.ask("GET", "/contracts", { headers });
    expect(all.json).toEqual({ items: [{ of: "two" }, { of: "half past two" }] });
    const one = await stage.ask("GET", `/contracts?period=${period}`, { headers });
    expect(one.json).toEqual({ items: [{ of: "two" }] });
    const etag = String(one.headers.etag);
    const again = await stage.ask("GET", `/contracts?period=${period}`, {
      headers: { ...headers, "if-none-match": etag },
    });
    expect(again.status).toBe(304);
  });

  it("bills come by the page, and name the next", async () => {
    const answer = await stage.ask("GET", "/bills?limit=1&from=20160801-0000&after=3-2", { headers });
    expect(answer.json).toMatchObject({ items: [exampleBill], next: "7-1" });
    expect(answer.headers.link).toBe('</bills?limit=1&from=20160801-0000&after=7-1>; rel="next"');
    const fromMs = Date.parse("2016-08-01T00:00:00Z");
    expect(asked.at(-1)).toEqual({ participant: id, query: { limit: 1, after: "3-2", fromMs, toMs: undefined } });
    for (const query of ["?limit=0", "?limit=2000", "?after=nonsense"]) {
      expect((await stage.ask("GET", `/bills${query}`, { headers })).json.code).toBe("bad-message");
    }
  });

  it("bills come as CSV to who wants that, a row per line", async () => {
    const accept = "text/csv, application/json;q=0.5";
    const answer = await stage.ask("GET", "/bills", { headers: { ...headers, accept } });
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const rows = parse(answer.text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ kind, amount }) => [kind, Number(amount)])).toEqual(
      exampleBill.lines.map(({ kind, amount }) => [kind, amount]),
    );
    const neither = await stage.ask("GET", "/bills", { headers: { ...headers, accept: "image/png" } });
    expect([neither.status, neither.json.code]).toEqual([406, "not-acceptable"]);
  });
});

describe("participants", () => {
  it("register, read their account, get a new key in place of the old, and leave", async () => {
    const payload = { name: "Ann Example", role: "prosumer", capacityKw: 7 };
    const { status, json: newcomer } = await stage.ask("POST", "/participants", { payload });
    expect(status).toBe(201);
    const [own, first] = [String(newcomer.id), bearer(String(newcomer.key))];
    expect(newcomer.mqtt).toMatchObject({
      urls: ["mqtt://127.0.0.1:1883"],
      username: own,
      topics: { read: ["elecbay/main/public/#", `elecbay/main/private/${own}/#`] },
    });
    stage.ownTopics.set("tariff", JSON.stringify({ ...privateExamples.tariff[0], freeFunds: 12.5 }));
    const me = await stage.ask("GET", "/participants/me", { headers: first });
    expect(me.json).toMatchObject({ id: own, name: "Ann Example", standing: "active", capacityKw: 4, freeFunds: 12.5 });
    const renewed = await stage.ask("POST", "/participants/me/key", { headers: first });
    expect(renewed.status).toBe(201);
    expect((await stage.ask("GET", "/participants/me", { headers: first })).status).toBe(401);
    const second = bearer(String(renewed.json.key));
    expect((await stage.ask("DELETE", "/participants/me", { headers: second })).json).toEqual({
      id: own,
      standing: "left",
    });
  });

  it("are refused with the registrar's code, or for what is not as it should be", async () => {
    const register = (payload: object) => stage.ask("POST", "/participants", { payload });
    const person = { name: "Ann", role: "prosumer" };
    const forged = await register({ ...person, invitation: "forged" });
    expect([forged.status, forged.json.code]).toEqual([403, "invitation-invalid"]);
    for (const wrong of [
      { role: "operator" },
      { capacityKw: -1 },
      { capacityKw: 0.0001 },
      { name: " " },
      { id: "ann" },
    ]) {
      expect((await register({ ...person, ...wrong })).json.code).toBe("bad-message");
    }
  });
});

describe("health", () => {
  it("is `ok` as long as the program is there, and `ready` only while the market is online", async () => {
    stage.settings.ready = false;
    expect(await stage.ask("GET", "/readyz")).toMatchObject({ status: 503, json: { status: "starting" } });
    expect(await stage.ask("GET", "/healthz?verbose=1")).toMatchObject({ status: 200, json: { status: "ok" } });
    stage.settings.ready = true;
    expect(await stage.ask("GET", "/readyz")).toMatchObject({ status: 200, json: { status: "ready" } });
  });

  it("is told to Prometheus as text", async () => {
    const answer = await stage.ask("GET", "/metrics");
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.text).toContain('elecbay_http_requests_total{method="GET",route="/healthz",status="200"}');
  });
});
