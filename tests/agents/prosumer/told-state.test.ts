import { describe, expect, it } from "vitest";
import { status } from "../../../shared/messages/clock.js";
import { batteryOf, homeWith, on, runningBot, steadyLoad, steadySolar, topics } from "./sample-home.js";

function watched(bot: ReturnType<typeof runningBot>): Record<string, unknown>[] {
  const told: Record<string, unknown>[] = [];
  bot.actor.on("STATE", ({ topic, message, retain }) => {
    expect([topic, retain]).toEqual([topics.in("home1", "status"), true]);
    told.push({ ...status.parse(message) });
  });
  return told;
}

describe("what a bot tells the operator of itself", () => {
  it("is how it trades and how its battery stands, once for each period in which that changed", () => {
    const bot = runningBot(homeWith([steadyLoad(200), steadySolar(1200), batteryOf(4000)]));
    const told = watched(bot);
    bot.learnAll();
    bot.tick(1);
    bot.tick(2);
    bot.tick(2);
    expect(told).toMatchObject([
      { status: "online", strategy: "price-taker", capacityKwh: 10, storedKwh: 4, chargedKwh: 0, dischargedKwh: 0 },
      { storedKwh: 4.9, chargedKwh: 1, dischargedKwh: 0, period: "2016-08-01T08:00:00Z" },
    ]);
  });

  it("is said once where nothing changes, and again after the bot was away", () => {
    const bot = runningBot(homeWith([steadyLoad(200)]));
    const told = watched(bot);
    bot.learnAll();
    for (const seq of [1, 2, 3]) bot.tick(seq);
    expect(told).toEqual([{ v: 1, status: "online", strategy: "price-taker" }]);
    bot.actor.send({ type: "DISCONNECTED" });
    bot.learnAll();
    bot.tick(4);
    expect(told).toHaveLength(2);
  });

  it("is said a last time when it leaves, so that whoever looks later sees how it stood", () => {
    const bot = runningBot(homeWith([steadyLoad(200), steadySolar(1200), batteryOf(4000)]));
    const told = watched(bot);
    bot.learnAll();
    bot.tick(1);
    bot.actor.send({ type: "STOP" });
    expect(told.at(-1)).toMatchObject({ status: "offline", strategy: "price-taker", capacityKwh: 10, storedKwh: 4 });
  });

  it("is none of what it sends to the market", () => {
    const bot = runningBot(homeWith([steadyLoad(200), steadySolar(1200), batteryOf(4000)]));
    bot.learnAll();
    expect(on([...bot.tick(1), ...bot.tick(2)], "status")).toEqual([]);
  });
});
