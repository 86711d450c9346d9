import { describe, expect, it } from "vitest";
import { createInvariantWatch } from "../../../infra/chaos/invariants.js";
import type { Fact } from "../../../market/facts.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { terms } from "../../market/managers/sample-terms.js";

const topics = topicsOf("main");
const { calendar } = terms;
const periodMs = Math.ceil(calendar.startMs / (30 * minuteMs)) * 30 * minuteMs + 20 * 30 * minuteMs;
const gateMs = periodMs - calendar.gateMinutes * minuteMs;

function watching() {
  const watch = createInvariantWatch("main", calendar);
  const reply = (requestId: string | null, more: object) =>
    watch.published(topics.private("ann", "replies"), { v: 1, requestId, topic: "orders", ...more });
  const accept = (requestId: string, orderId: string, acceptedMs = gateMs - minuteMs) =>
    reply(requestId, {
      ...{ status: "accepted", orderId, version: 1 },
      ...{ period: isoUtc(periodMs), acceptedAt: isoUtc(acceptedMs) },
    });
  const broken = (): string[] => {
    watch.checkReplies();
    return watch.report(false).flatMap(({ name, holds }) => (holds ? [] : [name]));
  };
  return { watch, reply, accept, broken };
}

describe("the watch over a market's invariants", () => {
  it("finds nothing where each command has its reply, the absent's notice aside", () => {
    const { watch, reply, accept, broken } = watching();
    watch.commanded("orders");
    accept("r1", "o1");
    reply(null, { topic: "ready", status: "rejected", code: "absent" });
    expect(broken()).toEqual([]);
  });

  it("misses a reply, and sees one too many", () => {
    const { watch, accept, broken } = watching();
    watch.commanded("orders");
    expect(broken()).toEqual(["every command has one reply"]);
    accept("r1", "o1");
    expect(broken()).toEqual([]);
    accept("r1", "o1");
    expect(broken()).toEqual(["every command has one reply"]);
  });

  it("does not set off one manager's missing reply against another's too many", () => {
    const { watch, reply, broken } = watching();
    watch.commanded("orders");
    reply("m1", { topic: "meter", status: "rejected", code: "not-open-yet" });
    expect(broken()).toEqual(["every command has one reply"]);
  });

  it("asks no reply for what a crash took", () => {
    const { watch, broken } = watching();
    watch.commanded("orders");
    watch.killed("bidding");
    expect(broken()).toEqual([]);
    expect(watch.report(false)[0]?.detail).toContain("1 lost in crashes");
  });

  it("finds a command that was answered in two ways, but not one that was refused for the moment", () => {
    const { watch, reply, accept, broken } = watching();
    for (let n = 0; n < 3; n += 1) watch.commanded("orders");
    reply("r1", { status: "rejected", code: "market-closed" });
    accept("r1", "o1");
    accept("r1", "o1");
    expect(broken()).toEqual([]);
    watch.commanded("orders");
    accept("r1", "o2");
    expect(broken()).toEqual(["a repeated command has one effect"]);
  });

  it("finds what is accepted at the gate", () => {
    const { watch, accept, broken } = watching();
    watch.commanded("orders");
    accept("r1", "o1", gateMs);
    expect(broken()).toEqual(["nothing is accepted after its gate"]);
  });

  it("finds an entry that no bill tells of", () => {
    const { watch, broken } = watching();
    const entry = { entry: 1, periodMs, debit: "participant:ann", credit: "market", reason: "trade" } as const;
    watch.recorded({ type: "cleared", price: { periodMs, priceMicroPerKwh: null, volumeWh: wh(0) } });
    watch.recorded({ type: "entry", entry: { ...entry, amountMicro: micro(5) } });
    expect(broken()).toEqual([]);
    watch.recorded({ type: "billed", periodMs });
    expect(broken()).toEqual(["money sums to 0"]);
  });

  describe("of a period that is billed", () => {
    const reading = (importWh: number, correction = false): Fact => ({
      type: "metered",
      periodMs,
      correction,
      reading: { participant: "ann", importWh: wh(importWh), exportWh: wh(0), generationWh: wh(0), quality: "actual" },
    });
    const bill = (energyWh: number): Fact => {
      const line = {
        kind: "supply",
        energyWh: wh(energyWh),
        priceMicroPerKwh: microPerKwh(0),
        amountMicro: micro(0),
      } as const;
      const figures = { contractedWh: wh(0), meteredWh: wh(energyWh), totalMicro: micro(0), lines: [line] };
      return {
        type: "bill",
        bill: { billId: "b1", periodMs, participant: "ann", ...figures, previous: "", hash: "" },
      };
    };

    function billedWith(...facts: Fact[]) {
      const { watch, broken } = watching();
      watch.recorded({ type: "cleared", price: { periodMs, priceMicroPerKwh: null, volumeWh: wh(0) } });
      for (const fact of facts) watch.recorded(fact);
      watch.recorded({ type: "billed", periodMs });
      return { watch, broken };
    }

    it("finds energy that was billed and not metered", () => {
      expect(billedWith(reading(500), bill(-500)).broken()).toEqual([]);
      expect(billedWith(reading(500), bill(-400)).broken()).toEqual(["energy sold is energy bought"]);
    });

    it("lets a corrected reading be on its way to its bill, but not for ever", () => {
      const { watch, broken } = billedWith(reading(500), reading(700, true), bill(-500));
      expect(broken()).toEqual([]);
      expect(watch.report(true).filter(({ holds }) => !holds)).toMatchObject([
        { detail: "0 Wh, 1 corrected readings not billed yet" },
      ]);
      watch.recorded(bill(-200));
      expect(watch.report(true).filter(({ holds }) => !holds)).toEqual([]);
      watch.recorded(reading(900, true));
      watch.recorded(bill(-100));
      expect(broken()).toEqual(["energy sold is energy bought"]);
    });
  });
});
