import { connect as connectTcp, type Socket } from "node:net";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import mqtt, { type MqttClient, type Packet } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { openConnection } from "../../../infra/mqtt/connection.js";
import { type EmbeddedBroker, PortTakenError, startBroker } from "../../../infra/mqtt/embedded-broker.js";

const homes = Array.from({ length: 150 }, (_, n) => `home${n}`);
const accounts: readonly Account[] = [
  { username: "market", password: "m", standing: { kind: "market" } },
  { username: "ann", password: "a", standing: { kind: "participant", id: "ann" } },
  { username: "gw1", password: "g", standing: { kind: "participant", id: "gw1", under: homes } },
  { username: "observer", password: undefined, standing: { kind: "observer" } },
];
const clockTopic = "elecbay/main/public/clock";
const ordersTopic = "elecbay/main/in/ann/orders";

const refused: string[] = [];
const guests: string[] = [];
const options = {
  ...{ market: "main", host: "127.0.0.1", port: 0, accounts, guestsWelcome: true },
  threadFile: resolve("dist/broker-thread.js"),
  onGuest: (id: string) => void guests.push(id),
  onCrash: () => {},
  onRefused: (what: string, reason: string) => void refused.push(`${what}: ${reason}`),
};
let broker: EmbeddedBroker;
const clients: MqttClient[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  broker = await startBroker(options);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => broker.stop());

async function connected(username: string, password?: string, clientId = username): Promise<MqttClient> {
  const client = await mqtt.connectAsync(broker.url, {
    ...{ clientId, username, protocolVersion: 4, reconnectPeriod: 0 },
    ...(password === undefined ? {} : { password }),
  });
  client.on("error", () => {});
  clients.push(client);
  return client;
}

/** Publishes both in one write at QoS 0: the first retained, the second not. */
async function publishTogether(client: MqttClient, first: string, second: string): Promise<void> {
  client.stream.cork();
  client.publish(first, "retained", { qos: 0, retain: true });
  client.publish(second, "not retained", { qos: 0 });
  client.stream.uncork();
  await client.publishAsync(clockTopic, "after both", { qos: 1 });
}

/** Collects what arrives on a subscription. */
async function listening(client: MqttClient, filter: string): Promise<string[]> {
  const heard: string[] = [];
  client.on("message", (topic, payload) => void heard.push(`${topic} ${payload.toString()}`));
  await client.subscribeAsync(filter, { qos: 1 });
  return heard;
}

/** Granted QoS of a subscription, 128 where it was refused. */
function granted(client: MqttClient, filter: string): Promise<number> {
  return new Promise((done) => {
    const hear = (packet: Packet): void => {
      if (packet.cmd !== "suback") return;
      client.off("packetreceive", hear);
      done(Number(packet.granted[0]));
    };
    client.on("packetreceive", hear);
    client.subscribe(filter, { qos: 1 }, () => {});
  });
}

function rawSocket(): Promise<Socket> {
  return new Promise((done) => {
    const socket = connectTcp({ port: broker.port, host: "127.0.0.1" }, () => done(socket));
    socket.on("error", () => {});
    sockets.push(socket);
  });
}

const mqttText = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
const mqttPacket = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type, body.length]), body]);
const connectPacket = (clientId: string) =>
  mqttPacket(0x10, Buffer.concat([mqttText("MQTT"), Buffer.from([4, 2, 0, 60]), mqttText(clientId)]));
const subscribePacket = (filter: string) =>
  mqttPacket(0x82, Buffer.concat([Buffer.from([0, 1]), mqttText(filter), Buffer.from([0])]));

const closed = (socket: Socket) => new Promise<void>((done) => socket.once("close", () => done()));
const soon = async (condition: () => boolean, withinMs = 15_000): Promise<void> => {
  for (let waited = 0; !condition() && waited < withinMs; waited += 20) await wait(20);
  expect(condition()).toBe(true);
};

describe("the embedded broker", () => {
  it("carries what a participant may send and what it may read", async () => {
    const market = await connected("market", "m");
    const heard = await listening(market, "elecbay/main/in/#");
    const ann = await connected("ann", "a");
    const annHears = await listening(ann, "elecbay/main/private/ann/#");
    await ann.publishAsync(ordersTopic, "{}", { qos: 1 });
    await soon(() => heard.length > 0);
    expect(heard).toEqual([`${ordersTopic} {}`]);
    await market.publishAsync("elecbay/main/private/ann/replies", "yes", { qos: 1 });
    await soon(() => annHears.length > 0);
  });

  it("refuses a wrong password, a client id of somebody else's and a name of the market's own", async () => {
    await expect(connected("ann", "wrong")).rejects.toThrow();
    await expect(connected("ann", "a", "market")).rejects.toThrow();
    await expect(connected("bidding", "x")).rejects.toThrow();
    await soon(() => refused.filter((line) => line.startsWith("login as")).length === 3);
  });

  it("delivers neither a forged clock nor a command in another's name, and keeps neither", async () => {
    const market = await connected("market", "m");
    const heard = await listening(market, "elecbay/main/#");
    for (const topic of [clockTopic, "elecbay/main/in/bob/orders", "elecbay/main/private/ann/replies"]) {
      const ann = await connected("ann", "a", `ann/${topic.length}`);
      ann.publish(topic, "forged", { qos: 1, retain: true });
      await soon(() => refused.some((line) => line.includes(`a message on ${topic}`)));
    }
    const late = await connected("observer", undefined, "late");
    expect(await listening(late, "elecbay/main/public/#")).toEqual([]);
    await wait(50);
    expect(heard).toEqual([]);
  });

  it("delivers no forged last will either", async () => {
    const market = await connected("market", "m");
    const heard = await listening(market, "elecbay/main/#");
    const dying = await mqtt.connectAsync(broker.url, {
      ...{ clientId: "ann/will", username: "ann", password: "a", protocolVersion: 4, reconnectPeriod: 0 },
      will: { topic: clockTopic, payload: Buffer.from("forged"), qos: 1, retain: true },
    });
    dying.stream.destroy();
    const honest = await mqtt.connectAsync(broker.url, {
      ...{ clientId: "ann/2", username: "ann", password: "a", protocolVersion: 4, reconnectPeriod: 0 },
      will: { topic: "elecbay/main/in/ann/status", payload: Buffer.from("offline"), qos: 1, retain: true },
    });
    honest.stream.destroy();
    await soon(() => heard.length > 0);
    expect(heard).toEqual(["elecbay/main/in/ann/status offline"]);
    await market.publishAsync("elecbay/main/in/ann/status", "", { qos: 1, retain: true });
  });

  it("carries a list of thousands of items from the market to whoever watches, now and later", async () => {
    const market = await connected("market", "m");
    const listTopic = "elecbay/main/public/items/20160801-0030";
    const early = await connected("observer", undefined, "early");
    const hears = await listening(early, "elecbay/main/public/items/+");
    const list = JSON.stringify({ items: "x".repeat(1_500_000) });
    await market.publishAsync(listTopic, list, { qos: 1, retain: true });
    const late = await listening(await connected("observer", undefined, "later"), "elecbay/main/public/items/+");
    await soon(() => hears.length + late.length === 2);
    expect([hears, late]).toEqual([[`${listTopic} ${list}`], [`${listTopic} ${list}`]]);
    await market.publishAsync(listTopic, "", { qos: 1, retain: true });
  });

  it("gives a reader also what is retained and followed at once by what is not", async () => {
    const [market, observer] = [await connected("market", "m"), await connected("observer", undefined, "observer/1")];
    const heard = await listening(observer, "elecbay/main/public/#");
    await publishTogether(market, "elecbay/main/public/network", "elecbay/main/public/price");
    await expect.poll(() => heard).toContain(`${clockTopic} after both`);
    expect(heard).toEqual([
      "elecbay/main/public/network retained",
      "elecbay/main/public/price not retained",
      `${clockTopic} after both`,
    ]);
    await market.publishAsync("elecbay/main/public/network", "", { qos: 1, retain: true });
  });

  it("keeps no command that a participant sends as retained", async () => {
    const ann = await connected("ann", "a");
    await ann.publishAsync(ordersTopic, "{}", { qos: 1, retain: true });
    const market = await connected("market", "m");
    const heard = await listening(market, "elecbay/main/in/#");
    await wait(50);
    expect(heard).toEqual([]);
  });

  it.each(["elecbay/main/#", "elecbay/main/private/bob/#", "elecbay/main/in/#", "elecbay/main/manage/#", "#"])(
    "answers a participant's subscription to %s with 128",
    async (filter) => {
      expect(await granted(await connected("ann", "a"), filter)).toBe(128);
    },
  );

  it("keeps nothing for a session that it may not read, asked for beside what it may", async () => {
    const market = await connected("market", "m");
    const own = "elecbay/main/private/ann/replies";
    const foreign = "elecbay/main/private/bob/replies";
    const returning = (): Promise<MqttClient> =>
      mqtt.connectAsync(broker.url, {
        ...{
          clientId: "ann/kept",
          username: "ann",
          password: "a",
          protocolVersion: 4,
          reconnectPeriod: 0,
          clean: false,
        },
      });
    const before = await returning();
    before.on("error", () => {});
    before.subscribe([own, foreign], { qos: 1 }, () => {});
    await soon(() => refused.some((line) => line.includes(`a subscription to ${foreign}`)));
    await before.endAsync();
    for (const topic of [foreign, own]) await market.publishAsync(topic, "while away", { qos: 1 });
    const heard: string[] = [];
    const after = mqtt.connect(broker.url, {
      ...{ clientId: "ann/kept", username: "ann", password: "a", protocolVersion: 4, reconnectPeriod: 0, clean: false },
    });
    clients.push(after);
    after.on("message", (topic) => void heard.push(topic));
    await soon(() => heard.includes(own));
    expect(heard).toEqual([own]);
  });

  it("grants a participant 50 subscriptions, and others in their place once some are given up", async () => {
    const ann = await connected("ann", "a");
    const filter = (n: number): string => `elecbay/main/public/items/${n}`;
    for (let n = 0; n < 50; n += 1) expect(await granted(ann, filter(n))).toBe(1);
    expect(await granted(ann, filter(50))).toBe(128);
    await ann.unsubscribeAsync(filter(3));
    expect(await granted(ann, filter(50))).toBe(1);
  });

  it("grants a gateway one subscription more for each under it, all at once", async () => {
    const gateway = await connected("gw1", "g");
    for (let n = 0; n < 50; n += 1) await granted(gateway, `elecbay/main/public/items/${n}`);
    const filters = homes.map((id) => `elecbay/main/private/${id}/#`);
    const grants = await gateway.subscribeAsync(filters, { qos: 1 });
    expect(new Set(grants.map(({ qos }) => qos))).toEqual(new Set([1]));
    expect(await granted(gateway, "elecbay/main/public/price")).toBe(128);
  });

  it("tells whoever opens a connection which filters were refused", async () => {
    const connection = await openConnection({
      ...{ url: broker.url, clientId: "ann/x", username: "ann", password: "a", onMessage: () => {} },
    });
    await expect(connection.subscribe(["elecbay/main/public/#", "elecbay/main/manage/#"])).rejects.toThrow();
    await connection.end();
  });

  it("makes a guest known before it is let in", async () => {
    await connected("zoe", "mine");
    expect(guests).toEqual(["zoe"]);
    await expect(connected("zoe", "other", "zoe/2")).rejects.toThrow();
    await connected("zoe", "mine", "zoe/3");
    expect(guests).toEqual(["zoe"]);
  });

  it("gives a gateway that comes back nothing of those who were taken from it meanwhile", async () => {
    const standing = { kind: "participant", id: "gw1" } as const;
    const come = async () => {
      const client = mqtt.connect(broker.url, {
        ...{ clientId: "gw1/kept", username: "gw1", password: "g", protocolVersion: 4, clean: false },
        reconnectPeriod: 0,
      });
      clients.push(client);
      const heard: string[] = [];
      client.on("error", () => {}).on("message", (topic) => void heard.push(topic));
      await new Promise((accepted) => client.once("connect", accepted));
      return { client, heard };
    };
    const replies = ["elecbay/main/private/home0/replies", "elecbay/main/private/gw1/replies"];
    const { client } = await come();
    await client.subscribeAsync(["elecbay/main/private/home0/#", "elecbay/main/private/gw1/#"], { qos: 1 });
    broker.setAccount({ username: "gw1", password: "g", standing }, true);
    await soon(() => !client.connected);
    const market = await connected("market", "m");
    for (const topic of replies) await market.publishAsync(topic, "{}", { qos: 1 });
    const { heard } = await come();
    await soon(() => heard.length > 0);
    for (const topic of replies) await market.publishAsync(topic, "{}", { qos: 1 });
    await soon(() => heard.filter((topic) => topic === replies[1]).length === 2);
    broker.setAccount({ username: "gw1", password: "g", standing: { ...standing, under: homes } }, true);
    expect(heard).not.toContain(replies[0]);
  });

  it("cuts a connection that announces more than 4 kB before its login", async () => {
    const socket = await rawSocket();
    socket.write(Buffer.from([0x10, 0x88, 0x27])); // CONNECT of 5000 bytes
    await closed(socket);
    await soon(() => refused.some((line) => line.includes("a packet of 5000 bytes")));
  });

  it("cuts a connection that sends what is no MQTT, and goes on", async () => {
    const socket = await rawSocket();
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await closed(socket);
    await connected("ann", "a");
  });

  it("is not held up by a reader that does not read, and cuts it off", async () => {
    const market = await connected("market", "m");
    const slow = await rawSocket();
    slow.pause();
    slow.write(connectPacket("slow"));
    slow.write(subscribePacket("elecbay/main/public/#"));
    await wait(100);
    const quick = await connected("observer", undefined, "quick");
    let heard = 0;
    quick.on("message", () => {
      heard += 1;
    });
    await quick.subscribeAsync("elecbay/main/public/#", { qos: 0 });
    const big = Buffer.alloc(250_000, 0x20);
    for (let i = 0; i < 100; i += 1) await market.publishAsync(clockTopic, big, { qos: 1 });
    await soon(() => heard === 100);
    await soon(() => refused.some((line) => line.includes("wait for a reader that does not read")));
  }, 20_000);

  it("takes a connection that comes over messages, and cuts it off too where nothing of it leaves", async () => {
    const market = await connected("market", "m");
    const before = refused.length;
    let came = 0;
    let isClosed = false;
    const stream = broker.openStream("192.0.2.9", (message) => {
      if (message.type === "stream-data") came += message.bytes.length;
      if (message.type === "stream-closed") isClosed = true;
    });
    stream.data(connectPacket("far"));
    await soon(() => came >= 4); // CONNACK
    stream.sent(came);
    stream.data(subscribePacket("elecbay/main/public/#"));
    await wait(100);
    const big = Buffer.alloc(250_000, 0x20);
    for (let i = 0; i < 60 && !isClosed; i += 1) await market.publishAsync(clockTopic, big, { qos: 1 });
    await soon(() => isClosed);
    expect(refused.slice(before).join()).toContain("wait for a reader that does not read");
  });

  it("says so when its port is taken", async () => {
    const second = startBroker({ ...options, port: broker.port });
    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(
      `port ${broker.port}: it is taken by another program; choose another with --mqtt-port`,
    );
  });

  it("stops, and lets go of its port", async () => {
    const other = await startBroker(options);
    await other.stop();
    const again = await startBroker({ ...options, port: other.port });
    expect(again.port).toBe(other.port);
    await again.stop();
  });
});
