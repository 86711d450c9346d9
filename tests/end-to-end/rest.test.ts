/**
 * A stranger who knows nothing but the REST interface: registers, trades, meters, is billed. One running market, at a half hour in half a
 * second, and one story: the tests follow each other.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp, newFolder, startProgram } from "../infra/cli/program.js";
import { plainClient, topic } from "./plain-client.js";

type Fields = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly json: Fields;
  readonly text: string;
}

let base = "";
let mqttUrl = "";
let seller = { id: "", key: "" };
let buyer = { id: "", key: "" };
let period = "";
let item: Fields = {};
let bought: Fields = {};

const rows = (list: unknown): Fields[] => list as Fields[];

async function ask(method: string, path: string, key?: string, body?: object, headers: object = {}): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") === true;
  return { status: answer.status, text, json: isJson ? (JSON.parse(text) as Fields) : {} };
}

/** Asks again until it fits. */
async function until(path: string, fits: (fields: Fields) => boolean, key?: string): Promise<Fields> {
  for (;;) {
    const { json } = await ask("GET", path, key);
    if (fits(json)) return json;
    await pause(100);
  }
}

async function register(name: string): Promise<{ id: string; key: string }> {
  const { status, json } = await ask("POST", "/participants", undefined, { name, role: "prosumer", capacityKw: 7 });
  expect(status).toBe(201);
  return { id: String(json.id), key: String(json.key) };
}

beforeAll(async () => {
  const ports = ["--mqtt-port", "0", "--rest-port", "0"];
  const flags = [...ports, "--log", "json", "--state", newFolder(), "--speed", "3600", "--no-bots"];
  const market = startProgram(["up", "scenarios/swarm.yaml", ...flags]);
  const [greeting] = await market.line(/MQTT at mqtt:.*swagger/);
  mqttUrl = /mqtt:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "";
  base = new URL("/", /http:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "").href.replace(/\/$/, "");
  [seller, buyer] = [await register("Ann"), await register("Bob")];
}, 60_000);

afterAll(cleanUp);

describe("a stranger who speaks REST", () => {
  it("has an account and a tariff at once, and finds the market's rules without a key", async () => {
    expect((await ask("GET", "/participants/me", seller.key)).json).toMatchObject({
      id: seller.id,
      standing: "active",
    });
    await until("/tariff", ({ importPerKwh }) => importPerKwh !== undefined, seller.key);
    expect((await ask("GET", "/market-info")).json).toMatchObject({ currency: "GBP", gateMinutes: 60 });
    expect((await ask("GET", "/readyz")).json).toEqual({ status: "ready" });
  });

  it("lists an item, which another orders, with the same reply for the same request", async () => {
    const state = await until("/market-state", ({ bidding }) => rows(bidding ?? []).length > 0);
    period = String(rows(state.bidding).at(-1)?.period);
    const listing = { requestId: "a1", period, side: "sell", energyKwh: 0.8, pricePerKwh: 0.11 };
    const listed = await ask("POST", "/items", seller.key, listing);
    expect([listed.status, listed.json]).toMatchObject([201, { status: "accepted", topic: "items", requestId: "a1" }]);
    item = listed.json;
    const order = { period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.11, itemId: item.itemId };
    const placed = await ask("POST", "/orders", buyer.key, order, { "idempotency-key": "b1" });
    expect([placed.status, placed.json]).toMatchObject([201, { status: "accepted", requestId: "b1" }]);
    bought = placed.json;
    const again = await ask("POST", "/orders", buyer.key, order, { "idempotency-key": "b1" });
    expect(again.json).toEqual(bought);
    const other = await ask("POST", "/orders", buyer.key, { ...order, energyKwh: 0.4, requestId: "b1" });
    expect([other.status, other.json.code]).toEqual([409, "request-id-reused"]);
  });

  it("modifies and cancels its own orders, and not another's", async () => {
    const order = { period, side: "buy", energyKwh: 0.2, pricePerKwh: 0.1 };
    const { orderId } = (await ask("POST", "/orders", buyer.key, order)).json;
    const change = { expectedVersion: 1, energyKwh: 0.1, pricePerKwh: 0.1 };
    const foreign = await ask("PATCH", `/orders/${String(orderId)}`, seller.key, change);
    expect([foreign.status, foreign.json.code]).toEqual([403, "not-owner"]);
    const own = await ask("PATCH", `/orders/${String(orderId)}`, buyer.key, change);
    expect([own.status, own.json.version]).toEqual([200, 2]);
    expect((await ask("DELETE", `/orders/${String(orderId)}`, buyer.key)).status).toBe(200);
  });

  it("sends a draft, and gets the same reply when it sends it again", async () => {
    const message = { action: "place", period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.05 };
    const kept = await ask("POST", "/request", buyer.key, { type: "BID", message });
    expect(kept.status).toBe(201);
    const first = await ask("POST", `/submit/${String(kept.json.id)}`, buyer.key);
    expect([first.status, first.json.requestId]).toEqual([201, kept.json.id]);
    expect((await ask("POST", `/submit/${String(kept.json.id)}`, buyer.key)).json).toEqual(first.json);
  });

  it("is the same participant over MQTT, with its key as password", async () => {
    const client = await plainClient(mqttUrl, seller.id, seller.key);
    await client.reads(topic.everythingOf(seller.id));
    const listed = (fields: Fields): boolean => rows(fields.items ?? []).some(({ itemId }) => itemId === item.itemId);
    await client.hear(topic.private(seller.id, "orders"), listed);
    client.mqtt.end(true);
    await until("/orders", listed, seller.key);
  });

  it("hears what comes for it as server-sent events", async () => {
    const ended = new AbortController();
    const headers = { authorization: `Bearer ${seller.key}` };
    const answer = await fetch(`${base}/events`, { headers, signal: ended.signal });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    let heard = "";
    const decoder = new TextDecoder();
    for await (const bytes of answer.body ?? []) {
      heard += decoder.decode(bytes as Uint8Array, { stream: true });
      if (heard.includes("event: contracts")) break;
    }
    ended.abort();
    expect(heard).toContain("event: tariff\ndata: {");
    const contract = /event: contracts\ndata: (.*)\n\n/.exec(heard)?.[1] ?? "{}";
    expect(JSON.parse(contract)).toMatchObject({ period, energyKwh: 0.5 });
  });

  it("is refused after the gate, and finds its contract", async () => {
    const late = await ask("POST", "/orders", buyer.key, { period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.1 });
    expect([late.status, late.json.code]).toEqual([422, "gate-closed"]);
    const contracts = await ask("GET", `/contracts?period=${period}`, buyer.key);
    expect(rows(contracts.json.items)[0]).toMatchObject({ period, energyKwh: -0.5 });
    expect((await ask("GET", `/results?period=${period}`)).json).toMatchObject({ period });
  });

  it("sends its reading once the period is over, and is billed, as JSON and CSV", async () => {
    const reading = { period, importKwh: 0, exportKwh: 0.5, generationKwh: 0.5 };
    for (let metered = await ask("POST", "/meter", seller.key, reading); metered.status !== 200; ) {
      expect(metered.json.code).toBe("not-open-yet");
      await pause(100);
      metered = await ask("POST", "/meter", seller.key, reading);
    }
    const isIt = ({ items }: Fields): boolean => rows(items ?? []).some((bill) => bill.period === period);
    const bills = await until("/bills", isIt, seller.key);
    const bill = rows(bills.items).find((one) => one.period === period);
    const trade = rows(bill?.lines).find(({ kind }) => kind === "trade");
    expect([bill?.contractedKwh, bill?.meteredKwh, trade?.amount]).toEqual([0.5, 0.5, 0.055]);
    const csv = await ask("GET", "/bills", seller.key, undefined, { accept: "text/csv" });
    expect(csv.text).toContain(`,${period},`);
    expect((await ask("GET", "/metrics")).text).toMatch(/elecbay_bills_total [1-9]/);
  }, 90_000);

  it("gets a new key, with which alone it comes in, and leaves", async () => {
    const renewed = await ask("POST", "/participants/me/key", seller.key);
    expect(renewed.status).toBe(201);
    expect((await ask("GET", "/tariff", seller.key)).status).toBe(401);
    const key = String(renewed.json.key);
    expect((await ask("DELETE", "/participants/me", key)).json).toEqual({ id: seller.id, standing: "left" });
    const order = { period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.1 };
    expect((await ask("POST", "/orders", key, order)).json.code).toBe("not-registered");
    expect((await ask("GET", "/bills", key)).status).toBe(200);
  });
});
