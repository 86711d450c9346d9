import { describe, expect, it } from "vitest";
import { batteryReport } from "../../../agents/prosumer/prosumer.machine.js";
import { subscriptionsOf } from "../../../agents/prosumer/subscriptions.js";
import { ready } from "../../../shared/messages/clock.js";
import { itemsCommand, meterReading, ordersCommand } from "../../../shared/messages/commands.js";
import { isoUtc } from "../../../shared/time.js";
import {
  batteryOf,
  half,
  homeWith,
  marketInfo,
  on,
  runningBot,
  type Sent,
  startMs,
  steadyLoad,
  steadySolar,
  tariff,
  topics,
} from "./sample-home.js";

const accepted = (requestId: unknown, more: object) => ({
  v: 1,
  ts: isoUtc(startMs),
  requestId,
  topic: "orders",
  status: "accepted",
  acceptedAt: isoUtc(startMs),
  ...more,
});
const contract = (periodMs: number, energyKwh: number, more: object = {}) => ({
  v: 1,
  ts: isoUtc(startMs),
  period: isoUtc(periodMs),
  energyKwh,
  value: 0,
  maxImportKw: 20,
  maxExportKw: 20,
  orders: [],
  ...more,
});

describe("a bot that learns", () => {
  it("is silent until it knows rules, tariff and trends, then says that it is online", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.actor.send({ type: "CONNECTED" });
    bot.say(topics.public("market-info"), marketInfo);
    bot.say(topics.private("home1", "tariff"), tariff);
    expect(bot.tick(1)).toEqual([]);
    expect(bot.actor.getSnapshot().value).toBe("learning");
    const sent = bot.learnAll();
    expect(bot.actor.getSnapshot().value).toBe("trading");
    expect(sent[0]).toMatchObject({
      topic: "elecbay/main/in/home1/status",
      message: { status: "online" },
      retain: true,
    });
  });

  it("answers the tick that came while it was learning", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.actor.send({ type: "CONNECTED" });
    bot.tick(1);
    expect(on(bot.learnAll(), "ready")).toEqual([{ v: 1, seq: 1, sent: expect.any(Number) }]);
  });

  it("ignores and notes what it cannot read", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    bot.say(topics.public("price"), "{no json");
    bot.say(topics.public("clock"), { v: 1, seq: "first" });
    bot.say(topics.private("home2", "replies"), {});
    expect(bot.taken()).toEqual([]);
    expect(bot.notes.slice(1)).toEqual([
      "unreadable message ignored",
      "unreadable message ignored",
      "message on an unexpected topic ignored",
    ]);
  });

  it("listens to no more than it uses: item lists only where it trades over the list", () => {
    const plain = subscriptionsOf(homeWith([]));
    const lister = subscriptionsOf(homeWith([], { usesList: true }));
    expect(lister.filter((topic) => !plain.includes(topic))).toEqual(["elecbay/main/public/items/+"]);
    expect(plain).toContain("elecbay/main/private/home1/contracts/+");
    expect(plain).not.toContain("elecbay/main/public/#");
  });
});

describe("a bot on its ticks", () => {
  it("sends lawful commands and counts them in its ready", () => {
    const bot = runningBot(homeWith([steadyLoad(500), steadySolar(200)]));
    bot.learnAll();
    for (let seq = 1; seq <= 6; seq += 1) {
      const sent = bot.tick(seq);
      bot.accept(sent);
      const commands = sent.slice(0, -1);
      for (const order of on(sent, "orders")) expect(ordersCommand.safeParse(order).success).toBe(true);
      for (const reading of on(sent, "meter")) expect(meterReading.safeParse(reading).success).toBe(true);
      expect(ready.parse(on(sent, "ready")[0])).toEqual({ v: 1, seq, sent: commands.length });
      const ids = commands
        .map(({ message }) => ({ ...message }) as { requestId?: string })
        .map((body) => body.requestId);
      expect(new Set(ids).size).toBe(commands.length);
    }
  });

  it("bids for its deficit within its tariff and before the gate", () => {
    const bot = runningBot(homeWith([steadyLoad(500), steadySolar(200)]));
    bot.learnAll();
    const orders = on(bot.tick(1), "orders");
    expect(orders.length).toBeGreaterThan(0);
    for (const order of orders) {
      expect(order).toMatchObject({ action: "place", side: "buy", energyKwh: 0.3 });
      expect(Number(order.pricePerKwh)).toBeLessThanOrEqual(0.1447);
      expect(Date.parse(String(order.period)) - 2 * half).toBeGreaterThan(startMs);
    }
  });

  it.each(["mid-market-rate", "supply-demand-ratio", "bill-sharing", "none"])(
    "meters and sends no order where the mechanism is %s",
    (mechanism) => {
      const bot = runningBot(homeWith([steadyLoad(500)]));
      bot.learnAll();
      bot.say(topics.public("market-info"), { ...marketInfo, mechanism });
      const sent = [1, 2, 3].flatMap((seq) => bot.tick(seq));
      expect([on(sent, "orders"), on(sent, "items")]).toEqual([[], []]);
      expect(on(sent, "meter").length).toBeGreaterThan(0);
    },
  );

  it("sends no more orders once the market has said that it takes none", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    for (const { requestId } of on(bot.tick(1), "orders")) {
      const { acceptedAt: _never, ...refused } = accepted(requestId, { status: "rejected" });
      bot.say(topics.private("home1", "replies"), { ...refused, code: "no-orders-in-pool", reason: "a pool" });
    }
    expect([2, 3, 4].flatMap((seq) => on(bot.tick(seq), "orders"))).toEqual([]);
  });

  it("answers a repeated tick by the same messages, and an older one not at all", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    bot.tick(1);
    const second = bot.tick(2);
    expect(second.length).toBeGreaterThan(1);
    expect(bot.tick(2)).toEqual(second);
    expect(bot.tick(1)).toEqual([]);
  });

  it("sends one reading for each period, when it has ended, also where a period has several ticks", () => {
    const bot = runningBot(homeWith([steadyLoad(500), steadySolar(200)]));
    bot.learnAll();
    const readings = Array.from({ length: 12 }, (_, index) => {
      const ts = isoUtc(startMs + (index * half) / 3);
      const sent = bot.tick(index + 1, { ts, rounds: 3, round: (index % 3) + 1 });
      bot.accept(sent);
      return on(sent, "meter");
    });
    expect(readings.map((of) => of.length)).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(readings[3]?.[0]).toMatchObject({
      period: isoUtc(startMs),
      importKwh: 0.3,
      exportKwh: 0,
      generationKwh: 0.2,
    });
  });

  it("sends a reading that nobody answered again, and does not count it in its ready", () => {
    const bot = runningBot(homeWith([steadyLoad(500), steadySolar(200)]));
    bot.learnAll();
    const sent = [1, 2, 3, 4, 5].map((seq) => bot.tick(seq));
    const ids = sent.map((of) => on(of, "meter").map(({ requestId }) => requestId));
    expect(ids).toEqual([[], ["2-1"], ["3-1"], ["4-1"], ["5-1", "2-1"]]);
    const fresh = sent[4]?.filter(({ message }) => JSON.stringify(message).includes('"requestId":"5-')) ?? [];
    expect(on(sent[4] ?? [], "ready")).toMatchObject([{ sent: fresh.length }]);
  });

  it("has no ready to give outside lockstep", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    expect(on(bot.tick(1, { mode: "scaled" }), "ready")).toEqual([]);
  });

  it("goes on with the next tick after a connection was lost, with the tick it had answered repeated", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    const first = bot.tick(1);
    bot.actor.send({ type: "DISCONNECTED" });
    expect(bot.tick(2)).toEqual([]);
    bot.actor.send({ type: "CONNECTED" });
    expect(bot.taken().slice(1)).toEqual(first);
    expect(on(bot.tick(3), "ready")).toHaveLength(1);
  });

  it("says that it goes when it is stopped", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    bot.actor.send({ type: "STOP" });
    expect(on(bot.taken(), "status")).toEqual([{ v: 1, status: "offline" }]);
    expect(bot.actor.getSnapshot().status).toBe("done");
  });
});

describe("a bot and its orders", () => {
  it("sends about one command a tick where nothing changes", () => {
    const bot = runningBot(homeWith([steadyLoad(500, 0.1), steadySolar(200, 0.3)]));
    bot.learnAll();
    let commands = 0;
    let replies: Sent[] = [];
    for (let seq = 1; seq <= 48; seq += 1) {
      for (const { message } of replies) {
        const { requestId } = { ...message } as { requestId?: string };
        bot.say(topics.private("home1", "replies"), accepted(requestId, { orderId: `o${requestId}`, version: 1 }));
      }
      const sent = bot.tick(seq).filter(({ topic }) => topic.endsWith("orders"));
      replies = sent;
      commands += sent.length;
    }
    expect(commands / 48).toBeLessThanOrEqual(1.5);
    expect(commands / 48).toBeGreaterThan(0.5);
  });

  it("with zero intelligence re-quotes each round by the version it knows", () => {
    const bot = runningBot(homeWith([steadyLoad(500)], { name: "zero-intelligence" }));
    bot.learnAll();
    const round = (seq: number) => bot.tick(seq, { ts: isoUtc(startMs + ((seq - 1) * half) / 3), rounds: 3 });
    const placed = on(round(1), "orders");
    for (const order of placed) {
      const { requestId } = order;
      bot.say(
        topics.private("home1", "replies"),
        accepted(requestId, { orderId: `o${String(requestId)}`, version: 1 }),
      );
    }
    const changed = on(round(3), "orders").filter(({ action }) => action === "modify");
    expect(changed.length).toBeGreaterThan(0);
    expect(changed[0]).toMatchObject({ expectedVersion: 1, energyKwh: 0.5 });
    expect(changed[0]?.pricePerKwh).not.toBe(placed[0]?.pricePerKwh);
  });

  it("does not try a period again that the market has shut", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    const [order] = on(bot.tick(1), "orders");
    const { requestId, period } = order ?? {};
    const rejection = { v: 1, ts: isoUtc(startMs), requestId, topic: "orders", status: "rejected" };
    bot.say(topics.private("home1", "replies"), { ...rejection, code: "unknown-period", reason: "not of this run" });
    const later = [2, 3, 4].flatMap((seq) => on(bot.tick(seq), "orders"));
    expect(later.filter((next) => next.period === period)).toEqual([]);
  });

  it("lists its surplus early and orders the cheapest fitting item of others", () => {
    const seller = runningBot(homeWith([steadySolar(800)], { usesList: true }));
    seller.learnAll();
    const [listed] = on(seller.tick(1), "items");
    expect(itemsCommand.parse(listed)).toMatchObject({ action: "list", side: "sell", energyKwh: 0.8 });

    const buyer = runningBot(homeWith([steadyLoad(500)], { usesList: true }));
    buyer.learnAll();
    const period = startMs + 6 * half;
    const item = { side: "sell", energyKwh: 2, minEnergyKwh: 0.1, sale: "fixed", owner: "p1", reliability: 1 };
    buyer.say(topics.publicPeriod("items", period), {
      v: 1,
      ts: isoUtc(startMs),
      n: 3,
      period: isoUtc(period),
      start: isoUtc(period),
      durationMinutes: 30,
      items: [
        { ...item, itemId: "i1", pricePerKwh: 0.12 },
        { ...item, itemId: "i2", pricePerKwh: 0.09 },
        { ...item, itemId: "i3", pricePerKwh: 0.3 },
      ],
    });
    const ordered = on(buyer.tick(1), "orders").filter((order) => order.period === isoUtc(period));
    expect(ordered).toMatchObject([{ action: "place", side: "buy", itemId: "i2", energyKwh: 0.5 }]);
    expect(Number(ordered[0]?.pricePerKwh)).toBeGreaterThanOrEqual(0.09);
  });
});

describe("a home where imbalance is settled in full", () => {
  it("notifies its expected position once, in the last tick before the gate, as a command of its own", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll({ imbalance: "full" });
    const sent = bot.tick(1);
    const positions = on(sent, "orders").filter(({ action }) => action === "notify");
    expect(positions).toEqual([
      {
        ...{ v: 1, requestId: expect.any(String), action: "notify" },
        ...{ period: isoUtc(startMs + 3 * half), energyKwh: -0.5 },
      },
    ]);
    for (const position of positions) ordersCommand.parse(position);
    expect(on(sent, "ready")).toMatchObject([{ sent: sent.length - 1 }]);
    const ids = sent.flatMap(({ message }) => ("requestId" in message ? [message.requestId] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(on(bot.tick(2), "orders").filter(({ action }) => action === "notify")).toMatchObject([
      { period: isoUtc(startMs + 4 * half) },
    ]);
  });

  it("notifies nothing where only promises count", () => {
    const bot = runningBot(homeWith([steadyLoad(500)]));
    bot.learnAll();
    expect(on(bot.tick(1), "orders").filter(({ action }) => action === "notify")).toEqual([]);
  });
});

describe("a home that is bound by contract", () => {
  const livedUnder = (energyKwh: number, devices: Parameters<typeof homeWith>[0], more: object = {}) => {
    const bot = runningBot(homeWith(devices));
    bot.learnAll();
    bot.say(topics.privatePeriod("home1", "contracts", startMs), contract(startMs, energyKwh, more));
    bot.tick(1);
    return { reading: on(bot.tick(2), "meter")[0], charge: batteryReport(bot.actor.getSnapshot()) };
  };

  it("gives from its battery what it sold and what its own deficit asks for", () => {
    const { reading, charge } = livedUnder(0.5, [steadyLoad(310), batteryOf(5000)]);
    expect(reading).toMatchObject({ importKwh: 0, exportKwh: 0.5, generationKwh: 0 });
    expect(charge).toMatchObject({ initialWh: 5000, socWh: 4100 });
  });

  it("stores the surplus that it did not sell", () => {
    const { reading, charge } = livedUnder(0.2, [steadySolar(1200), batteryOf(1000)]);
    expect(reading).toMatchObject({ exportKwh: 0.2, generationKwh: 1.2 });
    expect(charge.socWh).toBe(1900);
  });

  it("takes what it bought and never charges from the grid", () => {
    const { reading, charge } = livedUnder(-1, [steadyLoad(400), batteryOf(1000)]);
    expect(reading).toMatchObject({ importKwh: 0.4, exportKwh: 0 });
    expect(charge.socWh).toBe(1000);
  });

  it("curtails its panels to the operating limit", () => {
    const { reading } = livedUnder(1, [steadySolar(1200)], { maxExportKw: 1 });
    expect(reading).toMatchObject({ exportKwh: 0.5, generationKwh: 0.5 });
  });
});

describe("a run", () => {
  it("repeats exactly for the same seed", () => {
    const transcript = (): string => {
      const devices = [steadyLoad(500, 0.2), steadySolar(700, 0.4), batteryOf(2000)];
      const bot = runningBot(homeWith(devices, { name: "zero-intelligence" }));
      const lines: Sent[] = [...bot.learnAll()];
      for (let seq = 1; seq <= 60; seq += 1) lines.push(...bot.tick(seq));
      return JSON.stringify(lines);
    };
    expect(transcript()).toBe(transcript());
    expect(transcript().length).toBeGreaterThan(5000);
  });
});
