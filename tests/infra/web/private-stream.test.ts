/** A participant's topics and commands over REST, as a page has them where the broker lets each participant in once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningMarket, startMarket } from "../../../infra/main/up.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { eventIn, openPrivateStream, type PrivateStream } from "../../../infra/web/page/private-stream.js";

const soon = { timeout: 20_000 };

describe("an event of the stream", () => {
  it("is the message of a topic; of a period where it names one", () => {
    expect(eventIn(`event: replies\ndata: {"v":1}`)).toEqual({ topic: "replies", message: { v: 1 } });
    expect(eventIn(`event: bills\ndata: {"period":"2016-08-01T00:30:00Z"}`)?.topic).toBe("bills/20160801-0030");
  });

  it("is nothing where it is a comment, or cleared", () => {
    expect([eventIn(": still here"), eventIn("retry: 3000"), eventIn("event: orders\ndata: ")]).toEqual(
      Array.from({ length: 3 }, () => undefined),
    );
  });
});

describe("a page beside its participant's devices", () => {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-stream-"));
  const heard: { readonly topic: string; readonly message: Record<string, unknown> }[] = [];
  let market: RunningMarket;
  let stream: PrivateStream;
  const last = (topic: string) => heard.filter((one) => one.topic === topic).at(-1)?.message;
  const open = (password: string) =>
    openPrivateStream({
      ...{ base: market.restUrl, login: { username: "", password } },
      onMessage: (topic, message) => void heard.push({ topic, message: message as Record<string, unknown> }),
    });

  beforeAll(async () => {
    market = await startMarket({
      ...{ scenario: loadScenario("scenarios/swarm.yaml", { overrides: { bots: 1 } }), mode: "scaled", speed: 60 },
      ...{ brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: folder, fresh: false },
      ...{ withBots: false, botsPerThread: 1, without: new Set(), distFolder: resolve("dist") },
      log: { info: () => {}, warn: () => {} },
    });
    const body = JSON.stringify({ name: "Newcomer", role: "prosumer", capacityKw: 7 });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${market.restUrl}/participants`, { method: "POST", headers, body });
    stream = open(((await answer.json()) as { key: string }).key);
  });
  afterAll(async () => {
    stream?.close();
    await market?.stop();
    rmSync(folder, { recursive: true });
  });

  it("places, changes and cancels, and hears replies and its own orders", async () => {
    await expect.poll(() => last("tariff"), soon).toBeDefined();
    const period = market.view.state?.bidding.at(-1)?.period;
    const place = { v: 1, action: "place", period, side: "buy", energyKwh: 0.2, pricePerKwh: 0.1 };
    await stream.command("orders", { ...place, requestId: "w1" });
    await expect.poll(() => last("replies"), soon).toMatchObject({ requestId: "w1", status: "accepted" });
    const orderId = last("replies")?.orderId;
    const change = { v: 1, action: "modify", orderId, expectedVersion: 1, energyKwh: 0.3, pricePerKwh: 0.1 };
    await stream.command("orders", { ...change, requestId: "w2" });
    await expect.poll(() => last("orders"), soon).toMatchObject({ orders: [{ orderId, energyKwh: 0.3, version: 2 }] });
    await stream.command("orders", { v: 1, action: "cancel", orderId, requestId: "w3" });
    await expect.poll(() => last("orders"), soon).toMatchObject({ orders: [] });
  });

  it("is told what the server does not let through to the market", async () => {
    const wrong = await stream.command("orders", { v: 1, action: "place", period: "tomorrow", requestId: "w4" });
    expect(wrong).toMatchObject({ code: "bad-message" });
    expect(wrong?.reason).not.toBe("");
    expect(last("replies")).toMatchObject({ requestId: "w3" });
  });

  it("asks for one order, whatever stands in its id", async () => {
    const refused = await stream.command("orders", {
      v: 1,
      action: "cancel",
      orderId: "../items/i1?x",
      requestId: "w5",
    });
    expect(refused?.reason).not.toContain("/items");
    expect(refused).not.toMatchObject({ code: "not-found" });
  });

  it("is told that a key is nobody's, by the stream and by a command", async () => {
    const stranger = open("nobody");
    expect(await stranger.command("orders", { v: 1, action: "cancel", orderId: "o1", requestId: "w6" })).toMatchObject({
      code: "not-registered",
    });
    await expect.poll(() => stranger.isRefused.value, soon).toBe(true);
    stranger.close();
  });
});
