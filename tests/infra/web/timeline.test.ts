/** What the dashboard knows, moment by moment. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { onlineKey, takeOnline } from "../../../infra/web/dashboard/model/online-count.js";
import { createTimeline } from "../../../infra/web/dashboard/model/timeline.js";

const price = (pricePerKwh: number) => ({ topic: "public/price", message: { pricePerKwh }, size: 20 });
const cleared = { topic: "public/price", message: null, size: 0 };
const roomy = { mostFrames: 100, mostChanges: 100, mostKeys: 100, mostSize: 1e6 };

function moments({ span }: ReturnType<typeof createTimeline>): number {
  return span.value.last - span.value.first + 1;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("the timeline", () => {
  it("shows what a topic said last, and nothing once it is cleared", () => {
    const timeline = createTimeline();
    const shown = timeline.value("public/price");
    timeline.take([price(1), price(2)], 10);
    expect(shown.value).toEqual({ pricePerKwh: 2 });
    expect(timeline.keys.value).toEqual(["public/price"]);
    timeline.take([cleared], 20);
    expect(shown.value).toBeUndefined();
    expect(timeline.keys.value).toEqual([]);
  });

  it("keeps the moment while it is paused, goes to any other in both directions, and back to live", () => {
    const timeline = createTimeline();
    const shown = timeline.value("public/price");
    timeline.take([price(1)], 10);
    timeline.pause();
    timeline.take([price(2)], 20);
    timeline.take([cleared], 30);
    timeline.take([price(4)], 40);
    expect(shown.value).toEqual({ pricePerKwh: 1 });
    timeline.goTo(3);
    expect(shown.value).toBeUndefined();
    timeline.goTo(2);
    expect(shown.value).toEqual({ pricePerKwh: 2 });
    expect(timeline.wallMsOf(2)).toBe(20);
    timeline.resume();
    expect(shown.value).toEqual({ pricePerKwh: 4 });
    expect(timeline.paused.value).toBeUndefined();
  });

  it("forgets the oldest moments, and takes along whoever looks at one of them", () => {
    const timeline = createTimeline({ ...roomy, mostFrames: 3 });
    const shown = timeline.value("public/price");
    timeline.take([price(1)], 1);
    timeline.pause();
    for (let at = 2; at <= 6; at += 1) timeline.take([price(at)], at);
    expect(timeline.span.value).toEqual({ first: 4, last: 6 });
    expect(shown.value).toEqual({ pricePerKwh: 3 });
    timeline.goTo(5);
    expect(shown.value).toEqual({ pricePerKwh: 5 });
    timeline.goTo(1);
    expect(shown.value).toEqual({ pricePerKwh: 4 });
  });

  it("is bounded by changes and by topics, too", () => {
    const timeline = createTimeline({ ...roomy, mostChanges: 5, mostKeys: 2 });
    const many = ["a", "b", "c"].map((name) => ({ topic: `public/results/${name}`, message: { name } }));
    for (let at = 0; at < 10; at += 1)
      timeline.take(
        many.map(({ topic }) => ({ topic, message: { at }, size: 8 })),
        at,
      );
    expect(timeline.keys.value).toHaveLength(2);
    expect(moments(timeline)).toBe(2);
  });

  it("is bounded by the size of what it holds: large messages leave fewer moments, and the last one stays", () => {
    const timeline = createTimeline({ ...roomy, mostSize: 1000 });
    const list = (size: number) => ({ topic: "public/items/a", message: { n: size, items: [] }, size });
    for (let at = 1; at <= 20; at += 1) timeline.take([list(200)], at);
    expect(moments(timeline)).toBe(5);
    timeline.take([list(5000)], 21);
    expect(moments(timeline)).toBe(1);
    expect(timeline.value<{ n: number }>("public/items/a").value?.n).toBe(5000);
    for (let at = 22; at <= 41; at += 1) timeline.take([list(200)], at);
    expect(moments(timeline)).toBe(5);
  });

  it("counts a long list in each moment that has a copy of it, however short the change was", () => {
    const timeline = createTimeline({ ...roomy, mostFrames: 1000, mostSize: 4000 });
    const reply = { topic: "private/bot1/replies", message: {}, size: 2 };
    for (let at = 1; at <= 400; at += 1) timeline.take([reply], at);
    expect(moments(timeline)).toBeLessThan(10);
  });

  it("holds nothing of a topic that nobody looks at any more", async () => {
    const timeline = createTimeline();
    timeline.take([price(1)], 10);
    const kept = timeline.value<{ pricePerKwh: number }>("public/price");
    const left = Array.from({ length: 10 }, (_, at) => new WeakRef(timeline.value(`public/results/${at}`)));
    const isGone = () => {
      collectGarbage();
      return left.every((signal) => signal.deref() === undefined);
    };
    await expect.poll(isGone).toBe(true);
    timeline.take([price(2)], 20);
    expect(kept.value).toEqual({ pricePerKwh: 2 });
    expect(timeline.value("public/price")).toBe(kept);
  });
});

describe("who is online, as the server answers", () => {
  const metrics = (count: number) => `# TYPE elecbay_participants_online gauge\nelecbay_participants_online ${count}\n`;

  it("is the number of the moment that is shown", () => {
    const timeline = createTimeline();
    const shown = timeline.value<{ count: number }>(onlineKey);
    takeOnline(timeline, metrics(10), 10);
    timeline.pause();
    takeOnline(timeline, metrics(11), 20);
    expect(shown.value?.count).toBe(10);
    timeline.goTo(2);
    expect(shown.value?.count).toBe(11);
    timeline.resume();
    takeOnline(timeline, metrics(9), 30);
    expect(shown.value?.count).toBe(9);
  });

  it("makes no moment of an answer that says nothing new, or nothing at all", () => {
    const timeline = createTimeline();
    for (const answer of [metrics(10), metrics(10), "", metrics(10)]) takeOnline(timeline, answer, 10);
    expect(timeline.span.value).toEqual({ first: 1, last: 1 });
    expect(timeline.value<{ count: number }>(onlineKey).value?.count).toBe(10);
  });
});

describe("the item list", () => {
  const item = { side: "sell", pricePerKwh: 0.1, minEnergyKwh: 0.1, sale: "fixed", owner: "p1", reliability: 1 };
  const list = (n: number, ...ids: string[]) => ({
    topic: "public/items/20160801-0030",
    message: { n, ts: "", items: ids.map((itemId) => ({ ...item, itemId, energyKwh: 1 })) },
    size: 200,
  });
  const delta = (n: number, itemId: string, energyKwh: number) => ({
    topic: "public/items-delta/20160801-0030",
    message: { ...item, v: 1, ts: "", n, period: "", itemId, energyKwh },
    size: 150,
  });
  const idsAfter = (...messages: Parameters<ReturnType<typeof createTimeline>["take"]>[0][number][]) => {
    const timeline = createTimeline();
    timeline.take(messages, 1);
    const known = timeline.value<{ items: { itemId: string; energyKwh: number }[] }>(
      "public/items/20160801-0030",
    ).value;
    return known?.items.map(({ itemId, energyKwh }) => [itemId, energyKwh]);
  };

  it("takes in what is new, what has changed and what is gone", () => {
    expect(idsAfter(list(1, "i1", "i2"), delta(2, "i3", 0.5), delta(3, "i1", 0), delta(4, "i2", 0.2))).toEqual([
      ["i2", 0.2],
      ["i3", 0.5],
    ]);
  });

  it("is true at its own number: a change that it tells already is not applied again", () => {
    expect(idsAfter(list(5, "i1"), delta(4, "i9", 1), delta(5, "i8", 1))).toEqual([["i1", 1]]);
  });

  it("is not there before the market has told it whole", () => {
    expect(idsAfter(delta(2, "i1", 1))).toBeUndefined();
  });
});

describe("what happens only once", () => {
  it("is kept in the order of its coming, and no more than 200 of it", () => {
    const timeline = createTimeline();
    const reply = (n: number) => ({ topic: "private/bot1/replies", message: { n }, size: 8 });
    for (let at = 1; at <= 150; at += 1) timeline.take([reply(2 * at - 1), reply(2 * at)], at);
    const kept = timeline.value<{ n: number }[]>("private/bot1/replies").value ?? [];
    expect(kept).toHaveLength(200);
    expect([kept[0]?.n, kept.at(-1)?.n]).toEqual([101, 300]);
  });
});
