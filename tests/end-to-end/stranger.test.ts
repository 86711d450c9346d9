/**
 * A stranger who knows nothing but contract.md trades on a running market: from the login to the bill.
 *
 * One market, at a half hour in 0.75 s, and one story: the tests follow each other.
 */
import { createHash, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { channels } from "../../shared/messages/channels.js";
import { cleanUp, newFolder, type RunningProgram, startProgram } from "../infra/cli/program.js";
import { type Fields, level, type PlainClient, plainClient, topic } from "./plain-client.js";

const speed = 2400;
const state = newFolder();
let market: RunningProgram;
let url = "";
let observer: PlainClient;
let seller: PlainClient;
let buyer: PlainClient;
/** The period that the strangers trade for, and the instants of its life. */
let period = "";
let gateAtMs = 0;
let item: Fields = {};
let bought: Fields = {};
let auctioned: Fields = {};

const halfHourMs = 30 * 60_000;
const ms = (instant: unknown): number => Date.parse(String(instant));
const rows = (list: unknown): Fields[] => list as Fields[];
const sum = (list: Fields[], field: string): number => list.reduce((total, row) => total + Number(row[field]), 0);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const listing = () => ({ v: 1, action: "list", side: "sell", period, energyKwh: 0.8, pricePerKwh: 0.5 });
const toAuction = () => ({ v: 1, action: "place", side: "buy", period, energyKwh: 0.2, pricePerKwh: 0.3 });
const tickAt = (client: PlainClient, instantMs: number) =>
  client.hear(topic.public("clock"), ({ ts }) => ms(ts) >= instantMs, 60_000);

async function stranger(id: string): Promise<PlainClient> {
  const client = await plainClient(url, id, `${id} has a secret`);
  expect(await client.reads(topic.everythingPublic)).toBe(true);
  expect(await client.reads(topic.everythingOf(id))).toBe(true);
  client.send(topic.in(id, "status"), { v: 1, status: "online" }, true);
  return client;
}

beforeAll(async () => {
  const ports = ["--mqtt-port", "0", "--rest-port", "0"];
  market = startProgram(["up", ...ports, "--log", "json", "--state", state, "--speed", String(speed)]);
  const [greeting] = await market.line(/MQTT at mqtt:.*healthz/);
  url = /mqtt:\/\/[\d.]+:\d+/.exec(greeting)?.[0] ?? "";
  observer = await plainClient(url, "observer");
  await observer.reads(topic.everythingPublic);
  [seller, buyer] = await Promise.all([stranger("wanderer"), stranger("passer-by")]);
}, 30_000);

afterAll(async () => {
  for (const client of [observer, seller, buyer]) client?.mqtt.end(true);
  cleanUp();
});

describe("a stranger who takes a free id", () => {
  it("finds clock, standing rules, live periods and its own tariff at once", async () => {
    const clock = await seller.hear(topic.public("clock"));
    expect(clock.fields).toMatchObject({ v: 1, mode: "scaled", rate: speed, rounds: 3 });
    const info = await seller.hear(topic.public("market-info"));
    expect(info.retained).toBe(true);
    expect(info.fields).toMatchObject({ currency: "GBP", mechanism: "uniform", gateMinutes: 60, periodMinutes: 30 });
    const tariff = await seller.hear(topic.private("wanderer", "tariff"));
    expect(tariff.fields).toMatchObject({ supplier: "retail1", importPerKwh: [0.1457], exportPerKwh: [0.0503] });
    const marketState = await seller.hear(topic.public("market-state"), ({ bidding }) => rows(bidding).length > 0);
    const last = rows(marketState.fields.bidding).at(-1);
    period = String(last?.period);
    gateAtMs = ms(last?.gateAt);
    expect(gateAtMs).toBe(ms(period) - 60 * 60_000);
    expect(gateAtMs).toBeGreaterThan(ms(clock.fields.ts));
  });

  it("lists an item, which appears under a pseudonym and among its own orders", async () => {
    item = await seller.ask("items", { ...listing(), requestId: "a1" });
    expect(item).toMatchObject({ v: 1, topic: "items", status: "accepted", version: 1, period });
    const { itemId } = item;
    const has = ({ items }: Fields): boolean => rows(items).some((listed) => listed.itemId === itemId);
    const list = await buyer.hear(topic.public(`items/${level(period)}`), (fields) => "items" in fields && has(fields));
    const listed = rows(list.fields.items).find((row) => row.itemId === itemId);
    expect(listed).toMatchObject({ side: "sell", energyKwh: 0.8, pricePerKwh: 0.5, sale: "fixed" });
    expect(listed?.owner).not.toContain("wanderer");
    const own = await seller.hear(topic.private("wanderer", "orders"), has);
    expect(rows(own.fields.items)[0]).toMatchObject({ itemId, energyKwh: 0.8, reservedKwh: 0, period });
  });

  it("sees a second stranger's order reserve a part of it, on both sides", async () => {
    const order = { v: 1, action: "place", period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.5, itemId: item.itemId };
    bought = await buyer.ask("orders", { ...order, requestId: "b1" });
    expect(bought).toMatchObject({ topic: "orders", status: "accepted", version: 1, period });
    const reserved = ({ kind }: Fields): boolean => kind === "reserved";
    const [ofBuyer, ofSeller] = await Promise.all([
      buyer.hear(topic.private("passer-by", "fills"), reserved),
      seller.hear(topic.private("wanderer", "fills"), reserved),
    ]);
    expect(ofBuyer.fields).toMatchObject({ orderId: bought.orderId, energyKwh: 0.5, pricePerKwh: 0.5, period });
    expect(ofSeller.fields).toMatchObject({ itemId: item.itemId, energyKwh: 0.5, pricePerKwh: 0.5, period });
  });

  it("gets the same reply to the same request again, and a refusal for the same requestId with other content", async () => {
    auctioned = await buyer.ask("orders", { ...toAuction(), requestId: "b2" });
    expect(auctioned).toMatchObject({ status: "accepted", period });
    expect(await buyer.ask("orders", { ...toAuction(), requestId: "b2" })).toEqual(auctioned);
    const other = await buyer.ask("orders", { ...toAuction(), energyKwh: 0.3, requestId: "b2" });
    expect(other).toMatchObject({ status: "rejected", code: "request-id-reused" });
    const own = await buyer.hear(topic.private("passer-by", "orders"), ({ orders }) => rows(orders).length === 2);
    expect(rows(own.fields.orders).map(({ orderId }) => orderId)).toEqual([bought.orderId, auctioned.orderId]);
  });

  it("is refused with a reason what comes too early or is no command", async () => {
    const far = new Date(ms(period) + 48 * halfHourMs).toISOString().replace(".000Z", "Z");
    const early = await seller.ask("items", { ...listing(), period: far, requestId: "a2" });
    expect(early).toMatchObject({ status: "rejected", code: "not-open-yet" });
    expect(early.reason).toContain(far);
    const reading = { v: 1, period, importKwh: 0, exportKwh: 0.5, generationKwh: 0.5, requestId: "m0" };
    expect(await seller.ask("meter", reading)).toMatchObject({ status: "rejected", code: "not-open-yet" });
    seller.send(topic.in("wanderer", "items"), "no JSON at all");
    const isBad = ({ requestId, code }: Fields): boolean => requestId === null && code === "bad-message";
    const bad = await seller.hear(topic.private("wanderer", "replies"), isBad);
    expect(bad.fields).toMatchObject({ topic: "items", status: "rejected" });
  });

  it("is refused at the gate, and then told its contracts with the reason of each outcome", async () => {
    await tickAt(seller, gateAtMs);
    const late = await seller.ask("items", { ...listing(), requestId: "a3" });
    expect(late).toMatchObject({ status: "rejected", code: "gate-closed" });
    expect(late.reason).toContain(period);
    const sold = await seller.hear(topic.private("wanderer", `contracts/${level(period)}`));
    expect(sold.fields).toMatchObject({ period, energyKwh: 0.5, value: 0.25 });
    const receipt = rows(sold.fields.orders).find(({ orderId }) => orderId === item.itemId);
    expect(receipt).toMatchObject({ outcome: "partly", energyKwh: 0.5, pricePerKwh: 0.5 });
    expect(receipt?.why).not.toBe("");
    const contract = await buyer.hear(topic.private("passer-by", `contracts/${level(period)}`));
    const receipts = rows(contract.fields.orders);
    expect(receipts.find(({ orderId }) => orderId === bought.orderId)).toMatchObject({
      outcome: "filled",
      energyKwh: 0.5,
    });
    const inAuction = receipts.find(({ orderId }) => orderId === auctioned.orderId);
    expect(["filled", "partly", "unfilled"]).toContain(inAuction?.outcome);
    expect(inAuction?.why).not.toBe("");
    expect(contract.fields.energyKwh).toBeCloseTo(-0.5 - Number(inAuction?.energyKwh), 9);
    const filled = await buyer.hear(topic.private("passer-by", "fills"), ({ kind }) => kind === "filled");
    expect(filled.fields).toMatchObject({ orderId: bought.orderId, energyKwh: 0.5 });
  }, 30_000);
});

describe("a running market", () => {
  it("refuses everything while the operator has closed it, and takes the same request when it is open again", async () => {
    const password = readFileSync(join(state, "operator.key"), "utf8").trim();
    const operator = await plainClient(url, "operator", password);
    const marketState = seller.heard.findLast((message) => message.topic === topic.public("market-state"));
    const open = String(rows(marketState?.fields.bidding).at(-1)?.period);
    operator.send(topic.control, { v: 1, requestId: "c1", action: "close" });
    const degraded = await seller.hear(topic.public("status"), ({ status }) => status === "degraded");
    expect(degraded.fields.reason).toContain("closed by the operator");
    const refused = { ...listing(), period: open, pricePerKwh: 1, requestId: "a4" };
    expect(await seller.ask("items", refused)).toMatchObject({ status: "rejected", code: "market-closed" });
    operator.send(topic.control, { v: 1, requestId: "c2", action: "open" });
    const isOnline = (fields: Fields): boolean => fields.status === "online" && ms(fields.ts) > ms(degraded.fields.ts);
    await seller.hear(topic.public("status"), isOnline);
    expect(await seller.ask("items", refused)).toMatchObject({ status: "accepted", period: open });
    await operator.mqtt.endAsync();
  });

  it("lets whoever has no password read what is public, and nothing more", async () => {
    const somebody = await plainClient(url);
    expect(await somebody.reads(topic.everythingPublic)).toBe(true);
    expect((await somebody.hear(topic.public("market-info"))).retained).toBe(true);
    expect(await somebody.reads(topic.everythingOf("wanderer"))).toBe(false);
    expect(await somebody.reads("elecbay/main/#")).toBe(false);
    expect(await somebody.reads("elecbay/main/manage/#")).toBe(false);
    await thrownOut(somebody, topic.in("wanderer", "items"), { ...listing(), requestId: "a9" });
    await expect(plainClient(url, "wanderer", "a guess")).rejects.toThrow(/Not authorized|Bad user/i);
    await expect(plainClient(url, "settlement", "a guess")).rejects.toThrow(/Not authorized|Bad user/i);
  });

  it("lets a participant neither set the clock nor read or write what is another's", async () => {
    const other = await stranger("other");
    expect(await other.reads(topic.everythingOf("wanderer"))).toBe(false);
    expect(await other.reads("elecbay/main/private/#")).toBe(false);
    expect(await other.reads("elecbay/main/in/#")).toBe(false);
    await thrownOut(other, topic.public("clock"), { v: 1, runId: "forged", seq: 1 });
    const again = await plainClient(url, "other", "other has a secret");
    await thrownOut(again, topic.in("wanderer", "items"), { ...listing(), requestId: "a9" });
    expect(observer.heard.filter(({ fields }) => fields.runId === "forged")).toEqual([]);
    expect(seller.heard.filter(({ fields }) => fields.requestId === "a9")).toEqual([]);
  });

  /** The broker ends the connection of whoever publishes where it may not. */
  async function thrownOut(client: PlainClient, where: string, message: Fields): Promise<void> {
    const closed = new Promise((resolve) => client.mqtt.once("close", () => resolve(true)));
    client.send(where, message);
    expect(await closed).toBe(true);
  }
});

describe("the strangers' period", () => {
  it("takes their readings once it has ended", async () => {
    await tickAt(seller, ms(period) + halfHourMs);
    const reading = { v: 1, period, requestId: "m1" };
    const [ofSeller, ofBuyer] = await Promise.all([
      seller.ask("meter", { ...reading, importKwh: 0, exportKwh: 0.6, generationKwh: 0.7 }),
      buyer.ask("meter", { ...reading, importKwh: 0.9, exportKwh: 0, generationKwh: 0 }),
    ]);
    expect(ofSeller).toMatchObject({ topic: "meter", status: "accepted", period });
    expect(ofBuyer).toMatchObject({ topic: "meter", status: "accepted", period });
  }, 30_000);

  it("is billed a day later: lines that add up to the metered energy and to the total, under a hash that holds", async () => {
    const billTopic = (id: string) => topic.private(id, `bills/${level(period)}`);
    const [ofSeller, ofBuyer] = await Promise.all([
      seller.hear(billTopic("wanderer"), undefined, 60_000),
      buyer.hear(billTopic("passer-by"), undefined, 60_000),
    ]);
    expect(ms(ofSeller.fields.ts)).toBeGreaterThanOrEqual(ms(period) + 49 * halfHourMs);
    for (const [{ text, fields }, meteredKwh] of [
      [ofSeller, 0.6],
      [ofBuyer, -0.9],
    ] as const) {
      expect(fields).toMatchObject({ period, meteredKwh });
      expect(sum(rows(fields.lines), "energyKwh")).toBeCloseTo(meteredKwh, 9);
      expect(sum(rows(fields.lines), "amount")).toBeCloseTo(Number(fields.total), 9);
      // As its text stands, without `ts` and `hash`: nothing has to be written anew.
      const hashed = text.replace(/"ts":"[^"]*",/, "").replace(/,"hash":"[^"]*"/, "");
      expect(fields.hash).toBe(sha256(hashed));
    }
    const trade = { kind: "trade", energyKwh: 0.5, pricePerKwh: 0.5, amount: 0.25, orderId: item.itemId };
    expect(rows(ofSeller.fields.lines)).toContainEqual(trade);
    expect(rows(ofSeller.fields.lines)).toContainEqual({
      ...{ kind: "export", energyKwh: 0.1, pricePerKwh: 0.0503, amount: 0.00503 },
    });
  }, 60_000);

  it("stands in an unbroken chain of the stranger's bills", async () => {
    const next = new Date(ms(period) + halfHourMs).toISOString().replace(".000Z", "Z");
    await seller.hear(topic.private("wanderer", `bills/${level(next)}`), () => true);
    const bills = seller.heard.filter(({ topic: name }) => name.startsWith(topic.private("wanderer", "bills/")));
    expect(bills.length).toBeGreaterThan(1);
    const hashes = bills.map(({ fields }) => fields.hash);
    expect(bills.map(({ fields }) => fields.previous)).toEqual(["", ...hashes.slice(0, -1)]);
  });

  it("finds its last bill in the head of the market day, which is signed with the published key", async () => {
    const [{ fields }] = await Promise.all([
      seller.hear(topic.private("wanderer", "statement"), undefined, 60_000),
      buyer.hear(topic.private("passer-by", "statement"), undefined, 60_000),
    ]);
    const { day, hash, salt, proof, head } = fields;
    const bills = seller.heard.filter(({ topic: name }) => name.startsWith(topic.private("wanderer", "bills/")));
    expect(bills.map((bill) => bill.fields.hash)).toContain(hash);
    let own = sha256(`leaf\nwanderer\n${String(hash)}\n${String(salt)}`);
    for (const step of rows(proof)) {
      own = sha256(step.side === "left" ? `node\n${String(step.hash)}\n${own}` : `node\n${own}\n${String(step.hash)}`);
    }
    const published = await observer.hear(topic.public("statement-head"), (message) => message.day === day);
    expect([own, head]).toEqual([published.fields.head, published.fields.head]);
    const info = await observer.hear(topic.public("market-info"));
    const key = String(info.fields.statementKey);
    expect(readFileSync(join(state, "statement-head.pub"), "utf8")).toBe(key);
    const signature = Buffer.from(String(published.fields.signature), "base64");
    expect(verify(null, Buffer.from(`main\n${String(day)}\n${own}`), key, signature)).toBe(true);
  }, 60_000);

  it("leaves no contract on the broker once it is billed", async () => {
    const cleared = await seller.hear(
      topic.private("wanderer", `contracts/${level(period)}`),
      (_, { text }) => text === "",
    );
    expect(cleared.text).toBe("");
  });
});

describe("what the strangers and an observer heard", () => {
  it("has every public topic of the contract that somebody writes, each message in its schema", () => {
    const seen = complaintsAbout(observer);
    expect(seen.complaints).toEqual([]);
    const wanted = channels.filter(({ address, notYet }) => address.startsWith("public/") && notYet === undefined);
    expect([...seen.addresses].sort()).toEqual(wanted.map(({ address }) => address).sort());
  });

  it("has every private topic of the contract, each message in its schema", () => {
    const seen = complaintsAbout(buyer);
    expect(seen.complaints).toEqual([]);
    const own = channels.filter(({ address }) => address.startsWith("private/")).map(({ address }) => address);
    expect(own.filter((address) => !seen.addresses.has(address))).toEqual([]);
  });

  it("ends with the news that the market is offline, and with exit code 0 within 5 s of Ctrl-C", async () => {
    const asked = performance.now();
    market.child.kill("SIGINT");
    const offline = await observer.hear(topic.public("status"), ({ status }) => status === "offline", 5000);
    expect(offline.fields.reason).toBe("stopped");
    const { code, stdout, stderr } = await market.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(performance.now() - asked).toBeLessThan(5000);
    const lines = stdout.trim().split("\n");
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !line.startsWith("{"))).toEqual([]);
  });
});

/** Addresses of the contract that the client has heard, and what of it does not fit. */
function complaintsAbout({ heard }: PlainClient): { addresses: Set<string>; complaints: string[] } {
  const addresses = new Set<string>();
  const patterns = channels.map((channel) => ({
    channel,
    pattern: new RegExp(`^elecbay/main/${channel.address.replaceAll(/<\w+>/g, "[a-z0-9_-]+")}$`),
  }));
  const complaints = heard.flatMap(({ topic: name, text, fields }) => {
    const found = patterns.find(({ pattern }) => pattern.test(name));
    if (found === undefined) return [`${name} is not in the contract`];
    if (text === "") return [];
    addresses.add(found.channel.address);
    const { success, error } = found.channel.schema.safeParse(fields);
    return success ? [] : [`${name}: ${error.message}`];
  });
  return { addresses, complaints };
}
