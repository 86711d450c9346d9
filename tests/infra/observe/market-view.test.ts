import { beforeEach, describe, expect, it } from "vitest";
import {
  createMarketView,
  type MarketView,
  orderRate,
  seePublished,
  seeSent,
} from "../../../infra/observe/market-view.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";

const [results] = publicExamples.results;
const [price] = publicExamples.price;
let view: MarketView;
beforeEach(() => {
  view = createMarketView("main", "GBP");
});

const publish = (name: string, message: object | null): void => seePublished(view, `elecbay/main/${name}`, message);
const status = (id: string, how: string): void => seeSent(view, id, "status", `{"v":1,"status":"${how}"}`, 0);

describe("the view of a market", () => {
  it("keeps the last eight results, oldest first", () => {
    for (let cleared = 1; cleared <= 10; cleared += 1)
      publish("public/results/20160801-0200", { ...results, tradeCount: cleared });
    expect(view.results.map(({ tradeCount }) => tradeCount)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("counts the trades of every cleared period and the bills of every participant", () => {
    publish("public/price", { ...price, tradeCount: 4 });
    publish("public/price", { ...price, tradeCount: 3 });
    publish("private/h1/bills/20160801-0200", {});
    publish("private/h2/bills/20160801-0200", {});
    publish("private/h1/replies", {});
    expect([view.trades, view.bills]).toEqual([7, 2]);
  });

  it("takes no clearing of a retained topic for news, and nothing of another market", () => {
    publish("public/results/20160801-0200", null);
    publish("private/h1/bills/20160801-0200", null);
    seePublished(view, "elecbay/other/public/status", publicExamples.status[0]);
    expect([view.results, view.bills, view.status]).toEqual([[], 0, "starting"]);
  });

  it("knows who is online, each once", () => {
    for (const id of ["h1", "h2", "h1"]) status(id, "online");
    status("h2", "offline");
    status("h3", "offline");
    expect([...view.online]).toEqual(["h1"]);
  });

  it("counts orders and items, not readings, and forgets a rate's orders after ten seconds", () => {
    seeSent(view, "h1", "items", "{}", 1000);
    for (let order = 0; order < 19; order += 1) seeSent(view, "h1", "orders", "{}", 5000);
    seeSent(view, "h1", "meter", "{}", 5000);
    expect(view.orders).toBe(20);
    expect(orderRate(view, 5000)).toBe(2);
    expect(orderRate(view, 11_001)).toBe(1.9);
    expect(orderRate(view, 20_000)).toBe(0);
    expect(view.orders).toBe(20);
  });

  it("keeps the times of ten seconds alone, also where nobody asks for the rate", () => {
    for (let second = 0; second < 60; second += 1) seeSent(view, "h1", "orders", "{}", second * 1000);
    expect(view.orderTimes).toHaveLength(11);
    expect(view.orders).toBe(60);
  });
});
