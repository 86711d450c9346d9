import { describe, expect, it } from "vitest";
import { filtersOf, inTopics, sentTo, topicParts, topicsOf } from "../../shared/topics.js";

const topics = topicsOf("main");
const filters = filtersOf("main");
const periodMs = Date.UTC(2016, 7, 1, 0, 30);

describe("a topic", () => {
  it("is built as the contract writes it", () => {
    expect(topics.public("market-info")).toBe(`${topics.prefix}/public/market-info`);
    expect(topics.publicPeriod("items-delta", periodMs)).toBe(`${topics.prefix}/public/items-delta/20160801-0030`);
    expect(topics.in("h1", "orders")).toBe(`${topics.prefix}/in/h1/orders`);
    expect(topics.private("h1", "replies")).toBe(`${topics.prefix}/private/h1/replies`);
    expect(topics.privatePeriod("h1", "bills", periodMs)).toBe(`${topics.prefix}/private/h1/bills/20160801-0030`);
    expect(topics.manage("members")).toBe(`${topics.prefix}/manage/members`);
    expect(topics.managePeriod("metered", periodMs)).toBe(`${topics.prefix}/manage/metered/20160801-0030`);
    expect(topics.manageRole("ack", "bidding")).toBe(`${topics.prefix}/manage/ack/bidding`);
    expect(topics.prefix.split("/")).toEqual(["elecbay", "main"]);
  });

  it("uses no level outside a-z, 0-9, _ and -", () => {
    const built = [topics.publicPeriod("results", periodMs), ...inTopics.map((name) => topics.in("p_1-x", name))];
    for (const topic of built) expect(topic).toMatch(/^[a-z0-9_-]+(\/[a-z0-9_-]+)*$/);
  });

  it("is taken apart into its area and levels", () => {
    expect(topicParts("main", topics.publicPeriod("items", periodMs))).toEqual({
      area: "public",
      levels: ["items", "20160801-0030"],
    });
  });

  it("of another market, of none, or cut short is not taken", () => {
    expect(topicParts("main", topicsOf("other").public("clock"))).toBeUndefined();
    expect(topicParts("main", topics.prefix)).toBeUndefined();
    expect(topicParts("main", `${topics.prefix}/public`)).toBeUndefined();
    expect(topicParts("main", topics.public("clock").replace("elecbay", "sys"))).toBeUndefined();
  });

  it("tells who sent a command, and that alone", () => {
    expect(sentTo("main", topics.in("h1", "orders"))).toEqual({ id: "h1", name: "orders" });
    expect(sentTo("main", `${topics.in("h1", "orders")}/more`)).toBeUndefined();
    expect(sentTo("main", `${topics.prefix}/in/h1`)).toBeUndefined();
    expect(sentTo("main", topics.private("h1", "orders"))).toBeUndefined();
    expect(sentTo("other", topics.in("h1", "orders"))).toBeUndefined();
  });
});

describe("a subscription", () => {
  const matches = (filter: string, topic: string) => {
    const pattern = filter.replace(/\/#$/, "(/.*)?").replaceAll("+", "[^/]+");
    return new RegExp(`^${pattern}$`).test(topic);
  };

  it("covers its own area of its own market and no other", () => {
    expect(matches(filters.everythingPublic, topics.publicPeriod("book", periodMs))).toBe(true);
    expect(matches(filters.everythingPublic, topics.private("h1", "replies"))).toBe(false);
    expect(matches(filters.everythingIn, topics.in("h1", "ready"))).toBe(true);
    expect(matches(filters.everythingManaged, topics.managePeriod("check", periodMs))).toBe(true);
    expect(matches(filters.wholeMarket, topics.private("h1", "replies"))).toBe(true);
    expect(matches(filters.wholeMarket, topicsOf("other").public("clock"))).toBe(false);
    expect(matches(filters.publicPeriods("items"), topics.publicPeriod("items", periodMs))).toBe(true);
    expect(matches(filters.publicPeriods("items"), topics.publicPeriod("items-delta", periodMs))).toBe(false);
  });

  it("to what is private names one participant, not its namesakes", () => {
    expect(matches(filters.ownPrivate("h1"), topics.privatePeriod("h1", "bills", periodMs))).toBe(true);
    expect(matches(filters.ownPrivate("h1"), topics.private("h10", "replies"))).toBe(false);
  });
});
