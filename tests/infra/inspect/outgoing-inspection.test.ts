/** What of an inspection goes out to a broker that is behind, or away. */
import { describe, expect, it } from "vitest";
import { createOutgoingInspection, mostUnacknowledged } from "../../../infra/inspect/outgoing-inspection.js";
import { inspectedEvents } from "../../../shared/messages/inspection.js";

interface Sent {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** A broker that acknowledges when it is told to. */
function broker() {
  const sent: Sent[] = [];
  let unacknowledged = 0;
  let isConnected = true;
  let whenFlushed: (() => void)[] = [];
  const outgoing = createOutgoingInspection({
    publish(topic, text, retain) {
      unacknowledged += 1;
      sent.push({ topic, text, retain });
    },
    isConnected: () => isConnected,
    unacknowledged: () => unacknowledged,
    flushed: () => (unacknowledged === 0 ? Promise.resolve() : new Promise((resolve) => whenFlushed.push(resolve))),
  });
  return {
    ...{ outgoing, sent },
    async acknowledgesAll() {
      unacknowledged = 0;
      for (const resolve of whenFlushed.splice(0)) resolve();
      whenFlushed = [];
      await Promise.resolve();
      await Promise.resolve();
    },
    goesAway() {
      isConnected = false;
    },
    comesBack() {
      isConnected = true;
      outgoing.tellAnew();
    },
    retains: () => new Map(sent.filter(({ retain }) => retain).map(({ topic, text }) => [topic, text])),
  };
}

const fill = (outgoing: ReturnType<typeof broker>["outgoing"]): void => {
  for (let i = 0; i < mostUnacknowledged; i += 1) outgoing.publishEvents("events/other", batch(i + 1, 1));
};
const batch = (n: number, events: number) => ({ text: `batch ${n}`, ts: "2016-08-01T00:00:00Z", n, events });

describe("an inspection whose broker is behind", () => {
  it("tells of each retained topic the newest text alone once there is room, without a new connection", async () => {
    const { outgoing, sent, acknowledgesAll } = broker();
    fill(outgoing);
    sent.length = 0;
    outgoing.publish("actor/x1", "open");
    outgoing.publish("actor/x2", "open");
    outgoing.publish("actor/x1", "closed");
    expect(sent).toEqual([]);
    await acknowledgesAll();
    expect(sent.map(({ topic, text }) => `${topic} ${text}`)).toEqual(["actor/x1 closed", "actor/x2 open"]);
  });

  it("holds no more than its limit unacknowledged, whatever waits, and tells all of it in the end", async () => {
    const { outgoing, sent, retains, acknowledgesAll } = broker();
    for (let i = 0; i < 2 * mostUnacknowledged + 7; i += 1) outgoing.publish(`actor/x${i}`, "open");
    expect(sent).toHaveLength(mostUnacknowledged);
    await acknowledgesAll();
    expect(sent).toHaveLength(2 * mostUnacknowledged);
    await acknowledgesAll();
    expect(retains().size).toBe(2 * mostUnacknowledged + 7);
  });

  it("leaves events out, and says afterwards in a message of the contract how many", async () => {
    const { outgoing, sent, acknowledgesAll } = broker();
    fill(outgoing);
    sent.length = 0;
    outgoing.publishEvents("events/bot1", batch(4, 20));
    outgoing.publishEvents("events/bot1", batch(5, 30));
    await acknowledgesAll();
    expect(sent.map(({ topic, retain }) => [topic, retain])).toEqual([["events/bot1", false]]);
    expect(inspectedEvents.parse(JSON.parse(sent[0]?.text ?? ""))).toMatchObject({ n: 5, missed: 50, events: [] });
    outgoing.publishEvents("events/bot1", batch(6, 1));
    expect(sent.map(({ text }) => text).slice(1)).toEqual(["batch 6"]);
    expect(outgoing.leftOut()).toBe(50);
  });

  it("clears what the broker knows, and is silent of what came and went meanwhile", async () => {
    const { outgoing, sent, acknowledgesAll } = broker();
    outgoing.publish("actor/x1", "open");
    fill(outgoing);
    sent.length = 0;
    outgoing.publish("actor/x1", "");
    outgoing.publish("actor/x2", "open");
    outgoing.publish("actor/x2", "");
    await acknowledgesAll();
    expect(sent.filter(({ retain }) => retain)).toEqual([{ topic: "actor/x1", text: "", retain: true }]);
  });
});

describe("an inspection whose broker was away", () => {
  it("tells all that is retained anew, changed or not, and sends nothing while it is away", () => {
    const { outgoing, sent, goesAway, comesBack } = broker();
    outgoing.publish("machine/bidding", "drawn");
    outgoing.publish("actor/x1", "open");
    outgoing.publish("actor/x2", "open");
    goesAway();
    sent.length = 0;
    outgoing.publish("actor/x1", "closed");
    outgoing.publish("actor/x2", "");
    outgoing.publishEvents("events/bidding", batch(3, 8));
    expect(sent).toEqual([]);
    comesBack();
    expect(sent.filter(({ retain }) => retain)).toEqual(
      expect.arrayContaining([
        { topic: "machine/bidding", text: "drawn", retain: true },
        { topic: "actor/x1", text: "closed", retain: true },
        { topic: "actor/x2", text: "", retain: true },
      ]),
    );
    expect(sent).toContainEqual(expect.objectContaining({ topic: "events/bidding", retain: false }));
  });

  it("clears also what was to be told anew and is gone before its turn", async () => {
    const { outgoing, sent, retains, goesAway, comesBack, acknowledgesAll } = broker();
    outgoing.publish("actor/x1", "open");
    await acknowledgesAll();
    fill(outgoing);
    goesAway();
    comesBack();
    outgoing.publish("actor/x1", "");
    sent.length = 0;
    await acknowledgesAll();
    expect(retains().get("actor/x1")).toBe("");
  });
});
