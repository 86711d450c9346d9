/** What the dashboard knows, moment by moment. */
import { describe, expect, it } from "vitest";
import { createTimeline } from "../../../infra/web/dashboard/model/timeline.js";

const price = (pricePerKwh: number) => ({ topic: "public/price", message: { pricePerKwh } });
const cleared = { topic: "public/price", message: null };

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
    const timeline = createTimeline({ mostFrames: 3, mostChanges: 100, mostKeys: 100 });
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
    const timeline = createTimeline({ mostFrames: 100, mostChanges: 5, mostKeys: 2 });
    const many = ["a", "b", "c"].map((name) => ({ topic: `public/results/${name}`, message: { name } }));
    for (let at = 0; at < 10; at += 1)
      timeline.take(
        many.map(({ topic }) => ({ topic, message: { at } })),
        at,
      );
    expect(timeline.keys.value).toHaveLength(2);
    const { first, last } = timeline.span.value;
    expect(last - first + 1).toBe(2);
  });
});

describe("the item list", () => {
  const item = { side: "sell", pricePerKwh: 0.1, minEnergyKwh: 0.1, sale: "fixed", owner: "p1", reliability: 1 };
  const list = (n: number, ...ids: string[]) => ({
    topic: "public/items/20160801-0030",
    message: { n, ts: "", items: ids.map((itemId) => ({ ...item, itemId, energyKwh: 1 })) },
  });
  const delta = (n: number, itemId: string, energyKwh: number) => ({
    topic: "public/items-delta/20160801-0030",
    message: { ...item, v: 1, ts: "", n, period: "", itemId, energyKwh },
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
    const reply = (n: number) => ({ topic: "private/bot1/replies", message: { n } });
    for (let at = 1; at <= 150; at += 1) timeline.take([reply(2 * at - 1), reply(2 * at)], at);
    const kept = timeline.value<{ n: number }[]>("private/bot1/replies").value ?? [];
    expect(kept).toHaveLength(200);
    expect([kept[0]?.n, kept.at(-1)?.n]).toEqual([101, 300]);
  });
});
