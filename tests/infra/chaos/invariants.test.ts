import { describe, expect, it } from "vitest";
import { createInvariantWatch } from "../../../infra/chaos/invariants.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { micro, wh } from "../../../shared/units.js";
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
    return watch.report().flatMap(({ name, holds }) => (holds ? [] : [name]));
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
    expect(watch.report()[0]?.detail).toContain("1 lost in crashes");
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
});
