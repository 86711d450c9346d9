/**
 * An operator who knows nothing but the REST interface, in a running market at a half hour in half a second: one story, the tests follow
 * each other. At the end its journals are checked as anybody would.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp, newFolder, type RunningProgram, runProgram, startProgram } from "../infra/cli/program.js";
import { plainClient, topic } from "./plain-client.js";

type Fields = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly json: Fields;
}

const state = newFolder();
let program: RunningProgram;
let base = "";
let operator = "";
let home = { id: "", key: "" };
let dear = "";
let mqttUrl = "";

const rows = (list: unknown): Fields[] => list as Fields[];

async function ask(method: string, path: string, key: string, body?: object, headers: object = {}): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Fields };
}

async function start(): Promise<void> {
  const ports = ["--mqtt-port", "0", "--rest-port", "0"];
  const flags = [...ports, "--log", "json", "--state", state, "--speed", "3600", "--no-bots"];
  program = startProgram(["up", "scenarios/swarm.yaml", ...flags]);
  const [greeting] = await program.line(/MQTT at mqtt:.*swagger/);
  mqttUrl = /mqtt:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "";
  base = new URL("/", /http:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "").href.replace(/\/$/, "");
  operator = readFileSync(join(state, "operator.key"), "utf8").trim();
}

/** The period that closes last of those that are open. */
async function lastOpen(): Promise<string> {
  for (;;) {
    const { json } = await ask("GET", "/market-state", operator);
    const open = rows(json.bidding ?? []);
    if (open.length > 1) return String(open.at(-1)?.period);
    await pause(100);
  }
}

async function buy(requestId: string): Promise<Answer> {
  const order = { requestId, period: await lastOpen(), side: "buy", energyKwh: 1, pricePerKwh: 0.1 };
  return ask("POST", "/orders", home.key, order);
}

const pay = (kind: string, amount: number, id: string): Promise<Answer> =>
  ask("POST", "/operator/payments", operator, { participant: home.id, kind, amount }, { "idempotency-key": id });

beforeAll(start, 60_000);
afterAll(cleanUp);

describe("an operator", () => {
  it("registers somebody who has to pay before trading", async () => {
    const person = { name: "Bea Example", role: "prosumer", capacityKw: 7, connectionPoint: "R18", phase: "a" };
    const { status, json } = await ask("POST", "/operator/participants", operator, person);
    expect(status).toBe(201);
    home = { id: String(json.id), key: String(json.key) };
    const changed = await ask("PATCH", `/operator/participants/${home.id}`, operator, { creditLimit: 0 });
    expect(changed.json).toMatchObject({ name: "Bea Example", creditLimit: 0, balance: 0, connectionPoint: "R18" });
    const found = await ask("GET", "/operator/participants?name=bea", operator);
    expect(rows(found.json.items).map(({ id }) => id)).toEqual([home.id]);
  });

  it("notes what it paid in, once however often it is sent, and its orders are taken from then on", async () => {
    expect((await buy("before")).json.code).toBe("credit-exceeded");
    const [first, again] = await Promise.all([pay("deposit", 1, "in-1"), pay("deposit", 1, "in-1")]);
    expect([first.status, first.json.state]).toEqual([201, "booked"]);
    expect(again.json).toEqual(first.json);
    expect((await pay("deposit", 2, "in-1")).json.code).toBe("request-id-reused");
    for (let bought = await buy("after"); bought.status !== 201; bought = await buy("after")) {
      expect(bought.json.code).toBe("credit-exceeded"); // until bidding has heard of the funds
      await pause(50);
    }
    const me = await ask("GET", "/participants/me", home.key);
    expect(me.json).toMatchObject({ balance: 1, movements: [{ paymentId: "in-1", kind: "deposit", amount: 1 }] });
  });

  it("cannot pay out what an order holds, nor more than there is", async () => {
    expect((await pay("payout", 1, "out-1")).json).toMatchObject({ code: "funds-exceeded", requestId: "out-1" });
    expect((await pay("payout", 0.5, "out-2")).json).toMatchObject({ state: "booked", amount: 0.5 });
    expect((await pay("payout", 0.5, "out-3")).json.code).toBe("funds-exceeded");
    const { json } = await ask("GET", "/operator/payments", operator);
    expect(rows(json.items).map(({ paymentId, state: how }) => [paymentId, how])).toEqual([
      ...[
        ["out-3", "refused"],
        ["out-2", "booked"],
        ["out-1", "refused"],
        ["in-1", "booked"],
      ],
    ]);
  });

  it("changes a tariff and a supplier from a period on that has not begun", async () => {
    dear = await lastOpen();
    const offer = { import: 0.3, export: 0.01 };
    const begun = await ask("PUT", "/operator/suppliers/dear/tariff", operator, { ...offer, from: "20170515-0800" });
    expect([begun.status, ["period-begun", "tariff-refused"]]).toEqual([
      422,
      expect.arrayContaining([begun.json.code]),
    ]);
    expect((await ask("PUT", "/operator/suppliers/dear/tariff", operator, { ...offer, from: dear })).status).toBe(200);
    const nobody = await ask("PUT", `/operator/participants/${home.id}/supplier`, operator, {
      supplier: "none",
      from: dear,
    });
    expect(nobody.json.code).toBe("unknown-supplier");
    const moved = await ask("PUT", `/operator/participants/${home.id}/supplier`, operator, {
      supplier: "dear",
      from: dear,
    });
    expect(moved.json).toEqual({ participant: home.id, supplier: "dear", from: dear });
    for (let told: unknown[] = []; !told.includes(0.3); await pause(50))
      told = ((await ask("GET", "/tariff", home.key)).json.importPerKwh ?? []) as unknown[];
  });

  it("puts it under a gateway, which then sends for it in batches and reads what is its own, and nobody else's", async () => {
    const made = await ask("POST", "/operator/participants", operator, {
      name: "Cabinet 7",
      role: "gateway",
      id: "gw7",
    });
    const key = String(made.json.key);
    const early = await plainClient(mqttUrl, "gw7", key);
    expect(await early.reads(topic.everythingOf(home.id))).toBe(false);
    const cut = new Promise<void>((resolve) => early.mqtt.once("close", () => resolve()));
    const changed = await ask("PATCH", `/operator/participants/${home.id}`, operator, { gateway: "gw7" });
    expect(changed.json).toMatchObject({ gateway: "gw7" });
    await cut; // to come in anew, by the new list
    const gateway = await plainClient(mqttUrl, "gw7", key);
    for (const id of ["gw7", home.id]) expect(await gateway.reads(topic.everythingOf(id))).toBe(true);
    await gateway.hear(topic.private(home.id, "tariff"), ({ supplier }) => supplier !== undefined);
    const command = { v: 1, requestId: "via7", action: "place", side: "buy", period: await lastOpen() };
    const order = { ...command, energyKwh: 0.1, pricePerKwh: 0.1 };
    const entries = [home.id, "gw7"].map((id) => ({ for: id, topic: "orders", command: order }));
    gateway.send(topic.in("gw7", "batch"), { v: 1, requestId: "b1", entries });
    const { fields } = await gateway.hear(topic.private("gw7", "replies"), ({ requestId }) => requestId === "b1");
    expect(fields).toMatchObject({
      topic: "batch",
      replies: [
        { for: home.id, requestId: "via7", status: "accepted" },
        { for: "gw7", status: "rejected", code: "not-owner" },
      ],
    });
    const reading = { v: 1, requestId: "m7", period: await lastOpen(), importKwh: 1, exportKwh: 0, generationKwh: 0 };
    gateway.send(topic.in("gw7", "batch"), {
      ...{ v: 1, requestId: "b2", entries: [{ for: home.id, topic: "meter", command: reading }] },
    });
    const read = await gateway.hear(topic.private("gw7", "replies"), ({ requestId }) => requestId === "b2");
    expect(rows(read.fields.replies)).toMatchObject([{ for: home.id, code: "not-open-yet" }]);
    expect(await gateway.reads(topic.everythingOf("bot1"))).toBe(false);
    gateway.mqtt.end(true);
    expect((await ask("PATCH", "/operator/participants/gw7", operator, { gateway: "gw7" })).status).toBe(400);
    expect((await ask("PATCH", `/operator/participants/${home.id}`, operator, { gateway: "gw8" })).status).toBe(404);
  });

  it("finds it all again after the market was killed, and nothing twice", async () => {
    program.child.kill("SIGKILL");
    await program.ended;
    await start();
    expect((await pay("deposit", 1, "in-1")).json).toMatchObject({ state: "booked", amount: 1 });
    expect((await pay("deposit", 0.25, "in-2")).status).toBe(201);
    const { json } = await ask("GET", `/operator/participants/${home.id}`, operator);
    expect(json.balance).toBe(0.75);
  }, 60_000);

  it("has journals and results that are right in every figure once it is billed", async () => {
    for (let billed: Fields[] = []; !billed.some(({ period }) => period === dear); await pause(200))
      billed = rows((await ask("GET", "/bills?limit=1000", home.key)).json.items);
    program.child.kill("SIGTERM");
    await program.ended;
    const verified = await runProgram(["verify", state]);
    expect([verified.code, verified.stderr]).toEqual([0, ""]);
    const out = newFolder();
    expect((await runProgram(["replay", state, "--out", out])).code).toBe(0);
    const ledger = readFileSync(join(out, "ledger.csv"), "utf8").split("\n");
    const noted = ledger
      .map((line) => line.split(",").slice(2))
      .filter(([debit, credit]) => [debit, credit].includes("bank"));
    const tariffs = readFileSync(join(out, "tariffs.csv"), "utf8").split("\n");
    expect(tariffs.filter((line) => line.includes(`,${home.id},`))).toEqual([
      expect.stringContaining(`,${home.id},retail1,0.1457,0.0503`),
      `${dear},${home.id},dear,0.3,0.01`,
    ]);
    const own = `participant:${home.id}`;
    expect(noted).toEqual([
      ...[
        ["bank", own, "1", "deposit in-1"],
        [own, "bank", "0.5", "payout out-2"],
        ["bank", own, "0.25", "deposit in-2"],
      ],
    ]);
  }, 120_000);
});
