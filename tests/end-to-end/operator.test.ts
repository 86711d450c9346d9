/**
 * An operator with a key and nothing but REST: brings readings, puts a bill right, lets somebody move. One running market of newcomers alone,
 * at a half hour in half a second, and one story: the tests follow each other.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp, newFolder, runProgram, startProgram } from "../infra/cli/program.js";

type Fields = Record<string, unknown>;

let base = "";
let state = "";
let operator = "";
let ann = "";
let bob = "";
let period = "";

const scenario = `
name: our-street
currency: GBP
timezone: Europe/London
start: 2026-01-31T18:00:00Z
periods: 48
registration: { mode: operator }
calendar: { periodMinutes: 30, openMinutes: 120, gateMinutes: 60, meterDueMinutes: 60, billDays: 1 }
supplier: { name: our-supplier, retail: 0.2, export: 0.05 }
environment: { typicalLoad: [0.3] }
`;

async function ask(method: string, path: string, key: string, body?: object | string) {
  const type = typeof body === "string" ? "text/csv" : "application/json";
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": type }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Fields };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(100);
  }
}

const marketMs = async (): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  return 1000 * Number(/elecbay_market_time_seconds ([\d.e+]+)/.exec(text)?.[1]);
};
const isPast = (atMs: number) => until(async () => ((await marketMs()) > atMs ? true : undefined));
const billsOf = async (key: string): Promise<Fields[]> => (await ask("GET", "/bills", key)).json.items as Fields[];
const file = (...rows: string[]) => ["participant,period,importKwh,exportKwh", ...rows].join("\n");
const bring = async (text: string, preview = false) =>
  (await ask("POST", `/operator/readings${preview ? "?preview=true" : ""}`, operator, text)).json;
const effects = (answer: Fields): unknown[] => (answer.items as Fields[]).map(({ effect }) => effect);

beforeAll(async () => {
  state = newFolder();
  writeFileSync(join(state, "street.yaml"), scenario);
  const flags = ["--mqtt-port", "0", "--rest-port", "0", "--log", "json", "--state", join(state, "market")];
  const market = startProgram(["up", join(state, "street.yaml"), ...flags, "--speed", "3600"]);
  const [greeting] = await market.line(/MQTT at mqtt:.*swagger/);
  base = new URL("/", /http:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "").href.replace(/\/$/, "");
  operator = readFileSync(join(state, "market", "operator.key"), "utf8").trim();
  const register = async (id: string): Promise<string> => {
    const body = { id, name: id, role: "prosumer", capacityKw: 7, connectionPoint: "R18" };
    return String((await ask("POST", "/operator/participants", operator, body)).json.key);
  };
  [ann, bob] = [await register("ann"), await register("bob")];
  const info = await until(async () => (await ask("GET", "/market-info", operator)).json.firstPeriod);
  // A later one than the first, so that both are known to all by then.
  period = new Date(Date.parse(String(info)) + 3_600_000).toISOString().slice(0, 19).concat("Z");
}, 60_000);
afterAll(cleanUp);

describe("an operator's readings", () => {
  it("are told before they are taken, and outrank the participant's own", async () => {
    await isPast(Date.parse(period) + 1_801_000);
    const own = { period, importKwh: 0.9, exportKwh: 0, generationKwh: 0 };
    expect((await ask("POST", "/meter", ann, own)).status).toBe(200);
    const text = file(`ann,${period},0.5,0`, `bob,${period},0.1,0`, `eve,${period},1,0`);
    expect(effects(await bring(text, true))).toEqual(["replaces", "new", "refused"]);
    expect(effects(await bring(text))).toEqual(["replaces", "new", "refused"]);
    expect(effects(await bring(text))).toEqual(["same", "same", "refused"]);
    const again = await ask("POST", "/meter", ann, { ...own, importKwh: 0.8 });
    expect([again.status, again.json.code]).toEqual([403, "not-owner"]);
  });

  it("correct what is billed: everybody's bill of the difference goes out", async () => {
    const first = await until(async () => (await billsOf(ann)).find((bill) => bill.period === period));
    expect(first).toMatchObject({ meteredKwh: -0.5, total: -0.1 });
    const text = file(`ann,${period},0.6,0`, `bob,${period},0.1,0`);
    expect(effects(await bring(text, true))).toEqual(["corrects-billed", "same"]);
    expect(effects(await bring(text))).toEqual(["corrects-billed", "same"]);
    const second = await until(async () => (await billsOf(ann)).filter((bill) => bill.period === period)[1]);
    expect(second).toMatchObject({ meteredKwh: -0.6, total: -0.02 });
    expect(effects(await bring(text, true))).toEqual(["same", "same"]);
    expect(effects(await bring(file(`ann,${period},0.5,0`)))).toEqual(["corrects-billed"]);
    expect(effects(await bring(text))).toEqual(["corrects-billed"].concat("same"));
  }, 60_000);
});

describe("a dispute", () => {
  it("is raised about one's own bill alone, and upheld with a reading", async () => {
    const [bill] = (await billsOf(bob)).filter((one) => one.period === period);
    const path = `/bills/${String(bill?.billId)}/dispute`;
    expect((await ask("POST", path, ann, { reason: "not mine" })).status).toBe(404);
    expect((await ask("POST", path, bob, { reason: "we were away" })).status).toBe(201);
    const listed = (await ask("GET", "/operator/disputes?state=open", operator)).json.items as Fields[];
    expect(listed).toMatchObject([{ billId: bill?.billId, participant: "bob", period }]);
    const reading = { importKwh: 0, exportKwh: 0, generationKwh: 0 };
    const answer = { outcome: "upheld", answer: "read again", reading };
    const answered = await ask("POST", `/operator/disputes/${String(bill?.billId)}`, operator, answer);
    expect([answered.status, answered.json.state]).toEqual([200, "upheld"]);
    const correction = await until(async () => (await billsOf(bob)).filter((one) => one.period === period)[1]);
    expect(correction).toMatchObject({ meteredKwh: 0, total: 0.02, lines: [{ kind: "correction" }] });
    const [first] = (await billsOf(bob)).filter((one) => one.period === period);
    expect(first).toMatchObject({ total: -0.02, dispute: { state: "upheld", answer: "read again" } });
  }, 30_000);
});

describe("an upheld dispute with a credit", () => {
  it("books the amount once, however often it is answered so, and stands on the participant's account", async () => {
    const [bill] = (await billsOf(ann)).filter((one) => one.period === period);
    const billId = String(bill?.billId);
    expect((await ask("POST", `/bills/${billId}/dispute`, ann, { reason: "the old tariff" })).status).toBe(201);
    const before = Number((await ask("GET", "/participants/me", ann)).json.balance);
    const answer = (credit: number) =>
      ask("POST", `/operator/disputes/${billId}`, operator, { outcome: "upheld", answer: "you are right", credit });
    const answers = await Promise.all([answer(1000), answer(1000)]);
    for (const { status, json } of answers) {
      expect(status).toBe(200);
      const credit = { paymentId: `dispute-${billId}`, participant: "ann", kind: "deposit", amount: 1000 };
      expect(json).toMatchObject({ state: "upheld", credit });
    }
    const other = await answer(2000);
    expect([other.status, other.json.code]).toEqual([409, "request-id-reused"]);
    const me = await until(async () => {
      const { json } = await ask("GET", "/participants/me", ann);
      return Number(json.balance) - before > 900 ? json : undefined;
    });
    expect(Number(me.balance) - before).toBeLessThan(1100); // bills of a market that goes on are some pence
    const noted = (await ask("GET", "/operator/payments?participant=ann", operator)).json.items as Fields[];
    expect(noted.filter(({ paymentId }) => paymentId === `dispute-${billId}`)).toMatchObject([{ state: "booked" }]);
  }, 30_000);
});

describe("a change of tenant", () => {
  it("gives the connection to another, each with its own periods", async () => {
    const from = new Date(Math.ceil((await marketMs()) / 3_600_000) * 3_600_000 + 5 * 3_600_000).toISOString();
    const start = from.slice(0, 19).concat("Z");
    const changed = await ask("POST", "/operator/participants/bob/tenant", operator, {
      name: "Cat",
      id: "cat",
      from: start,
    });
    expect(changed.status).toBe(201);
    const cat = String(changed.json.key);
    await isPast(Date.parse(start) + 1_801_000);
    expect((await ask("GET", "/operator/participants/bob", operator)).json).toMatchObject({
      standing: "left",
      until: start,
    });
    expect((await ask("GET", "/operator/participants/cat", operator)).json).toMatchObject({
      connectionPoint: "R18",
      from: start,
    });
    const last = new Date(Date.parse(start) - 1_800_000).toISOString().slice(0, 19).concat("Z");
    const reading = (of: string) => ({ period: of, importKwh: 0.2, exportKwh: 0, generationKwh: 0 });
    const sent = async (key: string, of: string) => (await ask("POST", "/meter", key, reading(of))).status;
    expect([await sent(bob, last), await sent(bob, start)]).toEqual([200, 401]);
    expect([await sent(cat, last), await sent(cat, start)]).toEqual([401, 200]);
  }, 60_000);
});

describe("all of it", () => {
  it("stands in the journals, and comes out again", async () => {
    const { code, stdout } = await runProgram(["replay", join(state, "market"), "--json"]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { journals: expect.any(Array) }]);
    const bill = await runProgram(["bill", join(state, "market"), "--participant", "ann", "--json"]);
    expect(JSON.parse(bill.stdout).months.length).toBeGreaterThan(0);
  }, 60_000);
});
