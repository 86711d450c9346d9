/**
 * A stranger with nothing but curl, mosquitto_pub and mosquitto_sub: registered, traded, kept out of what is others', billed.
 *
 * One market, at a half hour in 0.6 s, and one story: the tests follow each other.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp, newFolder, startProgram } from "../infra/cli/program.js";

const missing = ["curl", "mosquitto_pub", "mosquitto_sub"].find((name) => {
  try {
    execFileSync("sh", ["-c", `command -v ${name}`], { stdio: "ignore", timeout: 10_000 });
    return false;
  } catch {
    return true;
  }
});
if (missing !== undefined) console.log(`stranger by hand: skipped, ${missing} is not installed`);

interface Ran {
  readonly status: number;
  readonly text: string;
}
interface Stranger {
  readonly id: string;
  readonly key: string;
}

let rest = "";
let mqttPort = "";
const listening: ChildProcess[] = [];

/** @returns what it printed, errors too; its exit status, or that of `timeout` */
function run(program: string, ...args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile("timeout", ["40", program, ...args], (error, out, err) => {
      done({ status: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, text: `${out}${err}` });
    });
  });
}

const json = async (...args: readonly string[]) => {
  const { text } = await run("curl", "-s", ...args);
  return JSON.parse(text) as Record<string, unknown>;
};
const asked = (key: string, method: string, path: string, body?: object) =>
  json(
    ...["-X", method, `${rest}${path}`, "-H", `authorization: Bearer ${key}`],
    ...(body === undefined ? [] : ["-H", "content-type: application/json", "-d", JSON.stringify(body)]),
  );
const login = ({ id, key }: Stranger, clientId = id) =>
  ["-h", "127.0.0.1", "-p", mqttPort, "-u", id, "-P", key, "-i", clientId, "-q", "1"] as const;
const publish = (who: Stranger, topic: string, message: object) =>
  run("mosquitto_pub", ...login(who), "-t", `elecbay/main/${topic}`, "-m", JSON.stringify(message));
const read = (who: Stranger, topic: string, seconds = 20) =>
  run("mosquitto_sub", ...login(who, `${who.id}/reader`), "-C", "1", "-W", `${seconds}`, "-t", topic);

/** Hears all on a topic from when it says so. */
async function hearing(who: readonly string[], topic: string): Promise<string[]> {
  const lines: string[] = [];
  const reader = spawn("mosquitto_sub", [...who, "-t", `elecbay/main/${topic}`]);
  listening.push(reader);
  reader.stdout.setEncoding("utf8").on("data", (text: string) => void lines.push(...text.split("\n").filter(Boolean)));
  await pause(700); // for the subscription: mosquitto_sub does not tell of it
  return lines;
}

async function registered(name: string): Promise<Stranger> {
  const body = JSON.stringify({ name, role: "prosumer", capacityKw: 7 });
  const told = await json(`${rest}/participants`, "-H", "content-type: application/json", "-d", body);
  return { id: String(told.id), key: String(told.key) };
}

interface Period {
  readonly period: string;
  readonly gateAt: string;
}
const biddingPeriods = async () => ((await json(`${rest}/market-state`)) as { bidding?: Period[] }).bidding ?? [];

describe.skipIf(missing !== undefined)("a stranger with curl, mosquitto_pub and mosquitto_sub", () => {
  let ann: Stranger;
  let bob: Stranger;
  let last: Period;
  let replies: string[];

  beforeAll(async () => {
    const ports = ["--mqtt-port", "0", "--rest-port", "0"];
    const flags = [...ports, "--log", "json", "--state", newFolder(), "--speed", "3000", "--no-bots"];
    const market = startProgram(["up", "scenarios/swarm.yaml", ...flags]);
    const [greeting] = await market.line(/MQTT at mqtt:.*swagger/);
    mqttPort = /mqtt:\/\/[\d.]+:(\d+)/.exec(greeting)?.[1] ?? "";
    rest = /http:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "";
    for (let open: Period[] = []; open.length === 0; await pause(100)) open = await biddingPeriods();
  }, 60_000);
  afterAll(() => {
    for (const reader of listening) reader.kill();
    cleanUp();
  });

  it("registers, and gets an id and a key", async () => {
    [ann, bob] = [await registered("Ann Example"), await registered("Bob Example")];
    expect(ann).toEqual({ id: expect.stringMatching(/^[a-z0-9]+$/), key: expect.stringMatching(/^[\w.-]{40,}$/) });
    expect(ann.id).not.toBe(bob.id);
  });

  it("reads the list, orders an item on it, and is accepted", { timeout: 40_000 }, async () => {
    last = (await biddingPeriods()).at(-1) ?? { period: "", gateAt: "" };
    replies = await hearing(login(ann, `${ann.id}/replies`), `private/${ann.id}/replies`);
    const item = { period: last.period, side: "sell", energyKwh: 0.8, pricePerKwh: 0.05 };
    const listed = await asked(bob.key, "POST", "/items", { requestId: "b1", ...item });
    expect(listed).toMatchObject({ status: "accepted", requestId: "b1" });
    const offered = async () => {
      const { items } = (await json(`${rest}/items?period=${last.period}`)) as { items?: { itemId: string }[] };
      return items?.map(({ itemId }) => itemId) ?? [];
    };
    await expect.poll(offered, { timeout: 15_000 }).toContain(listed.itemId);
    const order = { period: last.period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.05, itemId: listed.itemId };
    await publish(ann, `in/${ann.id}/orders`, { v: 1, requestId: "a1", action: "place", ...order });
    await expect.poll(() => replies.join(), { timeout: 15_000 }).toMatch(/"requestId":"a1".*"status":"accepted"/);
  });

  it("cannot order as somebody else", { timeout: 60_000 }, async () => {
    const bobsReplies = await hearing(login(bob, `${bob.id}/replies`), `private/${bob.id}/replies`);
    const order = { period: last.period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.05 };
    const command = { v: 1, requestId: "forged", action: "place", ...order };
    expect((await publish(ann, `in/${bob.id}/orders`, command)).status).not.toBe(0);
    expect((await run("mosquitto_pub", ...login({ id: bob.id, key: ann.key }), "-t", "x", "-m", "x")).status).not.toBe(
      0,
    );
    await publish(bob, `in/${bob.id}/orders`, { ...command, requestId: "own" });
    await expect.poll(() => bobsReplies.join(), { timeout: 15_000 }).toContain('"requestId":"own"');
    expect(bobsReplies.join()).not.toContain("forged");
  });

  it("cannot read another's replies, nor everything", { timeout: 60_000 }, async () => {
    for (const topic of [
      `elecbay/main/private/${bob.id}/replies`,
      `elecbay/main/private/${bob.id}/#`,
      "#",
      "elecbay/#",
    ]) {
      const { text } = await read(ann, topic, 5);
      expect([topic, text]).toEqual([topic, expect.stringMatching(/^[^{]*(denied|lost|not authori[sz]ed)/i)]);
    }
    expect((await asked(ann.key, "GET", "/orders")).items).toEqual([]);
  });

  it("cannot publish the clock", { timeout: 60_000 }, async () => {
    const observer = ["-h", "127.0.0.1", "-p", mqttPort, "-u", "observer", "-i", "observer"];
    const ticks = await hearing(observer, "public/clock");
    const forged = { v: 1, ts: "2099-01-01T00:00:00Z", seq: 1, rate: 1, mode: "scaled" };
    expect((await publish(ann, "public/clock", forged)).status).not.toBe(0);
    const before = ticks.length;
    await expect.poll(() => ticks.length, { timeout: 15_000 }).toBeGreaterThan(before + 1);
    expect(ticks.join()).not.toContain("2099");
  });

  it("is rejected after the gate", { timeout: 60_000 }, async () => {
    await expect
      .poll(async () => (await biddingPeriods()).map(({ period }) => period), { timeout: 40_000 })
      .not.toContain(last.period);
    const order = { period: last.period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.1 };
    await publish(ann, `in/${ann.id}/orders`, { v: 1, requestId: "late", action: "place", ...order });
    await expect
      .poll(() => replies.join("\n"), { timeout: 15_000 })
      .toMatch(/"requestId":"late".*"code":"gate-closed"/);
    const over = await asked(ann.key, "POST", "/orders", { requestId: "later", ...order });
    expect(over).toMatchObject({ status: 422, code: "gate-closed" });
  });

  it("gets a bill at the end, over MQTT and over REST the same", { timeout: 120_000 }, async () => {
    const bill = `elecbay/main/private/${ann.id}/bills/${last.period.replaceAll(/[-:]|\d\dZ$/g, "").replace("T", "-")}`;
    let told = { status: 1, text: "" };
    for (let tries = 0; tries < 3 && told.status !== 0; tries += 1) told = await read(ann, bill, 35);
    const { total, lines } = JSON.parse(told.text) as { total: number; lines: { kind: string; amount: number }[] };
    expect(lines.find(({ kind }) => kind === "trade")).toMatchObject({ energyKwh: -0.5, amount: -0.025 });
    expect(total).toBeCloseTo(
      lines.reduce((sum, { amount }) => sum + amount, 0),
      6,
    );
    const { items } = (await asked(ann.key, "GET", "/bills")) as { items: { period: string; total: number }[] };
    expect(items.find(({ period }) => period === last.period)?.total).toBe(total);
  });
});
