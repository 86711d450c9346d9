import mqtt, { type MqttClient } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { realWorld } from "../../../infra/main/world.js";
import type { Account } from "../../../infra/mqtt/accounts.js";
import type { Connection } from "../../../infra/mqtt/connection.js";
import { createInsideDoor } from "../../../infra/mqtt/inside-door.js";
import type { FromInside } from "../../../infra/mqtt/inside-messages.js";
import { type KeptBroker, keepBroker } from "../../../infra/mqtt/kept-broker.js";
import { breakableBroker } from "./breakable-broker.js";

const accounts: readonly Account[] = [
  { username: "bidding", password: "b", standing: { kind: "process", role: "bidding" } },
  { username: "ann", password: "a", standing: { kind: "participant", id: "ann" } },
];
const [orders, replies] = ["elecbay/main/in/ann/orders", "elecbay/main/private/ann/replies"];
const { wall } = realWorld;
const open: { broker: KeptBroker; client: MqttClient }[] = [];

afterEach(async () => {
  for (const { broker, client } of open.splice(0)) {
    client.end(true);
    await broker.stop();
  }
});

async function market() {
  const thread = breakableBroker();
  const [heard, told, refused]: [string[], string[], string[]] = [[], [], []];
  const broker = await keepBroker({
    ...{ market: "main", host: "127.0.0.1", port: 0, accounts, guestsWelcome: false, wall },
    ...{ threadFile: thread.threadFile, onGuest: () => {}, onGivenUp: () => {} },
    onRefused: (what, reason) => void refused.push(`${what}: ${reason}`),
    log: { info: () => {}, warn: () => {} },
    policy: { firstDelayMs: 10, longestDelayMs: 20, mostFailures: 10, forgivenAfterMs: 60_000 },
  });
  const client = await mqtt.connectAsync(broker.url, {
    ...{ clientId: "ann", username: "ann", password: "a", reconnectPeriod: 20 },
  });
  client.on("error", () => {});
  client.on(
    "message",
    (topic, payload, { retain }) => void told.push(`${topic} ${payload}${retain ? " retained" : ""}`),
  );
  open.push({ broker, client });
  const login = (username = "bidding", password = "b"): Promise<Connection> =>
    broker.connect({
      ...{ url: broker.url, clientId: username, username, password },
      onMessage: (topic, payload, retained) => void heard.push(`${topic} ${payload}${retained ? " retained" : ""}`),
    });
  return { thread, client, login, heard, told, refused };
}

describe("the door of the market's own connections in its broker", () => {
  it("brings what participants publish, and them what the market says, in order", async () => {
    const { client, login, heard, told } = await market();
    const bidding = await login();
    await bidding.subscribe(["elecbay/main/in/+/orders"]);
    await client.subscribeAsync(replies, { qos: 1 });
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    await Promise.all(numbers.map((n) => client.publishAsync(orders, `${n} grün`, { qos: 1 })));
    await expect.poll(() => heard).toEqual(numbers.map((n) => `${orders} ${n} grün`));
    for (const n of numbers) bidding.publish(replies, `${n} is ≥ 0`, false);
    await expect.poll(() => told).toEqual(numbers.map((n) => `${replies} ${n} is ≥ 0`));
    await bidding.flushed();
    expect(bidding.unacknowledged()).toBe(0);
  });

  it("keeps what is retained for both sides, and marks it for who comes later alone", async () => {
    const { client, login, heard, told } = await market();
    const bidding = await login();
    const [status, ofOwn] = ["elecbay/main/in/ann/status", "elecbay/main/private/ann/orders"];
    await client.publishAsync(status, "online", { qos: 1, retain: true });
    bidding.publish(ofOwn, "kept", true);
    await bidding.flushed();
    await bidding.subscribe(["elecbay/main/in/+/status"]);
    await client.subscribeAsync(ofOwn, { qos: 1 });
    await expect.poll(() => [...heard, ...told]).toEqual([`${status} online retained`, `${ofOwn} kept retained`]);
    await client.publishAsync(status, "offline", { qos: 1, retain: true });
    bidding.publish(ofOwn, "", true);
    await expect.poll(() => [heard.at(-1), told.at(-1)]).toEqual([`${status} offline`, `${ofOwn} `]);
    const another: string[] = [];
    client.on("message", (topic, _payload, { retain }) => void (retain && another.push(topic)));
    await client.subscribeAsync("elecbay/main/private/ann/#", { qos: 1 });
    await client.publishAsync(status, "online", { qos: 1, retain: true });
    await expect.poll(() => heard.at(-1)).toBe(`${status} online`);
    expect(another).toEqual([]); // it was cleared
  });

  it("gives a message once where filters overlap, and nothing more after they are given up", async () => {
    const { client, login, heard } = await market();
    const bidding = await login();
    await bidding.subscribe(["elecbay/main/in/+/orders", "elecbay/main/in/ann/orders"]);
    await client.publishAsync(orders, "once", { qos: 1 });
    await expect.poll(() => heard).toEqual([`${orders} once`]);
    await bidding.unsubscribe(["elecbay/main/in/+/orders", "elecbay/main/in/ann/orders"]);
    await client.publishAsync(orders, "unheard", { qos: 1 });
    await bidding.subscribe(["elecbay/main/in/+/orders"]);
    await client.publishAsync(orders, "heard again", { qos: 1 });
    await expect.poll(() => heard.at(-1)).toBe(`${orders} heard again`);
    expect(heard).toHaveLength(2);
  });

  it("holds the access list against them, and lets nobody else in", async () => {
    const { login, refused } = await market();
    const bidding = await login();
    await expect(bidding.subscribe(["elecbay/other/in/+/orders", "elecbay/main/in/+/orders"])).rejects.toThrow(
      "refused bidding to subscribe to elecbay/other/in/+/orders: there is no market of that name",
    );
    bidding.publish("elecbay/main/public/clock", "{}", true);
    await bidding.flushed();
    await expect.poll(() => refused).toContain("a message on elecbay/main/public/clock: bidding may not publish there");
    await expect(login("bidding", "guess")).rejects.toThrow("wrong password for bidding");
    await expect(login("ann", "a")).rejects.toThrow("ann is none of the market's own");
  });

  it("is found again after the broker's thread has failed: what is published meanwhile comes after", async () => {
    const { thread, client, login, heard, told } = await market();
    const bidding = await login();
    await bidding.subscribe(["elecbay/main/in/+/orders"]);
    await client.subscribeAsync(replies, { qos: 1 });
    let connections = 0;
    client.on("connect", () => {
      connections += 1;
    });
    thread.break();
    await expect.poll(() => bidding.isConnected()).toBe(false);
    bidding.publish("elecbay/main/private/ann/orders", "said while it was away", true);
    await expect.poll(() => connections, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => bidding.isConnected()).toBe(true);
    await bidding.flushed();
    await client.subscribeAsync("elecbay/main/private/ann/orders", { qos: 1 });
    await client.publishAsync(orders, "to the next one", { qos: 1 });
    await expect.poll(() => heard).toEqual([`${orders} to the next one`]);
    await expect.poll(() => told).toEqual(["elecbay/main/private/ann/orders said while it was away retained"]);
  });
});

describe("a market that does not work what it is sent", () => {
  it("holds publishing up beyond a bound, and no longer when it has caught up", async () => {
    const told: FromInside[] = [];
    let deliver = (_packet: object, _done: () => void): void => {};
    const door = createInsideDoor({
      market: "main",
      broker: {
        publish: () => {},
        subscribe: (_filter: string, given: typeof deliver) => {
          deliver = given;
        },
        unsubscribe: () => {},
      } as unknown as Parameters<typeof createInsideDoor>[0]["broker"],
      async login() {
        const [account] = accounts;
        if (account === undefined) throw new Error("there is no account");
        return { ok: true, username: "bidding", isNewGuest: false, standing: account.standing, account };
      },
      ...{ retainedOf: () => [], tell: (message) => void told.push(message), onRefused: () => {} },
    });
    door.take({ type: "inside-open", id: 1, username: "bidding", password: "b", clientId: "bidding", filters: [] });
    await expect.poll(() => told).toHaveLength(1);
    door.take({ type: "inside-subscribe", id: 1, ask: 1, filters: ["elecbay/main/in/+/orders"] });
    let done = 0;
    const publish = async (count: number, payload = "x"): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        brokerCounter += 1;
        deliver({ topic: orders, payload: Buffer.from(payload), brokerCounter }, () => {
          done += 1;
        });
      }
      await new Promise((later) => void setImmediate(later));
    };
    let brokerCounter = 0;
    await publish(9999);
    expect(done).toBe(9999);
    await publish(3);
    expect(done).toBe(9999);
    door.take({ type: "inside-heard", messages: 2, bytes: 2 });
    expect(done).toBe(9999);
    door.take({ type: "inside-heard", messages: 1, bytes: 1 });
    expect(done).toBe(10_002);
    expect(told.flatMap((message) => (message.type === "inside-messages" ? message.ids : []))).toHaveLength(10_002);
    door.take({ type: "inside-heard", messages: 9_999, bytes: 9_999 });
    await publish(1, "x".repeat(16 * 2 ** 20));
    await publish(1);
    expect(done).toBe(10_002);
    door.take({ type: "inside-heard", messages: 1, bytes: 16 * 2 ** 20 });
    expect(done).toBe(10_004);
  });
});
