import { afterEach, describe, expect, it, vi } from "vitest";
import type { Connection, ConnectionOptions } from "../../../infra/mqtt/connection.js";
import { createInsideConnections } from "../../../infra/mqtt/inside-connections.js";
import type { HeardBatch, ToInside } from "../../../infra/mqtt/inside-messages.js";

afterEach(() => {
  vi.useRealTimers();
});

/** One life of a broker's thread that keeps what it is told, and lets everybody in. */
function thread(inside: ReturnType<typeof createInsideConnections>, refusal?: string) {
  const told: ToInside[] = [];
  const tell = (message: ToInside): void => {
    told.push(message);
    if (message.type === "inside-open") inside.take({ type: "inside-opened", id: message.id, refusal });
    if (message.type === "inside-subscribe")
      inside.take({ type: "inside-answered", id: message.id, ask: message.ask, refused: [] });
  };
  const sent = () => told.filter((message) => message.type === "inside-sent");
  return { told, tell, sent };
}

const login = (heard: string[] = []): ConnectionOptions => ({
  ...{ url: "mqtt://127.0.0.1:1883", clientId: "bidding", username: "bidding", password: "b" },
  onMessage: (topic, payload, retained) => void heard.push(`${topic} ${payload}${retained ? " retained" : ""}`),
  onConnect: () => void heard.push("connected"),
  onDisconnect: () => void heard.push("disconnected"),
});

const turn = (): Promise<void> => new Promise((later) => void setImmediate(later));

function batch(...messages: readonly (readonly [number, string, string])[]): HeardBatch {
  const payloads = messages.map(([, , payload]) => Buffer.from(payload));
  const ends = payloads.map((_, place) => Buffer.concat(payloads.slice(0, place + 1)).length);
  return {
    ...{ ids: messages.map(([id]) => id), topics: messages.map(([, topic]) => topic) },
    ...{ retained: messages.map(() => false), starts: [0, ...ends.slice(0, -1)], ends, bytes: Buffer.concat(payloads) },
  };
}

describe("the market's own connections to its broker", () => {
  it("send what is published in one turn in one piece, in order, and know when it is taken", async () => {
    const inside = createInsideConnections();
    const { tell, sent } = thread(inside);
    inside.attach(tell);
    const [one, other]: Connection[] = [await inside.connect(login()), await inside.connect(login())];
    one?.publish("a", "1", false);
    other?.publish("b", "2", true);
    one?.publish("a", "3", false);
    await turn();
    expect(sent()).toEqual([
      expect.objectContaining({
        ...{ ids: [1, 2, 1], topics: ["a", "b", "a"], payloads: ["1", "2", "3"], retain: [false, true, false] },
      }),
    ]);
    expect([one?.unacknowledged(), other?.unacknowledged()]).toEqual([2, 1]);
    inside.take({ type: "inside-taken", batch: sent()[0]?.batch ?? 0 });
    expect([one?.unacknowledged(), other?.unacknowledged()]).toEqual([0, 0]);
    await one?.flushed();
  });

  it("publish again, to the next broker, what the one before did not acknowledge, before what comes later", async () => {
    const inside = createInsideConnections();
    const [first, second] = [thread(inside), thread(inside)];
    inside.attach(first.tell);
    const heard: string[] = [];
    const connection = await inside.connect(login(heard));
    await connection.subscribe(["x/+"]);
    for (const payload of ["taken", "lost"]) {
      connection.publish("a", payload, false);
      await turn();
    }
    inside.take({ type: "inside-taken", batch: first.sent()[0]?.batch ?? 0 });
    inside.detach();
    expect([heard.at(-1), connection.isConnected()]).toEqual(["disconnected", false]);
    connection.publish("a", "meanwhile", false);
    inside.attach(second.tell);
    connection.publish("a", "after", false);
    await turn();
    expect(second.told.map(({ type }) => type)).toEqual(["inside-open", "inside-sent"]);
    expect(second.told[0]).toMatchObject({ filters: ["x/+"] });
    expect(second.sent()[0]?.payloads).toEqual(["lost", "meanwhile", "after"]);
    expect([heard.at(-1), connection.isConnected(), connection.unacknowledged()]).toEqual(["connected", true, 3]);
  });

  it("stay away until the next broker lets them in, also where the one before said so as it ended", async () => {
    const inside = createInsideConnections();
    const last = thread(inside);
    inside.attach(thread(inside).tell);
    const connection = await inside.connect(login());
    inside.detach();
    inside.attach(() => {});
    inside.detach();
    inside.take({ type: "inside-opened", id: 1, refusal: undefined });
    expect(connection.isConnected()).toBe(false);
    connection.publish("a", "meanwhile", false);
    await turn();
    inside.attach(last.tell);
    await turn();
    expect(last.told.map(({ type }) => type)).toEqual(["inside-open", "inside-sent"]);
    expect(last.sent()[0]?.payloads).toEqual(["meanwhile"]);
  });

  it("tell whoever asked for something that the broker went away before it answered", async () => {
    const inside = createInsideConnections();
    const { tell } = thread(inside);
    inside.attach((message) => {
      if (message.type !== "inside-subscribe") tell(message);
    });
    const connection = await inside.connect(login());
    const asking = connection.subscribe(["x/+"]);
    inside.detach();
    await expect(asking).rejects.toThrow("bidding cannot reach the MQTT broker: it is being started");
    await expect(inside.connect(login())).rejects.toThrow("bidding cannot reach the MQTT broker");
  });

  it("are refused with the broker's own words", async () => {
    const inside = createInsideConnections();
    inside.attach(thread(inside, "wrong password for bidding").tell);
    await expect(inside.connect(login())).rejects.toThrow(
      "bidding cannot connect to the MQTT broker: wrong password for bidding",
    );
  });

  it("hear each what is theirs, and say when it is worked, also where one of them throws", async () => {
    vi.useFakeTimers({ toFake: ["setImmediate"] });
    const inside = createInsideConnections();
    const { told, tell } = thread(inside);
    inside.attach(tell);
    const [heard, others]: [string[], string[]] = [[], []];
    await inside.connect({
      ...login(heard),
      onMessage(topic, payload) {
        heard.push(`${topic} ${payload}`);
        if (payload.toString() === "bad") throw new Error("cannot work this");
      },
    });
    await inside.connect(login(others));
    inside.take({ type: "inside-messages", ...batch([1, "a", "bad"], [2, "b", "grün"], [1, "c", ""], [9, "d", "x"]) });
    expect(heard).toEqual(["connected", "a bad", "c "]);
    expect(others).toEqual(["connected", "b grün"]);
    expect(told.at(-1)).toEqual({ type: "inside-heard", messages: 4, bytes: "badgrünx".length + 1 });
    expect(() => vi.runAllTimers()).toThrow("cannot work this");
  });

  it("hear many messages a few in a turn, so that what comes of the first goes on its way meanwhile", async () => {
    const inside = createInsideConnections();
    const { told, tell } = thread(inside);
    inside.attach(tell);
    const heard: string[] = [];
    await inside.connect(login(heard));
    const messages = Array.from({ length: 60 }, (_, n) => [1, "a", `${n}`] as const);
    inside.take({ type: "inside-messages", ...batch(...messages.slice(0, 50)) });
    inside.take({ type: "inside-messages", ...batch(...messages.slice(50)) });
    expect(heard).toHaveLength(1 + 25);
    await turn();
    expect(heard).toHaveLength(1 + 50);
    await turn();
    expect(heard.slice(1)).toEqual(messages.map(([, topic, payload]) => `${topic} ${payload}`));
    expect(told.slice(-2)).toMatchObject([{ messages: 50 }, { messages: 10 }]);
  });

  it("end when what they have sent is taken, and are then nobody's", async () => {
    const inside = createInsideConnections();
    const { told, tell, sent } = thread(inside);
    inside.attach(tell);
    const heard: string[] = [];
    const connection = await inside.connect(login(heard));
    connection.publish("a", "last", false);
    const ending = connection.end();
    await turn();
    expect(told.at(-1)?.type).toBe("inside-sent");
    inside.take({ type: "inside-taken", batch: sent()[0]?.batch ?? 0 });
    await ending;
    expect(told.at(-1)).toEqual({ type: "inside-close", id: 1 });
    connection.publish("a", "too late", false);
    inside.take({ type: "inside-messages", ...batch([1, "a", "x"]) });
    await turn();
    expect([sent().length, heard]).toEqual([1, ["connected"]]);
  });
});
