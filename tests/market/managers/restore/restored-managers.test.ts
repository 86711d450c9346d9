import { describe, expect, it } from "vitest";
import { billSharing } from "../../../../market/rules/mechanisms/bill-sharing.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { membersMessage, packetOf } from "../recording-ports.js";
import { calendar, first, firstGateMs, firstMs, second, startMs, terms } from "../sample-terms.js";
import {
  type ManagerEvent,
  type ManagerInput,
  type ManagerRole,
  managerLife,
  type Said,
  type Setting,
} from "./manager-life.js";

const head = { v: 1, ts: isoUtc(startMs), n: 1 };
const heard = (atMs: number, event: object): ManagerInput => ({ atMs, event: event as ManagerEvent });
const members = heard(startMs, { type: "MEMBERS", message: membersMessage(terms.members) });
const onlyTime = (atMs: number): ManagerInput => ({ atMs, event: null });

const market = (changes: Partial<Setting> = {}): Setting => ({
  terms,
  mechanism: uniform,
  leastIntervalMs: 0,
  ...changes,
});

/** What a manager says to `last`, after `inputs`; and what one says that is restored in between, its clock at `restoredAtMs`. */
function bothAnswer(
  role: ManagerRole,
  setting: Setting,
  inputs: readonly ManagerInput[],
  last: ManagerInput,
  restoredAtMs?: number,
) {
  const life = managerLife(role, setting);
  for (const input of inputs) life.take(input);
  const restored = managerLife(role, setting, life.save(), restoredAtMs);
  return { whole: life.take(last), restored: restored.take(last) };
}

/** In the order of their telling: kinds of facts with their periods. */
const factsIn = (said: readonly Said[]) =>
  said.flatMap((one) => (one.kind === "fact" ? [one.value as { type: string; periodMs?: number }] : []));

describe("a restored manager", () => {
  it("works what is due at one instant as the one that was never stopped: the earlier period first, whenever its alarm was set", () => {
    const monthly = { ...calendar, periods: 2, monthStartsMs: [startMs - 31 * dayMs, startMs + 31 * dayMs] };
    const setting = market({ terms: { ...terms, calendar: monthly }, mechanism: billSharing });
    const tariffs = ["ann", "bob", "cat"].map((participant) => ({
      ...{ participant, supplier: "retail1", importPerKwh: [0.1457], exportPerKwh: [0.0503] },
    }));
    const prices = { from: isoUtc(startMs), stepMinutes: 30, systemBuyPerKwh: [0.1557], systemSellPerKwh: [0.0403] };
    const contracts = (period: string) => ({
      type: "CONTRACTS",
      message: { ...head, period, checked: false, trades: [], limits: [] },
    });
    const readings = ["ann", "bob", "cat"].map((participant) => ({
      ...{ participant, importKwh: 0.2, exportKwh: 0, generationKwh: 0, quality: "actual" },
    }));
    const metered = (period: string) => ({
      type: "METERED",
      message: { ...head, period, correction: false, readings },
    });
    const runEndMs = firstMs + hourMs;
    const meteredMs = runEndMs + hourMs;
    const inputs = [
      ...[members, heard(startMs, { type: "TARIFFS", message: { ...head, ...prices, tariffs } })],
      ...[heard(firstMs, contracts(second)), heard(meteredMs, metered(second)), heard(meteredMs, metered(first))],
      heard(meteredMs, contracts(first)), // so that the first period is settled after the second
    ];
    const { whole, restored } = bothAnswer("settlement", setting, inputs, onlyTime(runEndMs + dayMs));
    const billed = factsIn(whole).flatMap(({ type, periodMs }) => (type === "billed" ? [periodMs] : []));
    expect(billed).toEqual([firstMs, firstMs + 30 * minuteMs]);
    expect(restored).toEqual(whole);
  });

  it("tells what was to be told soon at the same instant, after what is due then", () => {
    const setting = market({ leastIntervalMs: 10 * minuteMs });
    const order = { v: 1, requestId: "a1", action: "place", side: "buy", energyKwh: 1, pricePerKwh: 0.1 };
    const packet = packetOf("ann", "orders", { ...order, period: second }, firstGateMs - 10 * minuteMs);
    const inputs = [members, onlyTime(packet.stampedAtMs - 1), heard(packet.stampedAtMs, { type: "COMMAND", packet })];
    const { whole, restored } = bothAnswer("bidding", setting, inputs, onlyTime(firstGateMs));
    expect(factsIn(whole).map(({ type }) => type)).toContain("cleared");
    const own = whole.findIndex((said) => said.kind === "publish" && said.topic.endsWith("private/ann/orders"));
    expect(own).toBeGreaterThan(whole.findIndex((said) => said.kind === "hand"));
    expect(restored).toEqual(whole);
  });

  it("rings late alarms in the order in which they were due, where it comes back long after", () => {
    const inputs = [members, onlyTime(firstGateMs - 1)];
    const lateMs = firstMs + 3 * hourMs;
    const { whole, restored } = bothAnswer("bidding", market(), inputs, onlyTime(lateMs), lateMs);
    const cleared = factsIn(whole).filter(({ type }) => type === "book");
    expect(cleared).toHaveLength(4);
    // Wording tells how late it is; what is done, and in which order, is the same.
    const done = (said: readonly Said[]) => said.map((one) => (one.kind === "publish" ? one.topic : one.kind));
    expect(done(restored)).toEqual(done(whole));
    expect(factsIn(restored)).toEqual(factsIn(whole));
  });

  it("says nothing by itself on coming back, and a supervisor announces nothing anew", () => {
    const life = managerLife("supervisor", market());
    const [announced] = life.take(onlyTime(startMs));
    expect(announced).toMatchObject({ kind: "publish", topic: "elecbay/main/public/market-info" });
    expect(managerLife("supervisor", market(), life.save()).take(onlyTime(startMs + hourMs))).toEqual([]);
  });
});
