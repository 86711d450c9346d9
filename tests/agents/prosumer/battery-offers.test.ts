import { describe, expect, it } from "vitest";
import { batteryReport } from "../../../agents/prosumer/prosumer.machine.js";
import type { Device } from "../../../agents/prosumer/specification.js";
import { isoUtc } from "../../../shared/time.js";
import { batteryOf, half, homeWith, on, runningBot, startMs, steadyLoad, steadySolar, topics } from "./sample-home.js";

/** Sold energy per period against metered export, in a market that buys all that is offered. */
function soldAndDelivered(devices: readonly Device[], ticks: number) {
  const bot = runningBot(homeWith(devices));
  bot.learnAll();
  const ts = isoUtc(startMs);
  const standing = new Map<string, { period: number; energyKwh: number }>();
  const soldKwh = new Map<number, number>();
  const exportedKwh = new Map<number, number>();
  for (let seq = 1; seq <= ticks; seq += 1) {
    const nowMs = startMs + (seq - 1) * half;
    const contracts = new Map<number, number>();
    for (const [orderId, { period, energyKwh }] of standing) {
      if (period - 2 * half > nowMs) continue;
      contracts.set(period, (contracts.get(period) ?? 0) + energyKwh);
      standing.delete(orderId);
    }
    for (const [period, energyKwh] of contracts) {
      soldKwh.set(period, energyKwh);
      const terms = { value: 0, maxImportKw: 20, maxExportKw: 20, orders: [] };
      const message = { v: 1, ts, period: isoUtc(period), energyKwh: Math.round(energyKwh * 1000) / 1000, ...terms };
      bot.say(topics.privatePeriod("home1", "contracts", period), message);
    }
    const sent = bot.tick(seq);
    for (const { period, exportKwh } of on(sent, "meter")) {
      exportedKwh.set(Date.parse(String(period)), Number(exportKwh));
    }
    for (const { requestId, action, orderId, side, period, energyKwh } of on(sent, "orders")) {
      const id = String(orderId ?? `o${String(requestId)}`);
      const known = standing.get(id);
      if (action === "cancel") standing.delete(id);
      else if (side === "sell") standing.set(id, { period: Date.parse(String(period)), energyKwh: Number(energyKwh) });
      else if (known !== undefined) standing.set(id, { ...known, energyKwh: Number(energyKwh) });
      const reply = { v: 1, ts, requestId, topic: "orders", status: "accepted", acceptedAt: ts };
      bot.say(topics.private("home1", "replies"), { ...reply, orderId: id, version: 1 });
    }
  }
  return { soldKwh, exportedKwh, charge: batteryReport(bot.actor.getSnapshot()) };
}

describe("a battery home in a market that buys all it offers", () => {
  it("sells its store once and delivers every contract", () => {
    const { soldKwh, exportedKwh, charge } = soldAndDelivered([batteryOf(6000)], 40);
    const totalKwh = [...soldKwh.values()].reduce((sum, energyKwh) => sum + energyKwh, 0);
    expect(totalKwh).toBeGreaterThan(4);
    expect(totalKwh).toBeLessThanOrEqual(5.4);
    for (const [period, energyKwh] of soldKwh) expect(exportedKwh.get(period)).toBeCloseTo(energyKwh, 9);
    expect(charge.socWh).toBeGreaterThanOrEqual(1000);
  });

  it("still covers its own load out of what it kept", () => {
    const devices = [steadyLoad(100), batteryOf(9000, 10_000)];
    const { soldKwh, exportedKwh } = soldAndDelivered(devices, 48);
    expect(soldKwh.size).toBeGreaterThan(0);
    for (const [period, energyKwh] of soldKwh) expect(exportedKwh.get(period)).toBeCloseTo(energyKwh, 9);
  });

  it("sells surplus only when its store is full", () => {
    const { soldKwh, exportedKwh, charge } = soldAndDelivered([steadySolar(1000), batteryOf(8000)], 48);
    expect(soldKwh.size).toBeGreaterThan(30);
    for (const [period, energyKwh] of soldKwh) {
      if (exportedKwh.has(period)) expect(exportedKwh.get(period)).toBeGreaterThanOrEqual(energyKwh - 1e-9);
    }
    expect(charge.socWh).toBeGreaterThan(8000);
  });
});
