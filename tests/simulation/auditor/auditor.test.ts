/** The auditor's parts one by one: each sees what it is there to see, and is silent where nothing is wrong. */
import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import { sha256 } from "../../../infra/main/secrets.js";
import type { Bill, Fact, LedgerEntry, Trade } from "../../../market/facts.js";
import { makeBill } from "../../../market/rules/bill.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { naiveBook, naivePlace } from "../../market/rules/naive/naive-book.js";
import { settingOf } from "../setting.js";
import { createHandoverAuditor } from "./handover-auditor.js";
import { checkPacket } from "./model-batch.js";
import { createDoor } from "./model-door.js";
import { checkHanded, checkTrades } from "./model-trades.js";
import { createMoneyAuditor } from "./money-auditor.js";
import { createReplyAuditor } from "./reply-auditor.js";
import { readRequest } from "./requests.js";

const periodMs = Date.UTC(2016, 7, 1, 2);

function entryOf(facts: readonly Fact[] = [], more: Partial<JournalEntry> = {}): JournalEntry {
  return { n: 1, atMs: periodMs, event: null, reply: null, facts, handedOver: [], digest: "", ...more };
}

function ledgerEntry(entry: number, debit: string, credit: string, amount = 5): Fact {
  const booked: LedgerEntry = { entry, periodMs, debit, credit, amountMicro: micro(amount), reason: "trade" };
  return { type: "entry", entry: booked };
}

const line = { kind: "trade", energyWh: wh(10), priceMicroPerKwh: microPerKwh(500), amountMicro: micro(5) } as const;

function billOf(billId: string, change: Partial<Bill> = {}): Fact {
  const parts = { billId, periodMs, participant: "bob", contractedWh: wh(10), meteredWh: wh(10), lines: [line] };
  return { type: "bill", bill: { ...makeBill({ ...parts, previous: "", digest: sha256 }), ...change } };
}

describe("the auditor of money", () => {
  const rules = { participants: new Map(), periods: [periodMs], digest: sha256, paidMicro: () => 0 };
  const said = (...facts: Fact[]) => createMoneyAuditor(rules).entry(entryOf(facts));
  const pays = ledgerEntry(1, "participant:ann", "participant:bob");

  it("is content with entries of two sides and a bill that equals its lines", () => {
    expect(said(pays, billOf("b1"), { type: "billed", periodMs })).toBeUndefined();
  });

  it.each<[string, RegExp, Fact[]]>([
    ["an entry of one side", /not two sides/, [ledgerEntry(1, "participant:ann", "participant:ann")]],
    ["an entry to nobody", /not two sides/, [ledgerEntry(1, "participant:ann", "")]],
    ["an entry that moves nothing", /moves 0/, [ledgerEntry(1, "market", "dso", 0)]],
    ["a gap in the ledger", /follows entry 1/, [pays, ledgerEntry(3, "market", "dso")]],
    ["an account left open", /balancing is left with 5/, [ledgerEntry(1, "participant:ann", "balancing")]],
    ["a bill that is not its lines", /lines sum to 5/, [billOf("b1", { totalMicro: micro(6) })]],
    ["a bill of another hash", /another hash/, [billOf("b1", { hash: "00" })]],
    ["a bill that follows none", /does not follow/, [billOf("b1"), billOf("b2")]],
    ["a bill sent twice", /sent twice/, [billOf("b1"), billOf("b1")]],
    [
      "a period billed twice",
      /billed twice/,
      [
        { type: "billed", periodMs },
        { type: "billed", periodMs },
      ],
    ],
  ])("sees %s", (_what, why, facts) => {
    expect(said(...facts)).toMatch(why);
  });

  it("sees at the end whoever was booked otherwise than billed", () => {
    const auditor = createMoneyAuditor(rules);
    auditor.entry(entryOf([ledgerEntry(1, "participant:bob", "participant:bob2", 7), billOf("b1")]));
    expect(auditor.atEnd()).toMatch(/bob is billed 5 with its payments, booked are -7/);
  });
});

describe("the auditor of hand-overs", () => {
  const message = (n: number, more: object = {}) => ({ v: 1, n, ...more });
  const handing = (n: number) =>
    entryOf([], { handedOver: [{ n, topic: "t", message: message(n), receivers: ["settlement"] }] });
  const taking = (n: number, more: object = {}) =>
    entryOf([], { event: { type: "METERED", sender: "exchange", message: message(n, more) } as never });
  function heard(...told: ["exchange" | "settlement" | "bidding", JournalEntry][]): string | undefined {
    const auditor = createHandoverAuditor();
    for (const [role, entry] of told) {
      const wrong = auditor.entry(role, entry);
      if (wrong !== undefined) return wrong;
    }
    return auditor.left();
  }

  it("is content when each is taken once, and tells what is left", () => {
    expect(heard(["exchange", handing(1)], ["settlement", taking(1)])).toBeUndefined();
    expect(heard(["exchange", handing(1)])).toBe("hand-over 1 of exchange was not taken by settlement");
  });

  it("sees one that is taken twice, unsent, otherwise, by others, too early, or left out", () => {
    const first: ["exchange", JournalEntry] = ["exchange", handing(1)];
    expect(heard(first, ["settlement", taking(1)], ["settlement", taking(1)])).toMatch(/a second time/);
    expect(heard(["settlement", taking(1)])).toMatch(/in no journal/);
    expect(heard(first, ["settlement", taking(1, { period: "x" })])).toMatch(/otherwise than it was sent/);
    expect(heard(first, ["bidding", taking(1)])).toMatch(/for others/);
    expect(heard(first, ["settlement", taking(1, { previous: 7 })])).toMatch(/before hand-over 7/);
    expect(heard(["exchange", handing(2)])).toMatch(/follows hand-over 0/);
  });
});

const packet = { sender: "ann", topic: "orders", bytes: 50, stampedAtMs: periodMs };
const cancel = JSON.stringify({ v: 1, requestId: "a1", action: "cancel", orderId: "o1" });

describe("the auditor of replies", () => {
  const reply = { v: 1, requestId: "a1", topic: "orders", status: "accepted" };

  it("believes what is in a journal, and a market that says it is closed; nothing else", () => {
    const auditor = createReplyAuditor();
    expect(auditor.heard("ann", JSON.stringify(reply))).toMatch(/not asked/);
    auditor.sent("ann", { topic: "orders", requestId: "a1", payload: cancel });
    expect(auditor.heard("ann", JSON.stringify({ ...reply, code: "market-closed" }))).toBeUndefined();
    expect(auditor.heard("ann", JSON.stringify(reply))).toMatch(/in no journal/);
    auditor.appended(
      entryOf([], { event: { type: "COMMAND", packet: { ...packet, payload: cancel } } as never, reply }),
    );
    expect(auditor.heard("ann", JSON.stringify(reply))).toBeUndefined();
  });
});

describe("the model of the door", () => {
  const rules = { mostCommands: 2, windowMs: 1000, topics: ["items", "orders"] };
  const rejected = (code: string) => ({ requestId: "a1", topic: "orders", status: "rejected", code });
  const decide = () => ({ expected: { code: "unknown-order" }, heldUntilMs: periodMs + 1000 });
  const told = (payload: string, atMs = periodMs) => ({ ...packet, payload, stampedAtMs: atMs });

  it("expects the first code that applies, and the same answer again until it may be forgotten", () => {
    const door = createDoor();
    const check = (code: string, payload = cancel, atMs = periodMs) =>
      checkPacket(door, rules, told(payload, atMs), atMs, rejected(code), () => decide);
    expect(check("unknown-order")).toMatch(/market-closed was to be expected/);
    door.members.set("bob", { id: "bob", role: "prosumer", capacityWh: 1, creditLimitMicro: undefined });
    expect(check("unknown-order")).toMatch(/not-registered was to be expected/);
    door.members.set("ann", { id: "ann", role: "prosumer", capacityWh: 1, creditLimitMicro: undefined });
    expect(check("bad-message")).toMatch(/unknown-order was to be expected/);
    door.answers.clear();
    expect(check("unknown-order")).toBeUndefined();
    expect(check("unknown-order")).toBeUndefined();
    expect(check("gate-closed")).toMatch(/it was answered .* before/);
    expect(check("request-id-reused", cancel.replace("o1", "o2"))).toBeUndefined();
    expect(check("unknown-order", cancel.replace("o1", "o2"))).toMatch(/stood for another/);
    expect(check("rate-limited", cancel, periodMs + 1)).toMatch(/it was answered/);
    expect(checkPacket(door, rules, told(cancel), periodMs, null, () => decide)).toBe("it has no reply");
  });
});

describe("the reader of requests", () => {
  const order = { v: 1, requestId: "a1", action: "place", period: "2016-08-01T02:00:00Z", side: "buy" };
  const place = { ...order, energyKwh: 0.5, pricePerKwh: 0.1 };
  const read = (message: unknown, bytes = 100) => readRequest("orders", JSON.stringify(message), bytes);

  it("takes what the contract takes, whatever the order of the fields", () => {
    const { v, ...rest } = place;
    expect(read({ ...place, energyKwh: 0.1 + 0.2 }).ok).toBe(true);
    expect(read({ ...rest, v, ts: "now" })).toMatchObject({
      ok: true,
      content: (read(place) as { content: string }).content,
    });
  });

  it.each<[string, object]>([
    ["a field too many", { colour: "green" }],
    ["a decimal too many", { energyKwh: 0.0001 }],
    ["negative energy", { energyKwh: -1 }],
    ["a date that is none", { period: "2016-02-30T02:00:00Z" }],
    ["another version", { v: 2 }],
  ])("refuses %s", (_what, change) => {
    expect(read({ ...place, ...change })).toEqual({ ok: false, requestId: "a1" });
  });

  it("reads no id where there is none, or too much", () => {
    expect(read([])).toEqual({ ok: false, requestId: null });
    expect(read({ ...place, requestId: "a b" })).toEqual({ ok: false, requestId: null });
    expect(read(place, 5000)).toEqual({ ok: false, requestId: null });
  });
});

describe("the check of a gate", () => {
  const book = naiveBook(settingOf(1).terms.bidding);
  const offer = { energy: 100, auction: true, arrival: 1, acceptedAtMs: 0, capacity: 1000, on: undefined };
  naivePlace(book, { ...offer, id: "o1", participant: "ann", side: "buy", price: 120 });
  naivePlace(book, { ...offer, id: "o2", participant: "bob", side: "sell", price: 80 });
  const trade: Trade = {
    ...{ buyer: "ann", seller: "bob", buyOrder: "o1", sellOrder: "o2", mechanism: "uniform" },
    ...{ energyWh: wh(60), priceMicroPerKwh: microPerKwh(100) },
  };
  const fates = (energyWh: number): Fact[] =>
    ["o1", "o2"].map((orderId) => ({ type: "fate", periodMs, fate: { orderId, tradedWh: energyWh } as never }));
  const contracts = (sold: number): Fact[] =>
    [["ann", -60] as const, ["bob", sold] as const].map(([participant, energyWh]) => ({
      ...{ type: "contract", periodMs, participant, energyWh: wh(energyWh), valueMicro: micro(0) },
    }));

  it("is content with trades within limits, a fate for each order, and contracts that sum to nothing", () => {
    expect(checkTrades(book, [trade], [...fates(60), ...contracts(60)])).toBeUndefined();
  });

  it("sees an order over-filled, beyond its limit, without a fate, and energy sold that nobody bought", () => {
    expect(checkTrades(book, [{ ...trade, energyWh: wh(101) }], [])).toBe("o1 trades 101 Wh of 100 Wh");
    expect(checkTrades(book, [{ ...trade, priceMicroPerKwh: microPerKwh(121) }], [])).toMatch(/more than its limit/);
    expect(checkTrades(book, [{ ...trade, priceMicroPerKwh: microPerKwh(79) }], [])).toMatch(/less than its limit/);
    expect(checkTrades(book, [{ ...trade, buyOrder: "o9" }], [])).toMatch(/nobody placed/);
    expect(checkTrades(book, [trade], fates(60).slice(1))).toBe("o1 is told no fate");
    expect(checkTrades(book, [trade], [...fates(59), ...contracts(60)])).toBe("o1 is told 59 Wh");
    expect(checkTrades(book, [trade], [...fates(60), ...contracts(61)])).toBe("bob has a contract of 61 Wh");
  });

  it("sees contracts that the DSO's word made larger, or did not make smaller", () => {
    const less = { ...trade, energyWh: wh(50) };
    expect(checkHanded([trade], undefined, [trade], [])).toBeUndefined();
    expect(checkHanded([trade], undefined, [less], [])).toMatch(/other contracts/);
    expect(checkHanded([trade], [trade], [less], [{ orderId: "o1", cutKwh: 0.01 }])).toBeUndefined();
    expect(checkHanded([trade], [trade], [less], [{ orderId: "o1", cutKwh: 0.02 }])).toBe(
      "o1 was cut to 40 Wh and has 50 Wh",
    );
    expect(checkHanded([trade], [less], [trade], [])).toBe("o1 has 60 Wh after the DSO's cuts, 50 Wh before");
  });
});
