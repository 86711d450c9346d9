/** The client against the embedded broker, with the test in the market's place. */
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { joinMarket, type MarketClient, type MarketClientOptions, NoReplyError } from "../../../infra/client/client.js";
import { type Connection, openConnection } from "../../../infra/mqtt/connection.js";
import { type EmbeddedBroker, startBroker } from "../../../infra/mqtt/embedded-broker.js";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import { topicsOf } from "../../../shared/topics.js";

const topics = topicsOf("main");
const order = { period: "2016-08-01T11:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 } as const;
let broker: EmbeddedBroker;
let market: Connection;
const clients: MarketClient[] = [];
/** What Ann sent, and how it is answered. */
const sent: { topic: string; command: Record<string, unknown> }[] = [];
let answer: (command: Record<string, unknown>, topic: string) => object | undefined = () => undefined;

beforeAll(async () => {
  broker = await startBroker({
    ...{ market: "main", host: "127.0.0.1", port: 0, guestsWelcome: false },
    accounts: [
      { username: "market", password: "m", standing: { kind: "market" } },
      { username: "ann", password: "a", standing: { kind: "participant", id: "ann" } },
    ],
    threadFile: resolve("dist/broker-thread.js"),
    ...{ onGuest: () => {}, onCrash: () => {}, onRefused: () => {} },
  });
  market = await openConnection({
    ...{ url: broker.url, clientId: "market", username: "market", password: "m" },
    onMessage: (topic, payload) => {
      const command = JSON.parse(payload.toString()) as Record<string, unknown>;
      sent.push({ topic, command });
      const told = topic.endsWith("status") ? undefined : answer(command, topic);
      if (told !== undefined) market.publish(topics.private("ann", "replies"), JSON.stringify(told), false);
    },
  });
  await market.subscribe(["items", "orders", "meter", "status"].map((name) => topics.in("ann", name as "items")));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  sent.length = 0;
  answer = () => undefined;
});
afterAll(async () => {
  await market.end();
  await broker.stop();
});

async function ann(options: MarketClientOptions = {}): Promise<MarketClient> {
  const client = await joinMarket({ id: "ann", key: "a", urls: [broker.url], market: "main" }, options);
  clients.push(client);
  return client;
}

const accepted = ({ requestId }: Record<string, unknown>, topic: string) => ({
  ...{ v: 1, ts: "2016-08-01T10:00:00Z", requestId, topic: topic.split("/").at(-1), status: "accepted" },
  ...{ orderId: "o9", version: 1, period: order.period, biddingCycle: 1, acceptedAt: "2016-08-01T10:00:00Z" },
});

describe("a participant's client", () => {
  it("sends a command as the contract has it, and resolves with the reply that belongs to it", async () => {
    answer = accepted;
    const client = await ann();
    const [bought, listed, read] = await Promise.all([
      client.order({ ...order, requestId: "a1" }),
      client.list({ ...order, side: "sell" }),
      client.meter({ period: order.period, importKwh: 0.3, exportKwh: 0, generationKwh: 0 }),
    ]);
    expect([bought, listed, read].map(({ topic, status }) => [topic, status])).toEqual([
      ["orders", "accepted"],
      ["items", "accepted"],
      ["meter", "accepted"],
    ]);
    const commands = new Map(sent.map(({ topic, command }) => [topic.split("/").at(-1), command]));
    expect(commands.get("orders")).toEqual({ v: 1, requestId: "a1", action: "place", ...order });
    expect(commands.get("items")).toEqual({
      ...order,
      v: 1,
      requestId: listed.requestId,
      action: "list",
      side: "sell",
    });
    expect(commands.get("meter")).not.toHaveProperty("action");
  });

  it("sends the same again while nobody answers", async () => {
    let times = 0;
    answer = (command, topic) => {
      times += topic.endsWith("orders") ? 1 : 0;
      return times === 3 ? accepted(command, topic) : undefined;
    };
    const client = await ann({ sendAgainAfterMs: 30 });
    expect((await client.order(order)).status).toBe("accepted");
    const orders = sent.filter(({ topic }) => topic.endsWith("orders")).map(({ command }) => command);
    expect(orders.length).toBeGreaterThanOrEqual(3);
    expect(new Set(orders.map((command) => JSON.stringify(command))).size).toBe(1);
  });

  it("gives up after a while, naming the request, and refuses one that waits already", async () => {
    const client = await ann({ sendAgainAfterMs: 20, giveUpAfterMs: 100 });
    const first = client.order({ ...order, requestId: "a7" });
    await expect(async () => client.order({ ...order, requestId: "a7" })).rejects.toThrow("a7 already waits");
    const failure = await first.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoReplyError);
    expect(failure).toMatchObject({
      requestId: "a7",
      message: expect.stringMatching(/^no reply to a7 within 0\.\d+ s/),
    });
  });

  it("tells that it is there and that it has gone", async () => {
    const client = await ann();
    await client.close();
    clients.length = 0;
    await expect
      .poll(
        () =>
          sent
            .filter(({ topic }) => topic.endsWith("status"))
            .map(({ command }) => command.status)
            .slice(-2), // the farewell of the test before may come late
      )
      .toEqual(["online", "offline"]);
  });

  it("hears what is kept for it at once, a second listener too, and nothing twice", async () => {
    const [bill] = privateExamples.bills;
    market.publish(topics.privatePeriod("ann", "bills", Date.parse(order.period)), JSON.stringify(bill), true);
    await market.flushed();
    const client = await ann();
    const [first, second]: [unknown[], unknown[]] = [[], []];
    client.onBill((told) => void first.push(told));
    await expect.poll(() => first).toEqual([bill]);
    client.onBill((told) => void second.push(told));
    client.on("orders", () => {});
    expect(second).toEqual([bill]);
    const price = publicExamples.price[0];
    const prices: unknown[] = [];
    const end = client.on("price", (told) => void prices.push(told));
    market.publish(topics.public("price"), JSON.stringify(price), true);
    await expect.poll(() => prices).toEqual([price]);
    end();
    market.publish(topics.public("price"), JSON.stringify(price), true);
    await market.flushed();
    expect([first.length, prices.length]).toEqual([1, 1]);
  });

  it("tells of what is no message of the contract, and goes on", async () => {
    answer = accepted;
    const errors: string[] = [];
    const client = await ann({ onError: ({ message }) => void errors.push(message) });
    market.publish(topics.private("ann", "replies"), "{}", false);
    expect((await client.order(order)).status).toBe("accepted");
    expect(errors).toEqual([expect.stringContaining("private/ann/replies could not be taken")]);
  });

  it("says where it was not let in", async () => {
    const joined = joinMarket({ id: "ann", key: "wrong", urls: [broker.url], market: "main" });
    await expect(joined).rejects.toThrow(`ann cannot connect to ${broker.url}`);
    await expect(joinMarket({ id: "ann", key: "a", urls: [], market: "main" })).rejects.toThrow("no address");
  });
});
