/** The auditors of payments, supply and batches: each sees what it is there to see, and is silent where nothing is wrong. */
import { describe, expect, it } from "vitest";
import type { JournalledRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Payment } from "../../../market/rules/payments.js";
import { micro } from "../../../shared/units.js";
import { gatewayId, type Setting, settingOf } from "../setting.js";
import { checkPacket } from "./model-batch.js";
import { modelCalendar } from "./model-calendar.js";
import { createDoor } from "./model-door.js";
import { createPaymentAuditor } from "./payment-auditor.js";
import { createSupplyAuditor } from "./supply-auditor.js";

type Told = readonly [JournalledRole, object];

function entryOf({ atMs = 0, event = null, facts = [], handedOver = [] }: Partial<JournalEntry>): JournalEntry {
  return { n: 1, atMs, event, reply: null, facts, handedOver, digest: "" };
}

const handed = (topic: string, message: object) => [
  { n: 1, topic: `elecbay/main/manage/${topic}`, message, receivers: [] },
];
const answer = (code?: string) => {
  const outcome = code === undefined ? { ok: true } : { ok: false, code, reason: "" };
  return { type: "answered", askId: "a", outcome };
};

describe("the auditor of payments", () => {
  const deposit: Payment = {
    paymentId: "p1",
    participant: "ann",
    kind: "deposit",
    amountMicro: micro(50),
    reference: null,
  };
  const payout: Payment = { ...deposit, paymentId: "p2", kind: "payout", amountMicro: micro(30) };
  const noted = (payment: Payment): Told => {
    const fact = { type: "payment", payment: { ...payment, state: "pending", notedAtMs: 0 } };
    return ["api", { event: { type: "PAY", payment }, facts: [fact, answer()] }];
  };
  const held = (payment: Payment, isHeld: boolean): Told => [
    "bidding",
    { handedOver: handed("payouts", { payouts: [{ paymentId: payment.paymentId, held: isHeld }] }) },
  ];
  const entry = ({ paymentId, kind, amountMicro }: Payment, number: number) => {
    const [debit, credit] = kind === "deposit" ? ["bank", "participant:ann"] : ["participant:ann", "bank"];
    return { type: "entry", entry: { entry: number, debit, credit, amountMicro, reason: `${kind} ${paymentId}` } };
  };
  const booked = (payment: Payment, number: number): Told => [
    "settlement",
    {
      facts: [entry(payment, number)],
      handedOver: handed("booked", { payments: [{ paymentId: payment.paymentId, outcome: "booked" }] }),
    },
  ];
  const refused = (payment: Payment): Told => [
    "settlement",
    { handedOver: handed("booked", { payments: [{ paymentId: payment.paymentId, outcome: "refused" }] }) },
  ];
  const ended = (payment: Payment, state: object): Told => [
    "api",
    { event: { type: "BOOKED" }, facts: [{ type: "payment", payment: { ...payment, ...state, notedAtMs: 0 } }] },
  ];
  function heard(...told: readonly Told[]): string | undefined {
    const auditor = createPaymentAuditor(["ann"], ["meter"]);
    for (const [role, one] of told) {
      const wrong = auditor.entry(role, entryOf(one));
      if (wrong !== undefined) return wrong;
    }
    return auditor.left() ?? (auditor.paidMicro("ann") === 20 ? undefined : `paid are ${auditor.paidMicro("ann")}`);
  }
  const spent = {
    ...{ type: "entry" },
    entry: { entry: 2, debit: "participant:ann", credit: "market", amountMicro: 40, reason: "trade" },
  };
  const inAndOut = [noted(deposit), booked(deposit, 1), ended(deposit, { state: "booked", entry: 1 }), noted(payout)];

  it("is content with money that comes in and goes out, each once and told as it was", () => {
    const out = [held(payout, true), booked(payout, 2), ended(payout, { state: "booked", entry: 2 })];
    expect(heard(...inAndOut, ...out)).toBeUndefined();
    expect(heard(...inAndOut)).toBe("p2 has no end");
  });

  it.each<[string, RegExp, Told[]]>([
    ["a payout booked twice", /p2 is booked twice/, [held(payout, true), booked(payout, 2), booked(payout, 3)]],
    ["a payout that nothing is held for", /bidding has not held it/, [held(payout, false), booked(payout, 2)]],
    ["a payment refused that could be paid", /could be paid/, [held(payout, true), refused(payout)]],
    ["a second end", /p1 has a second end/, [ended(deposit, { state: "refused", reason: "" })]],
    ["an end that is not settlement's", /settlement says/, [ended(payout, { state: "booked", entry: 2 })]],
    [
      "an id taken for another payment",
      /request-id-reused was to be answered/,
      [noted({ ...payout, amountMicro: micro(31) })],
    ],
    [
      "more paid out than there is",
      /money that is not there/,
      [held(payout, true), ["settlement", { facts: [spent] }], booked(payout, 3)],
    ],
  ])("sees %s", (_what, why, more) => {
    expect(heard(...inAndOut, ...more)).toMatch(why);
  });
});

describe("the auditor of supply", () => {
  const setting: Setting = { ...settingOf(1), mechanism: { ...settingOf(1).mechanism, kind: "auction" } as never };
  const [first, second] = modelCalendar(setting.terms.calendar).periods.map(({ periodMs }) => periodMs) as [
    number,
    number,
  ];
  const iso = (atMs: number): string => new Date(atMs).toISOString();
  const [base] = setting.supplier.tariffs;
  const offer = { supplier: "retail2", from: iso(second), importPerKwh: [0.2], exportPerKwh: [0.02] };
  const customer = { participant: "ann", supplier: "retail2", from: iso(second) };
  const asked: Told[] = [
    ["api", { event: { type: "OFFER", offer }, facts: [{ type: "offer", offer }, answer()] }],
    ["api", { event: { type: "ASSIGN", customer }, facts: [{ type: "customer", customer }, answer()] }],
  ];
  const told: Told[] = [
    [
      "supplier",
      {
        event: { type: "SUPPLY", message: { offers: [offer], customers: [customer] } },
        handedOver: handed("tariffs", {}),
      },
    ],
    ["settlement", { event: { type: "TARIFFS", message: { n: 1 } } }],
  ];
  const atBase = {
    participant: "ann",
    supplier: base?.supplier,
    importMicroPerKwh: 145_700,
    exportMicroPerKwh: 50_300,
  };
  const atOffer = { participant: "ann", supplier: "retail2", importMicroPerKwh: 200_000, exportMicroPerKwh: 20_000 };
  const settled = (periodMs: number, tariff: object): Told => [
    "settlement",
    { facts: [{ type: "settled", prices: { periodMs, tariffs: [tariff] } }] },
  ];
  function heard(...entries: readonly Told[]) {
    const auditor = createSupplyAuditor(setting);
    const wrong = entries.map(([role, one]) => auditor.entry(role, entryOf(one))).find((what) => what !== undefined);
    return { wrong, late: auditor.counts().late };
  }

  it("is content where a change holds from its period on, and not before", () => {
    const entries = [...asked, ...told, settled(first, atBase), settled(second, atOffer)];
    expect(heard(...entries)).toEqual({ wrong: undefined, late: 0 });
  });

  it("sees a change that comes too early, or not at all, and counts what could not be known", () => {
    expect(heard(...asked, ...told, settled(first, atOffer)).wrong).toMatch(/ann is settled at .* holds/);
    expect(heard(...asked, ...told, settled(second, atBase)).wrong).toMatch(/ann is settled at .* holds/);
    expect(heard(...asked, settled(second, atBase))).toEqual({ wrong: undefined, late: 1 });
  });

  it("sees a change that is taken for a period that has begun, or of an offer that nobody made", () => {
    const late: Told = ["api", { atMs: second, event: { type: "OFFER", offer }, facts: [answer()] }];
    expect(heard(late).wrong).toMatch(/period-begun was to be answered, not ok/);
    expect(heard(...asked.slice(1)).wrong).toMatch(/unknown-supplier was to be answered, not ok/);
  });
});

describe("the model of a batch", () => {
  const rules = { mostCommands: 9, windowMs: 1000, topics: ["items", "orders"] };
  const cancel = (requestId: string) => ({ v: 1, requestId, action: "cancel", orderId: "o1" });
  const entriesOf = (...ids: string[]) => ids.map((id) => ({ for: "ann", topic: "orders", command: cancel(id) }));
  const packet = (entries: readonly object[]) => {
    const payload = JSON.stringify({ v: 1, requestId: "b1", entries });
    return { sender: gatewayId, topic: "batch", bytes: payload.length, stampedAtMs: 0, payload };
  };
  const reply = (requestId: string, code: string) => ({ for: "ann", requestId, status: "rejected", code });
  const decide = () => () => ({ expected: { code: "unknown-order" }, heldUntilMs: 5000 });
  function room() {
    const door = createDoor();
    const member = { capacityWh: 1, creditLimitMicro: undefined };
    door.members.set("ann", { ...member, id: "ann", role: "prosumer", gateway: gatewayId });
    door.members.set("bob", { ...member, id: "bob", role: "prosumer" });
    door.members.set(gatewayId, { ...member, id: gatewayId, role: "gateway" });
    return (entries: readonly object[], replies: readonly object[]) =>
      checkPacket(door, rules, packet(entries), 0, { requestId: "b1", replies }, decide);
  }

  it("is content with one reply for each entry, and the same again", () => {
    const check = room();
    const replies = [reply("a1", "unknown-order"), reply("a2", "unknown-order")];
    expect(check(entriesOf("a1", "a2"), replies)).toBeUndefined();
    expect(check(entriesOf("a1", "a2"), replies)).toBeUndefined();
  });

  it("sees an entry that is left out, answered otherwise on repetition, or taken for a stranger", () => {
    const check = room();
    expect(check(entriesOf("a1", "a2"), [reply("a1", "unknown-order")])).toBe("2 entries have 1 replies");
    expect(room()(entriesOf("a1"), [reply("a1", "gate-closed")])).toMatch(/entry 1: unknown-order was to be expected/);
    expect(check(entriesOf("a1"), [reply("a1", "unknown-order")])).toBeUndefined();
    expect(check(entriesOf("a1"), [reply("a1", "gate-closed")])).toMatch(/entry 1: it was answered .* before/);
    const forBob = [{ for: "bob", topic: "orders", command: cancel("a1") }];
    expect(room()(forBob, [{ ...reply("a1", "unknown-order"), for: "bob" }])).toMatch(/not-owner was to be expected/);
  });

  it("sees other entries taken under the same id", () => {
    const check = room();
    expect(check(entriesOf("a1"), [reply("a1", "unknown-order")])).toBeUndefined();
    expect(check(entriesOf("a2"), [reply("a2", "unknown-order")])).toBe("its id stood for another batch");
  });
});
