/** Two of the market's processes hand over through a broker that loses, repeats and delays what it is told to. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BrokerLink, createBrokerLink } from "../../../infra/mqtt/broker-link.js";
import type { Connection } from "../../../infra/mqtt/connection.js";
import { type Handover, type HandoverEvent, handoverTopic, receiversOf } from "../../../market/managers/handover.js";
import type { ProcessRole } from "../../../shared/participant-id.js";
import { topicsOf } from "../../../shared/topics.js";

interface Sent {
  readonly from: ProcessRole;
  readonly topic: string;
  readonly payload: string;
}

/** All links on one broker; what `loses` says yes to is not delivered. */
function fakeBroker() {
  const links = new Map<ProcessRole, BrokerLink>();
  const events = new Map<ProcessRole, HandoverEvent[]>();
  const sent: Sent[] = [];
  const warnings: string[] = [];
  const broker = {
    ...{ links, events, sent, warnings },
    loses: (_message: Sent, _to: ProcessRole): boolean => false,
    deliver(message: Sent): void {
      for (const [to, link] of links) {
        const subscribed = link.filters.some((filter) => covers(filter, message.topic));
        if (subscribed && !broker.loses(message, to)) link.take(message.topic, message.payload);
      }
    },
    /** Numbers what it hands over and takes each number once, as an actor's host does. */
    join(role: ProcessRole) {
      const heard: HandoverEvent[] = [];
      const taken = new Set<string>();
      const durable: number[] = [];
      let handed = 0;
      events.set(role, heard);
      const nothing = () => Promise.resolve();
      const connection: Connection = {
        publish: (topic, payload) => {
          const message = { from: role, topic, payload };
          sent.push(message);
          broker.deliver(message);
        },
        ...{
          subscribe: nothing,
          unsubscribe: nothing,
          isConnected: () => true,
          unacknowledged: () => 0,
          flushed: nothing,
          end: nothing,
        },
      };
      const link = createBrokerLink({
        ...{ market: "main", role, connection: () => connection, now: () => 0 },
        log: { info: () => {}, warn: (message) => void warnings.push(message) },
        onHandover: (sender, event) => {
          const number = `${sender} ${event.message.n}`;
          if (!taken.has(number)) heard.push(event);
          taken.add(number);
          link.acknowledge(sender, event.message.n);
        },
        onEvent: (event) => void heard.push(event),
        onAcknowledged: (n) => void durable.push(n),
      });
      links.set(role, link);
      const hand = (handover: Handover): void => {
        handed += 1;
        const message = { v: 1, ts: "2016-08-01T02:00:00Z", n: handed, ...handover.body };
        const topic = handoverTopic(topicsOf("main"), handover);
        link.send({ n: handed, topic, message, receivers: receiversOf[handover.kind] });
      };
      return { ...link, hand, durable };
    },
    published: (topic: string) =>
      sent.filter((message) => message.topic === topic).map(({ payload }) => JSON.parse(payload)),
  };
  return broker;
}

function covers(filter: string, topic: string): boolean {
  const [wanted, levels] = [filter.split("/"), topic.split("/")];
  return wanted.length === levels.length && wanted.every((level, index) => level === "+" || level === levels[index]);
}

const periodMs = Date.UTC(2016, 7, 1, 2);
const metered = (periodInMs: number) => ({
  ...{ kind: "metered" as const, periodMs: periodInMs },
  body: { period: new Date(periodInMs).toISOString().replace(".000Z", "Z"), correction: false, readings: [] },
});
const contracts = {
  ...{ kind: "contracts" as const, periodMs },
  body: { period: "2016-08-01T02:00:00Z", checked: false, trades: [], limits: [] },
};
const meteredTopic = "elecbay/main/manage/metered/20160801-0200";

let broker: ReturnType<typeof fakeBroker>;
beforeEach(() => {
  vi.useFakeTimers();
  broker = fakeBroker();
});
afterEach(() => {
  for (const link of broker.links.values()) link.stop();
  vi.useRealTimers();
});

describe("a hand-over between two processes", () => {
  it("hear the DSO, whoever that is, through the bidding manager alone, and once", () => {
    const [dso, bidding] = [broker.join("dso"), broker.join("bidding")];
    broker.join("exchange");
    const body = { period: "2016-08-01T02:00:00Z", cuts: [], limits: [] };
    broker.loses = ({ topic }) => topic.includes("manage/ack");
    dso.hand({ kind: "limits", periodMs, body });
    vi.advanceTimersByTime(6000);
    expect(broker.published("elecbay/main/manage/limits/20160801-0200")).toHaveLength(2);
    expect(broker.published("elecbay/main/manage/ack/bidding")[0]).toEqual({ from: "dso", n: 1 });
    expect(broker.events.get("bidding")).toMatchObject([{ type: "LIMITS", message: { n: 1, ...body } }]);
    expect(broker.events.get("exchange")).toEqual([]);
    expect(bidding.filters).toContain("elecbay/main/manage/limits/+");
  });

  it("is numbered by its sender, taken, and acknowledged by the receiver's name", async () => {
    broker.join("bidding");
    broker.join("settlement");
    const exchange = broker.join("exchange");
    exchange.hand(metered(periodMs));
    exchange.hand(metered(periodMs + 1_800_000));
    await exchange.acknowledged();
    expect(broker.published(meteredTopic)).toEqual([expect.objectContaining({ v: 1, n: 1, readings: [] })]);
    expect(broker.published("elecbay/main/manage/ack/settlement")).toEqual([
      { from: "exchange", n: 1 },
      { from: "exchange", n: 2 },
    ]);
    const taken = broker.events
      .get("settlement")
      ?.map((event) => [event.type, "n" in event.message && event.message.n]);
    expect(taken).toEqual([
      ["METERED", 1],
      ["METERED", 2],
    ]);
  });

  it("is sent again every five seconds until it arrives, and then no more", async () => {
    broker.join("bidding");
    broker.join("settlement");
    const exchange = broker.join("exchange");
    broker.loses = ({ topic }) => topic === meteredTopic;
    exchange.hand(metered(periodMs));
    vi.advanceTimersByTime(10_000);
    expect(broker.published(meteredTopic)).toHaveLength(3);
    expect(broker.events.get("settlement")).toEqual([]);
    broker.loses = () => false;
    vi.advanceTimersByTime(5_000);
    await exchange.acknowledged();
    vi.advanceTimersByTime(60_000);
    const copies = broker.published(meteredTopic);
    expect(copies).toHaveLength(4);
    expect(new Set(copies.map(({ n }) => n))).toEqual(new Set([1]));
    expect(broker.events.get("settlement")).toHaveLength(1);
  });

  it("is taken once and acknowledged again when only its acknowledgement was lost", async () => {
    broker.join("bidding");
    broker.join("settlement");
    const exchange = broker.join("exchange");
    broker.loses = ({ topic }) => topic.includes("/ack/");
    exchange.hand(metered(periodMs));
    vi.advanceTimersByTime(15_000);
    expect(broker.events.get("settlement")).toHaveLength(1);
    broker.loses = () => false;
    vi.advanceTimersByTime(5_000);
    await exchange.acknowledged();
    expect(broker.events.get("settlement")).toHaveLength(1);
    expect(broker.published("elecbay/main/manage/ack/settlement")).toHaveLength(5);
  });

  it("waits for every one of its receivers", async () => {
    broker.join("exchange");
    broker.join("settlement");
    const bidding = broker.join("bidding");
    broker.loses = ({ topic }, to) => topic.includes("/contracts/") && to === "settlement";
    bidding.hand(contracts);
    let arrived = false;
    const acknowledged = bidding.acknowledged().then(() => {
      arrived = true;
    });
    await Promise.resolve();
    expect([arrived, broker.events.get("exchange")?.length]).toEqual([false, 1]);
    broker.loses = () => false;
    vi.advanceTimersByTime(5_000);
    await acknowledged;
    expect(bidding.durable).toEqual([1, 1]);
    expect([broker.events.get("exchange")?.length, broker.events.get("settlement")?.length]).toEqual([1, 1]);
  });

  it("goes out again with the oldest hundred first, and the next hundred as soon as those are acknowledged", () => {
    const exchange = broker.join("exchange");
    for (let period = 0; period < 250; period += 1) exchange.hand(metered(periodMs + period * 30 * 60_000));
    const resent: string[] = [];
    broker.loses = ({ topic }) => {
      if (topic.includes("/metered/")) resent.push(topic);
      return true;
    };
    broker.join("settlement");
    broker.join("bidding");
    vi.advanceTimersByTime(5_000);
    expect(new Set(resent).size).toBe(100);
    broker.loses = () => false;
    vi.advanceTimersByTime(5_000);
    expect(broker.events.get("settlement")).toHaveLength(250);
    expect(exchange.durable).toHaveLength(500);
  });

  it("is not settled by somebody's acknowledgement of another sender's number", () => {
    const exchange = broker.join("exchange");
    exchange.hand(metered(periodMs));
    exchange.take("elecbay/main/manage/ack/settlement", JSON.stringify({ from: "bidding", n: 1 }));
    exchange.take("elecbay/main/manage/ack/bidding", JSON.stringify({ from: "exchange", n: 1 }));
    exchange.take("elecbay/main/manage/ack/settlement", "no JSON");
    vi.advanceTimersByTime(5_000);
    expect(broker.published(meteredTopic)).toHaveLength(2);
  });
});

describe("what a link cannot read", () => {
  it("is logged, not acknowledged and not passed on", () => {
    const settlement = broker.join("settlement");
    expect(settlement.take(meteredTopic, '{"v":1,"n":1}')).toBe(true);
    expect(broker.events.get("settlement")).toEqual([]);
    expect(broker.published("elecbay/main/manage/ack/settlement")).toEqual([]);
    expect(broker.warnings).toEqual([expect.stringContaining("settlement cannot take manage/metered: ts is missing;")]);
  });

  it("as a limit below 0 of the DSO's, is refused whole and taken once it comes again as it should be", () => {
    const bidding = broker.join("bidding");
    const topic = "elecbay/main/manage/limits/20160801-0200";
    const cuts = [{ orderId: "o9", cutKwh: 0.1, element: "line 3", limit: 32, value: 35.5 }];
    const word = (maxExportKw: number) => {
      const limits = [{ participant: "h1", maxImportKw: 7, maxExportKw }];
      return JSON.stringify({ v: 1, ts: "2016-08-01T01:00:00Z", n: 1, period: "2016-08-01T02:00:00Z", cuts, limits });
    };
    bidding.take(topic, word(-5));
    expect(broker.events.get("bidding")).toEqual([]);
    expect(broker.published("elecbay/main/manage/ack/bidding")).toEqual([]);
    expect(broker.warnings).toEqual([
      "bidding cannot take manage/limits: limits.0.maxExportKw must be at least 0; nothing of it counts until it comes again, put right, under the same number",
    ]);
    bidding.take(topic, word(0));
    expect(broker.events.get("bidding")).toHaveLength(1);
    expect(broker.published("elecbay/main/manage/ack/bidding")).toHaveLength(1);
  });

  it("is left to others when it is no hand-over", () => {
    expect(broker.join("settlement").take("elecbay/main/public/clock", "{}")).toBe(false);
  });
});

describe("the operator's control", () => {
  it("reaches supervisor, bidding and exchange, and nobody else", () => {
    const roles = ["supervisor", "bidding", "exchange", "settlement"] as const;
    for (const role of roles) broker.join(role);
    const payload = JSON.stringify({ v: 1, requestId: "c1", action: "close" });
    broker.deliver({ from: "api", topic: "elecbay/main/manage/control", payload });
    expect(roles.map((role) => broker.events.get(role)?.map(({ type }) => type))).toEqual([
      ...[["CONTROL"], ["CONTROL"], ["CONTROL"]],
      [],
    ]);
  });
});
