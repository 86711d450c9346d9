import { describe, expect, it } from "vitest";
import { createSessionStore } from "../../../infra/mqtt/session-store.js";

const limits = {
  ...{ mostSessionsOfUser: 2, mostObserverSessions: 3, mostQueued: 3 },
  ...{ mostQueuedBytes: 100, mostQueuedBytesInAll: 150, sessionKeptForMs: 1000 },
};

function stage() {
  let nowMs = 0;
  let counter = 0;
  const refused: string[] = [];
  const allowed = { secret: "secret" };
  const store = createSessionStore({
    ...{ limits, now: () => nowMs },
    ownerOf: ({ id }) => ({ name: id.split("/")[0] ?? "", isObserver: id.startsWith("observer") }),
    mayRead: (_client, filter) => !filter.startsWith(allowed.secret),
    onRefused: (cause, what) => refused.push(`${cause}: ${what}`),
  });
  const { persistence } = store;
  return {
    ...{ store, persistence, refused, allowed },
    pass: (ms: number) => {
      nowMs += ms;
    },
    subscribe: (id: string, ...filters: string[]) =>
      persistence.addSubscriptions(
        { id },
        filters.map((topic) => ({ topic, qos: 1 })),
      ),
    /** To all who want it, as aedes does. */
    async send(topic: string, bytes = 10) {
      counter += 1;
      const packet = {
        topic,
        payload: Buffer.alloc(bytes),
        brokerId: "b",
        brokerCounter: counter,
        messageId: undefined,
      };
      const subscribers = await persistence.subscriptionsByTopic(topic);
      await persistence.outgoingEnqueueCombi(subscribers, packet);
      return subscribers.map(({ clientId }) => clientId).sort();
    },
    waiting: async (id: string) => (await persistence.outgoingStream({ id }).toArray()).length,
  };
}

describe("sessions of the embedded broker that outlast their connection", () => {
  it("keep what their owner may read, and nothing that was refused in the same packet", async () => {
    const { subscribe, send, waiting } = stage();
    await subscribe("ann", "open/+", "secret/bob");
    expect([await send("open/a"), await send("secret/bob")]).toEqual([["ann"], []]);
    expect(await waiting("ann")).toBe(1);
  });

  it("give whoever comes back nothing that it may not read any more, and keep nothing of it from then on", async () => {
    const { subscribe, send, waiting, persistence, store, allowed } = stage();
    await subscribe("street", "open/+", "home/1/#");
    await send("open/a");
    await send("home/1/bills", 30);
    allowed.secret = "home/1";
    await send("home/1/bills", 30);
    store.loggedIn({ id: "street" });
    expect(await persistence.subscriptionsByClient({ id: "street" })).toEqual([{ topic: "open/+", qos: 1 }]);
    expect([await waiting("street"), store.counts().queuedBytes]).toEqual([1, 10]);
    expect(await send("home/1/bills")).toEqual([]);
  });

  it("let only so many messages and bytes wait, in each and in all", async () => {
    const { subscribe, send, waiting, refused, store } = stage();
    await subscribe("ann", "open/+");
    for (let count = 0; count < 5; count += 1) await send("open/a");
    expect([await waiting("ann"), refused.length]).toEqual([3, 2]);
    await subscribe("bob", "b");
    await subscribe("bob/2", "b");
    await send("b", 60);
    expect([await waiting("bob"), await waiting("bob/2")]).toEqual([1, 1]);
    await send("b", 41); // more than 100 with what waits
    expect([await waiting("bob"), store.counts().queuedBytes]).toEqual([1, 150]);
    await send("open/a", 0);
    await subscribe("eve", "e");
    await send("e", 1);
    expect(await waiting("eve")).toBe(0);
  });

  it("are so many of one user: the oldest that nobody uses goes, and where all are used no more come", async () => {
    const { subscribe, send, store, pass } = stage();
    await subscribe("ann/1", "t");
    await subscribe("ann/2", "t");
    await expect(subscribe("ann/3", "t")).rejects.toThrow("ann has 2 sessions");
    store.wentOffline("ann/2");
    pass(1);
    store.wentOffline("ann/1");
    await subscribe("ann/3", "t");
    expect(await send("t")).toEqual(["ann/1", "ann/3"]);
    for (const id of ["observer/1", "observer/2", "observer/3"]) await subscribe(id, "t");
    expect(await send("t")).toHaveLength(5);
  });

  it("are forgotten when nobody comes back to them in time, with all that waits", async () => {
    const { subscribe, send, store, pass } = stage();
    for (const id of ["ann", "bob"]) await subscribe(id, "t");
    await send("t");
    for (const id of ["ann", "bob"]) store.wentOffline(id);
    pass(900);
    store.cameOnline("bob");
    pass(900);
    store.sweep();
    expect(await send("t")).toEqual(["bob"]);
    expect(store.counts()).toEqual({ sessions: 1, queuedBytes: 20 });
    await store.persistence.cleanSubscriptions({ id: "bob" });
    expect(store.counts()).toEqual({ sessions: 0, queuedBytes: 0 });
  });

  it("send what waits in order, and let it go when it is acknowledged", async () => {
    const { subscribe, send, persistence, waiting, store } = stage();
    await subscribe("ann", "t");
    await send("t");
    await send("t", 20);
    const [first, second] = await persistence.outgoingStream({ id: "ann" }).toArray();
    await persistence.outgoingUpdate({ id: "ann" }, { ...first, messageId: 7 });
    await persistence.outgoingUpdate({ id: "ann" }, { ...second, messageId: 8 });
    expect(await persistence.outgoingClearMessageId({ id: "ann" }, { ...first, messageId: 9 })).toBeUndefined();
    expect(await persistence.outgoingClearMessageId({ id: "ann" }, { ...first, messageId: 7 })).toMatchObject({
      messageId: 7,
    });
    expect([await waiting("ann"), store.counts().queuedBytes]).toEqual([1, 20]);
    await expect(persistence.outgoingUpdate({ id: "ann" }, { ...first, messageId: 7 })).rejects.toThrow();
  });

  it("know the messages at QoS 2 whose handshake is not over, and forget them with the connection", async () => {
    const { persistence, store } = stage();
    const packet = { topic: "t", payload: "", brokerId: "b", brokerCounter: 1, messageId: 5 };
    await expect(persistence.incomingGetPacket({ id: "ann" }, packet)).rejects.toThrow();
    await persistence.incomingStorePacket({ id: "ann" }, packet);
    await persistence.incomingGetPacket({ id: "ann" }, packet);
    store.wentOffline("ann");
    await expect(persistence.incomingGetPacket({ id: "ann" }, packet)).rejects.toThrow();
  });
});
